"""What people have on tasks for themselves: notes and pins."""

import pytest
from django.db import IntegrityError

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import NobodyActs, TaskNotFound, UnstorableText
from tasks.models import HistoryEntry, Task, TaskNote, TaskPin
from tasks.services.cloning import clone_task
from tasks.services.notes import set_note
from tasks.services.pins import pin_task, unpin_task
from tasks.services.project_cloning import Wanted, clone_project
from tasks.services.tasks import delete_task
from tasks.testing import make_project, make_task, make_user
from tests.sides import ONE_SIDED, Side

pytestmark = pytest.mark.django_db
CALLS = {
    "set_note": lambda actor, pk: set_note(actor=actor, task_id=pk, text="Mine."),
    "delete_note": lambda actor, pk: set_note(actor=actor, task_id=pk, text=""),
    "pin_task": lambda actor, pk: pin_task(actor=actor, task_id=pk),
    "unpin_task": lambda actor, pk: unpin_task(actor=actor, task_id=pk),
}


@pytest.fixture
def me():
    return Actor(user=make_user())


@pytest.fixture
def you():
    return Actor(user=make_user())


def texts(actor):
    return list(TaskNote.objects.visible_to(actor).values_list("text", flat=True))


def pinned(actor):
    return [pin.task for pin in TaskPin.objects.visible_to(actor)]


def test_note_is_made_changed_and_deleted(me):
    task = make_task()
    note = set_note(actor=me, task_id=task.pk, text="  Ask Ann.\n")
    assert (note.task, note.user_id, note.text) == (task, me.user.pk, "Ask Ann.")
    changed = set_note(actor=me, task_id=task.pk, text="Ask Bea.")
    assert changed.pk == note.pk
    assert changed.updated_at > note.updated_at
    assert texts(me) == ["Ask Bea."]
    for _ in range(2):
        assert set_note(actor=me, task_id=task.pk, text=" \n") is None
    assert texts(me) == []


def test_note_is_its_writers_alone(me, you):
    task = make_task()
    set_note(actor=me, task_id=task.pk, text="Mine.")
    assert texts(you) == []
    assert texts(Actor()) == []
    set_note(actor=you, task_id=task.pk, text="Yours.")
    set_note(actor=you, task_id=make_task().pk, text="Another.")
    assert texts(me) == ["Mine."]
    set_note(actor=you, task_id=task.pk, text="")
    assert texts(me) == ["Mine."]
    assert texts(you) == ["Another."]


@pytest.mark.parametrize("text", ["a\x00", "\ud800", "\x00"])
def test_note_that_no_database_takes_is_refused(me, text):
    task = make_task()
    with pytest.raises(UnstorableText):
        set_note(actor=me, task_id=task.pk, text=text)


def test_pins_are_listed_the_newest_first_and_keep_their_place(me, you):
    tasks = [make_task() for _ in range(3)]
    for task in tasks:
        pin_task(actor=me, task_id=task.pk)
    again = pin_task(actor=me, task_id=tasks[0].pk)
    assert again == TaskPin.objects.get(task=tasks[0])
    assert pinned(me) == tasks[::-1]
    assert pinned(you) == pinned(Actor()) == []
    pin_task(actor=you, task_id=tasks[1].pk)
    for _ in range(2):
        unpin_task(actor=me, task_id=tasks[1].pk)
    assert pinned(me) == [tasks[2], tasks[0]]
    assert pinned(you) == [tasks[1]]


@pytest.mark.parametrize("name", CALLS)
def test_what_is_ones_own_changes_no_task_and_is_in_no_history(me, name):
    task = make_task()
    pin_task(actor=me, task_id=task.pk)
    set_note(actor=me, task_id=task.pk, text="A secret.")
    before = Task.objects.values().get(), HistoryEntry.objects.count()
    CALLS[name](me, task.pk)
    assert (Task.objects.values().get(), HistoryEntry.objects.count()) == before


@pytest.mark.parametrize("name", CALLS)
def test_nobody_and_tasks_that_are_not_there_are_refused(me, name):
    with pytest.raises(NobodyActs):
        CALLS[name](Actor(), make_task().pk)
    for pk in (0, 2**63 - 1, 2**70):
        with pytest.raises(TaskNotFound):
            CALLS[name](me, pk)


@pytest.mark.parametrize("gone", ["task", "task past the service", "user"])
def test_note_and_pin_go_with_their_task_and_their_user(me, you, gone):
    task = make_task()
    for actor in (me, you):
        set_note(actor=actor, task_id=task.pk, text="Mine.")
        pin_task(actor=actor, task_id=task.pk)
    if gone == "user":
        me.user.delete()
        left = [you.user.pk]
    else:
        if gone == "task":
            delete_task(actor=me, task_id=task.pk)
        else:
            Task.objects.filter(pk=task.pk)._raw_delete("default")
        left = []
    for model in (TaskNote, TaskPin):
        assert list(model.objects.values_list("user_id", flat=True)) == left


def test_copies_have_neither_note_nor_pin(me):
    project = make_project()
    task = make_task(project=project)
    set_note(actor=me, task_id=task.pk, text="Mine.")
    pin_task(actor=me, task_id=task.pk)
    clone_task(
        actor=me,
        task_id=task.pk,
        title="Copy",
        status=task.status,
        project=project,
        milestone_id=task.milestone_id,
    )
    clone_project(
        actor=me,
        project_id=project.pk,
        title="Copy",
        client=None,
        start_date=None,
        due_date=None,
        wanted=Wanted(tasks=True, checklists=True, files=True, milestones=True),
    )
    assert TaskNote.objects.get().task == TaskPin.objects.get().task == task


def test_database_keeps_one_of_each_for_a_user_and_no_empty_note(me):
    task = make_task()
    pin_task(actor=me, task_id=task.pk)
    set_note(actor=me, task_id=task.pk, text="Mine.")
    own = {"task": task, "user_id": me.user.pk}
    other = {"task": make_task(), "user_id": me.user.pk}
    for model, values in [
        (TaskPin, own),
        (TaskNote, {**own, "text": "Again."}),
        (TaskNote, {**other, "text": ""}),
    ]:
        with pytest.raises(IntegrityError), atomic():
            model.objects.create(**values)


@pytest.mark.parametrize("name", CALLS)
def test_own_things_of_two_sides_stay_apart(settings, name):
    left, right = Side("left"), Side("right")
    for side in (left, right):
        # Also on what the other side has, from when it was in sight.
        for task in (left.task, right.task):
            set_note(actor=side.actor, task_id=task.pk, text=f"{side.word} note")
            pin_task(actor=side.actor, task_id=task.pk)
    settings.TASKDOCK = ONE_SIDED
    for side, foreign in [(left, right), (right, left)]:
        assert texts(side.actor) == [f"{side.word} note"]
        assert pinned(side.actor) == [side.task]
        with pytest.raises(TaskNotFound):
            CALLS[name](side.actor, foreign.task.pk)
        CALLS[name](side.actor, side.task.pk)
