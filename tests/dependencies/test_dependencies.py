"""Which task waits for which: the rules of the services, sight, and what becomes of it."""

from itertools import pairwise

import pytest
from django.db import IntegrityError

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import DependencyCycle, TaskNotFound, TooManyDependencies
from tasks.models import HistoryEntry, Task, TaskDependency, TaskStatus
from tasks.reads import dependencies as reads
from tasks.reads.dependencies import open_blockers
from tasks.services.cloning import clone_task
from tasks.services.dependencies import add_dependency, remove_dependency
from tasks.services.project_cloning import Wanted, clone_project
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task, set_status
from tasks.testing import make_dependency, make_project, make_task, make_user
from tests.sides import ONE_SIDED, Side

pytestmark = pytest.mark.django_db
ME = Actor()


def chain(*tasks):
    """Each task blocks the next."""
    for blocker, task in pairwise(tasks):
        make_dependency(task, blocker)


def pairs():
    return set(TaskDependency.objects.values_list("blocker_id", "blocked_id"))


def history_of(task):
    entries = HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk).order_by("id")
    return list(entries.values_list("verb", "changes"))[1:]


def complete(task):
    set_status(actor=ME, task_id=task.pk, status=TaskStatus.objects.get(is_completed=True))


def test_add_and_remove_are_idempotent_and_told_once_in_the_history():
    actor = Actor(user=make_user())
    design, build = make_task("Design"), make_task("Build")
    first, second = (
        add_dependency(actor=actor, task_id=build.pk, blocker_id=design.pk) for _ in range(2)
    )
    assert first == second
    assert (first.blocker, first.blocked) == (design, build)
    for _ in range(2):
        remove_dependency(actor=actor, task_id=build.pk, blocker_id=design.pk)
    assert not TaskDependency.objects.exists()
    named = {"id": design.pk, "name": "Design"}
    assert history_of(build) == [
        ("dependency_added", {"blocked_by": [None, named]}),
        ("dependency_removed", {"blocked_by": [named, None]}),
    ]
    assert history_of(design) == []


def test_dependency_changes_neither_version_nor_moment_of_its_tasks():
    design, build = make_task(), make_task()
    before = list(Task.objects.order_by("pk").values("version", "updated_at"))
    make_dependency(build, design)
    remove_dependency(actor=ME, task_id=build.pk, blocker_id=design.pk)
    assert list(Task.objects.order_by("pk").values("version", "updated_at")) == before


@pytest.mark.parametrize("service", [add_dependency, remove_dependency])
@pytest.mark.parametrize("missing", ["task_id", "blocker_id"])
@pytest.mark.parametrize("pk", [0, -1, 2**63 - 1, 2**63, 2**70])
def test_dependency_of_a_task_that_is_not_there_is_refused(service, missing, pk):
    ids = {"task_id": make_task().pk, "blocker_id": make_task().pk, missing: pk}
    with pytest.raises(TaskNotFound):
        service(actor=ME, **ids)


@pytest.mark.parametrize("length", [1, 2, 3, 9])
def test_cycle_is_refused_with_its_path(length):
    project = make_project()
    tasks = [make_task(f"Task {number}", project=project) for number in range(length)]
    chain(*tasks)
    before = pairs()
    with pytest.raises(DependencyCycle) as refused:
        add_dependency(actor=ME, task_id=tasks[0].pk, blocker_id=tasks[-1].pk)
    path = " → ".join(f"#{task.pk} {task.title}" for task in [tasks[-1], *tasks])
    assert refused.value.message == f"Tasks can't wait for each other: {path}."
    assert pairs() == before


def test_long_cycle_is_told_by_its_ends():
    project = make_project()
    tasks = [make_task(f"Task {number}", project=project) for number in range(12)]
    chain(*tasks)
    with pytest.raises(DependencyCycle) as refused:
        add_dependency(actor=ME, task_id=tasks[0].pk, blocker_id=tasks[-1].pk)
    path = [tasks[-1], *tasks]
    names = [f"#{task.pk} {task.title}" for task in path]
    told = " → ".join([*names[:5], "…", *names[-5:]])
    assert refused.value.message == f"Tasks can't wait for each other: {told}."


def test_detours_that_meet_again_are_no_cycle():
    first, left, right, last = (make_task() for _ in range(4))
    chain(first, left, last)
    chain(first, right, last)
    make_dependency(last, first)
    assert len(pairs()) == 5


def test_database_refuses_a_task_that_waits_for_itself():
    task = make_task()
    with pytest.raises(IntegrityError), atomic():
        TaskDependency.objects.create(blocker=task, blocked=task)


def test_search_that_is_not_settled_refuses(monkeypatch):
    project = make_project()
    tasks = [make_task(project=project) for _ in range(8)]
    chain(*tasks[:4])
    chain(*tasks[4:])
    monkeypatch.setattr(reads, "STEPS", 2)
    with pytest.raises(TooManyDependencies):
        add_dependency(actor=ME, task_id=tasks[0].pk, blocker_id=tasks[-1].pk)
    # Where one end leads no further, the other may be as long as it likes.
    add_dependency(actor=ME, task_id=tasks[4].pk, blocker_id=tasks[0].pk)
    monkeypatch.setattr(reads, "STEPS", 100)
    monkeypatch.setattr(reads, "SEARCHED", 3)
    with pytest.raises(TooManyDependencies):
        add_dependency(actor=ME, task_id=tasks[0].pk, blocker_id=tasks[-1].pk)


@pytest.mark.parametrize("depth", [1, 4])
def test_search_takes_a_query_a_level(depth, django_assert_num_queries):
    project = make_project()
    tasks = [make_task(project=project) for _ in range(2 * depth)]
    chain(*tasks[:depth])
    chain(*tasks[depth:])
    with django_assert_num_queries(2 * depth - 1):
        assert reads.path_between(tasks[0].pk, tasks[-1].pk) is None


@pytest.mark.parametrize("gone", ["blocker", "blocked"])
@pytest.mark.parametrize("delete", ["task", "project", "rows"])
def test_dependency_goes_with_either_task(gone, delete):
    tasks = {"blocker": make_task(), "blocked": make_task()}
    dependency = make_dependency(tasks["blocked"], tasks["blocker"])
    task = tasks[gone]
    if delete == "task":
        delete_task(actor=ME, task_id=task.pk)
    elif delete == "project":
        delete_project(actor=ME, project_id=task.project_id)
    else:
        Task.objects.filter(pk=task.pk)._raw_delete("default")
    assert not TaskDependency.objects.filter(pk=dependency.pk).exists()


def test_clone_of_a_task_waits_for_nothing():
    design, build, ship = (make_task() for _ in range(3))
    chain(design, build, ship)
    before = pairs()
    clone_task(
        actor=ME,
        task_id=build.pk,
        title="Copy",
        status=build.status,
        project=build.project,
        milestone_id=build.milestone_id,
    )
    assert pairs() == before


@pytest.mark.parametrize("tasks_wanted", [True, False])
def test_clone_of_a_project_waits_within_itself_alone(tasks_wanted):
    project = make_project()
    design, build, ship = (make_task(name, project=project) for name in "abc")
    elsewhere = make_task("Elsewhere")
    chain(design, build, ship)
    chain(elsewhere, design)
    chain(ship, make_task("After"))
    before = pairs()
    clone = clone_project(
        actor=ME,
        project_id=project.pk,
        title="Copy",
        client=None,
        start_date=None,
        due_date=None,
        wanted=Wanted(tasks=tasks_wanted),
    )
    one, two, three = clone.tasks.order_by("title") if tasks_wanted else [None] * 3
    copied = {(one.pk, two.pk), (two.pk, three.pk)} if tasks_wanted else set()
    assert pairs() == before | copied


def test_open_blockers_are_those_that_are_not_completed(django_assert_num_queries):
    project = make_project()
    task, done, open_one, other = (make_task(project=project) for _ in range(4))
    for blocker in (done, open_one, other):
        make_dependency(task, blocker)
    make_dependency(make_task(project=project), make_task(project=project))
    complete(done)
    with django_assert_num_queries(1):
        assert open_blockers(ME, task.pk) == ([open_one, other], False)


@pytest.mark.parametrize(("count", "shown", "has_more"), [(10, 10, False), (11, 10, True)])
def test_open_blockers_are_bounded(count, shown, has_more):
    project = make_project()
    task = make_task(project=project)
    for _ in range(count):
        make_dependency(task, make_task(project=project))
    found = open_blockers(ME, task.pk)
    assert (len(found.tasks), found.has_more) == (shown, has_more)


@pytest.fixture
def sides(settings):
    left, right = Side("left"), Side("right")
    settings.TASKDOCK = ONE_SIDED
    return left, right


def test_tasks_out_of_sight_are_neither_found_nor_named(sides):
    left, right = sides
    chain(left.task, right.task, left.other_task)
    for side, foreign in [(left, right.task), (right, left.task)]:
        for service in (add_dependency, remove_dependency):
            for ids in [(foreign.pk, side.task.pk), (side.task.pk, foreign.pk)]:
                with pytest.raises(TaskNotFound):
                    service(actor=side.actor, task_id=ids[0], blocker_id=ids[1])
    with pytest.raises(DependencyCycle) as refused:
        add_dependency(actor=left.actor, task_id=left.task.pk, blocker_id=left.other_task.pk)
    path = (
        f"#{left.other_task.pk} left task → #{left.task.pk} left task"
        f" → a task that you can't see → #{left.other_task.pk} left task"
    )
    assert refused.value.message == f"Tasks can't wait for each other: {path}."
    assert open_blockers(left.actor, left.other_task.pk) == ([], False)
    assert open_blockers(right.actor, left.other_task.pk) == ([], False)
    for side in sides:
        assert not TaskDependency.objects.visible_to(side.actor).exists()


def test_dependency_in_sight_is_seen_by_its_side_alone(sides):
    left, right = sides
    dependency = make_dependency(left.other_task, left.task)
    assert list(TaskDependency.objects.visible_to(left.actor)) == [dependency]
    assert list(TaskDependency.objects.visible_to(right.actor)) == []
    assert open_blockers(left.actor, left.other_task.pk).tasks == [left.task]
    assert open_blockers(right.actor, left.other_task.pk).tasks == []
