"""Dependencies that are added at the same instant: together they are no cycle either."""

from functools import partial

import pytest

from tasks.actors import Actor
from tasks.exceptions import DependencyCycle, TaskNotFound
from tasks.models import DependencyTurn, HistoryEntry, TaskDependency, TaskNote, TaskPin
from tasks.services.dependencies import add_dependency, remove_dependency
from tasks.services.notes import set_note
from tasks.services.pins import pin_task
from tasks.services.tasks import delete_task, update_task
from tasks.testing import make_dependency, make_project, make_task, make_user
from tests.concurrency.conftest import unless_mariadb_ends_it

pytestmark = pytest.mark.server
ROUNDS = 20
ME = Actor()


def adding(blocker, task):
    """A call that adds a dependency, and tells whether it was refused."""

    def call():
        try:
            add_dependency(actor=ME, task_id=task.pk, blocker_id=blocker.pk)
        except DependencyCycle:
            return "cycle"
        except TaskNotFound:
            return "gone"
        return "added"

    return partial(unless_mariadb_ends_it, call)


@pytest.mark.parametrize("number", [2, 3, 8])
def test_adds_that_would_close_a_circle_leave_it_open_at_one_place(together, number):
    """Also where no two of them have a task in common: every other dependency is there already."""
    project = make_project()
    for _ in range(ROUNDS):
        ring = [make_task(project=project) for _ in range(2 * number)]
        TaskDependency.objects.all().delete()
        for place in range(0, 2 * number, 2):
            make_dependency(ring[place + 1], ring[place])
        gaps = [(ring[place], ring[(place + 1) % len(ring)]) for place in range(1, 2 * number, 2)]
        outcomes = together(*(adding(blocker, task) for blocker, task in gaps))
        assert sorted(outcomes) == ["added"] * (number - 1) + ["cycle"]
        assert TaskDependency.objects.count() == 2 * number - 1


def test_one_and_its_reverse_at_once_are_one(together):
    project = make_project()
    for _ in range(ROUNDS):
        one, other = (make_task(project=project) for _ in range(2))
        outcomes = together(adding(one, other), adding(other, one))
        assert sorted(outcomes) == ["added", "cycle"]


def test_the_same_added_by_all_at_once_is_there_once(together):
    project = make_project()
    for _ in range(ROUNDS):
        one, other = (make_task(project=project) for _ in range(2))
        DependencyTurn.objects.all().delete()
        assert together(*[adding(one, other)] * 8) == ["added"] * 8
        assert TaskDependency.objects.filter(blocker=one, blocked=other).count() == 1
        entries = HistoryEntry.objects.filter(verb="dependency_added", subject_id=other.pk)
        assert entries.count() == 1


def test_first_adds_of_all_find_their_turn(together):
    project = make_project()
    for _ in range(ROUNDS):
        tasks = [make_task(project=project) for _ in range(16)]
        DependencyTurn.objects.all().delete()
        outcomes = together(*(adding(tasks[place], tasks[place + 1]) for place in range(0, 16, 2)))
        assert outcomes == ["added"] * 8
        assert DependencyTurn.objects.get().number == 8


def test_add_while_either_task_is_deleted_or_changed_answers_all(together):
    project = make_project()
    for number in range(ROUNDS):
        tasks = [make_task(project=project) for _ in range(3)]
        gone = tasks[number % 2]
        outcome, *_ = together(
            adding(tasks[0], tasks[1]),
            partial(unless_mariadb_ends_it, partial(delete_task, actor=ME, task_id=gone.pk)),
            adding(tasks[1], tasks[2]),
            partial(update_task, actor=ME, task_id=tasks[2].pk, title="New"),
            partial(remove_dependency, actor=ME, task_id=tasks[2].pk, blocker_id=tasks[2].pk),
        )
        assert outcome in {"added", "gone"}
        assert not TaskDependency.objects.filter(blocker_id=gone.pk).exists()
        assert not TaskDependency.objects.filter(blocked_id=gone.pk).exists()


def test_own_things_set_by_all_at_once_are_there_once(together):
    me, project = Actor(user=make_user()), make_project()
    for number in range(ROUNDS):
        task = make_task(project=project)
        notes = [
            partial(set_note, actor=me, task_id=task.pk, text=f"Note {number}") for _ in range(4)
        ]
        together(*notes, *[partial(pin_task, actor=me, task_id=task.pk)] * 4)
        assert TaskNote.objects.filter(task=task).count() == 1
        assert TaskPin.objects.filter(task=task).count() == 1
