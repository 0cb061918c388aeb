"""Deleting a status or priority that is in use: its tasks move to another in the same step."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks.actors import Actor, Door
from tasks.exceptions import (
    NoCompletedStatus,
    NoDefaultPriority,
    NoDefaultStatus,
    PriorityNotFound,
    StatusNotFound,
    StillInUse,
)
from tasks.models import HistoryEntry, Task, TaskPriority, TaskStatus, TaskTally
from tasks.services import tasks, workflow
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NewTask
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user
from tests.conftest import ADMIN
from tests.counting import assert_counted

COMPLETED, IN_PROGRESS, WAITING = 2, 3, 4
HIGH, URGENT = 2, 3


def delete_status(move_to=None, actor=None, status_id=IN_PROGRESS):
    workflow.delete_status(actor=actor or Actor(), status_id=status_id, move_to=move_to)


def delete_priority(move_to=None, actor=None, priority_id=HIGH):
    workflow.delete_priority(actor=actor or Actor(), priority_id=priority_id, move_to=move_to)


@pytest.fixture
def board(db):
    """Tasks in every status, some archived, some with a past; two lie in another milestone."""
    project, other = make_project(), make_project()
    milestone = make_milestone(project)
    made = []
    for number in range(20):
        task = make_task(
            f"Task {number} \N{PARTY POPPER}",
            project=project if number % 3 else other,
            status=TaskStatus.objects.get(pk=(1, COMPLETED, IN_PROGRESS, WAITING)[number % 4]),
            priority=TaskPriority.objects.get(pk=number % 3 + 1),
            milestone_id=milestone.pk if number in {2, 10} else None,
        )
        made.append(task)
    tasks.archive_task(actor=Actor(), task_id=made[6].pk)
    # One that came from the status, one that came to it, and one of a clock that ran ahead.
    tasks.set_status(actor=Actor(), task_id=made[18].pk, status=TaskStatus.objects.get(pk=1))
    tasks.set_status(actor=Actor(), task_id=made[0].pk, status=TaskStatus.objects.get(pk=3))
    ahead = timezone.now() + dt.timedelta(days=1)
    Task.objects.filter(pk__in=[made[2].pk, made[14].pk]).update(updated_at=ahead)
    return made


#: Moments are of the move, places in a column follow its order.
APART = {"updated_at", "status_changed_at", "completed_at", "position"}


def left_by(write):
    """The rows and what is told of them, after a write that is then taken back."""
    with transaction.atomic():
        last = HistoryEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        before = dict(Task.objects.values_list("pk", "updated_at"))
        write()
        rows = []
        for task in Task.objects.order_by("pk"):
            row = {name: value for name, value in vars(task).items() if name[0] != "_"}
            told = {name: row.pop(name) is not None for name in APART}
            changed = task.updated_at > before[task.pk]
            rows.append((row, told, changed))
        columns = [
            "actor_id", "actor_name", "door", "key_id", "key_name",
            "verb", "subject_type", "subject_id", "subject_name", "changes",
        ]  # fmt: skip
        history = list(HistoryEntry.objects.filter(pk__gt=last).order_by("pk").values(*columns))
        assert_counted()
        stages = list(TaskStatus.objects.values()) + list(TaskPriority.objects.values())
        transaction.set_rollback(True)
    return rows, history, stages


@pytest.mark.parametrize("target", [1, COMPLETED, WAITING])
def test_tasks_moved_at_once_are_as_if_moved_one_by_one(board, target):
    actor = Actor(user=make_user(), door=Door.ADMIN)

    def one_by_one():
        status = TaskStatus.objects.get(pk=target)
        for task in Task.objects.filter(status_id=IN_PROGRESS).order_by("pk"):
            tasks.set_status(actor=actor, task_id=task.pk, status=status)
        delete_status(actor=actor)

    singly = left_by(one_by_one)
    at_once = left_by(lambda: delete_status(target, actor))
    assert at_once == singly
    rows, history, _ = at_once
    assert (len(rows), len(history)) == (20, 6)
    assert sum(row["status_id"] == IN_PROGRESS for row, _, _ in rows) == 0


def test_tasks_of_a_priority_moved_at_once_are_as_if_moved_one_by_one(board):
    actor = Actor(user=make_user(), door=Door.ADMIN)

    def one_by_one():
        priority = TaskPriority.objects.get(pk=URGENT)
        for task in Task.objects.filter(priority_id=HIGH).order_by("pk"):
            tasks.update_task(actor=actor, task_id=task.pk, priority=priority)
        delete_priority(actor=actor)

    singly, at_once = left_by(one_by_one), left_by(lambda: delete_priority(URGENT, actor))
    assert at_once == singly


def test_move_stamps_tasks_of_one_moment_and_leaves_others_alone(board):
    mine = set(Task.objects.filter(status_id=IN_PROGRESS).values_list("pk", flat=True))
    others = list(Task.objects.exclude(pk__in=mine).exclude(previous_status=IN_PROGRESS).values())
    start, user = timezone.now(), make_user()
    ahead = Task.objects.get(pk=board[2].pk).updated_at
    delete_status(COMPLETED, make_actor(user))
    for task in Task.objects.filter(pk__in=mine):
        assert task.status_changed_at == task.completed_at >= start
        assert task.completed_by_id == user.pk
        late = task.pk in {board[2].pk, board[14].pk}
        expected = ahead + dt.timedelta(microseconds=1) if late else task.updated_at
        assert task.updated_at == expected >= start
    kept = [row["id"] for row in others]
    assert list(Task.objects.filter(pk__in=kept).values()) == others


def test_column_comes_in_its_order_after_the_tasks_that_are_there(db):
    project = make_project()
    here, there = (TaskStatus.objects.get(pk=pk) for pk in (WAITING, IN_PROGRESS))
    old = [make_task(project=project, status=here) for _ in range(3)]
    new = [make_task(project=project, status=there) for _ in range(4)]
    for task, position in zip(new, [5000, -7, 9, 8], strict=True):
        Task.objects.filter(pk=task.pk).update(position=position)
    delete_status(WAITING)
    found = Task.objects.filter(status=here).order_by("position", "pk")
    expected = [*old, new[1], new[3], new[2], new[0]]
    assert [task.pk for task in found] == [task.pk for task in expected]
    assert found[3].position - found[2].position == tasks.POSITION_GAP


def test_status_that_tasks_came_from_is_forgotten(board):
    came = Task.objects.filter(previous_status_id=IN_PROGRESS)
    pks = list(came.values_list("pk", flat=True))
    assert pks
    delete_status(WAITING)
    moved = Task.objects.filter(pk__in=pks)
    assert not moved.exclude(previous_status=None).exists()


def test_many_tasks_are_moved_in_few_statements(db):
    project = make_project()
    count = 2100
    new = (
        NewTask(project_id=project.pk, title=f"{n}", status_id=IN_PROGRESS, priority_id=HIGH)
        for n in range(count)
    )
    add_tasks(actor=Actor(), tasks=new)
    with CaptureQueriesContext(connection) as captured:
        delete_status(COMPLETED)
        delete_priority(URGENT)
    written = [query["sql"] for query in captured if "taskdock_historyentry" not in query["sql"]]
    assert len(written) < 70
    found = Task.objects.filter(status_id=COMPLETED, priority_id=URGENT, version=3)
    assert found.count() == count
    entries = HistoryEntry.objects.filter(subject_type="task", verb="updated")
    assert entries.count() == 2 * count
    assert_counted()


@pytest.mark.parametrize(
    ("delete", "error"),
    [
        (delete_status, StillInUse),
        (delete_priority, StillInUse),
        (lambda: delete_status(IN_PROGRESS), StatusNotFound),
        (lambda: delete_status(987654321), StatusNotFound),
        (lambda: delete_status(-1), StatusNotFound),
        (lambda: delete_status(2**64), StatusNotFound),
        (lambda: delete_status(1, status_id=987654321), StatusNotFound),
        (lambda: delete_priority(HIGH), PriorityNotFound),
        (lambda: delete_priority(987654321), PriorityNotFound),
        (lambda: delete_status(WAITING, status_id=1), NoDefaultStatus),
        (lambda: delete_status(WAITING, status_id=COMPLETED), NoCompletedStatus),
        (lambda: delete_priority(HIGH, priority_id=1), NoDefaultPriority),
    ],
)
def test_delete_that_is_refused_changes_nothing(board, delete, error):
    def rows():
        return [
            list(model.objects.order_by("pk").values())
            for model in (Task, TaskStatus, TaskPriority, HistoryEntry, TaskTally)
        ]

    before = rows()
    with pytest.raises(error):
        delete()
    assert rows() == before


def test_row_without_tasks_may_name_where_none_go(db):
    delete_status(WAITING)
    delete_priority(URGENT)
    verbs = HistoryEntry.objects.order_by("pk").values_list("verb", "subject_type")
    assert list(verbs) == [("deleted", "taskstatus"), ("deleted", "taskpriority")]


STATUS, PRIORITY = "taskdock/taskstatus/3/delete/", "taskdock/taskpriority/2/delete/"
PAGES = pytest.mark.parametrize(
    ("path", "model", "pk", "target"),
    [(STATUS, TaskStatus, IN_PROGRESS, WAITING), (PRIORITY, TaskPriority, HIGH, URGENT)],
    ids=["status", "priority"],
)


@PAGES
def test_page_offers_to_move_the_tasks_to_the_others(*, admin, board, path, model, pk, target):
    model.objects.filter(pk=target).update(title="<b>Away & gone</b>")
    model.objects.filter(pk=pk).update(title="<i>Here</i>")
    row = model.objects.get(pk=pk)
    page = admin.open(path)
    html = page.response.content.decode()
    assert f"Move its {row.tasks.count()} tasks to" in html
    assert "&lt;b&gt;Away &amp; gone&lt;/b&gt;" in html
    assert "&lt;i&gt;Here&lt;/i&gt;" in html
    assert "<b>Away" not in html
    assert "<i>Here" not in html
    others = list(model.objects.exclude(pk=pk).order_by("position").values_list("pk", flat=True))
    offered = page.response.context["move_form"].fields["move_to"].queryset
    assert [other.pk for other in offered] == others
    assert page.values["post"] == ["yes"]


@PAGES
def test_page_moves_and_deletes_in_one_step(*, admin, board, messages_of, path, model, pk, target):
    mine = list(model.objects.get(pk=pk).tasks.values_list("pk", flat=True))
    name = str(model.objects.get(pk=pk))
    response = admin.open(path).submit(move_to=target)
    assert response["Location"] == f"{ADMIN}/taskdock/{model._meta.model_name}/"
    assert name in messages_of(admin.client.get(response["Location"]))[0]
    assert not model.objects.filter(pk=pk).exists()
    assert model.objects.get(pk=target).tasks.filter(pk__in=mine).count() == len(mine)
    entry = HistoryEntry.objects.filter(subject_type="task").first()
    assert (entry.door, entry.actor_name, entry.verb) == ("admin", "Ada Admin", "updated")
    assert LogEntry.objects.get().object_repr == name


def test_page_of_one_task_says_so(admin):
    make_task(status=TaskStatus.objects.get(pk=IN_PROGRESS))
    html = admin.get(STATUS).content.decode()
    assert "Move its 1 task to" in html


@PAGES
@pytest.mark.parametrize("sent", [None, "", "abc", "0", "-1", "987654321", str(2**64), "4\x00"])
def test_page_that_names_no_other_row_is_shown_again(
    *, admin, board, path, model, pk, target, sent
):
    response = admin.open(path).submit(move_to=sent)
    assert response.status_code == 200
    assert response.context["move_form"].errors["move_to"]
    assert model.objects.get(pk=pk).tasks.exists()
    response = admin.open(path).submit(move_to=pk)
    assert response.context["move_form"].errors["move_to"]
    assert model.objects.get(pk=pk).tasks.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("taskdock/taskstatus/1/delete/", "One status must be the default."),
        ("taskdock/taskstatus/2/delete/", "One status must mean completed."),
        ("taskdock/taskpriority/1/delete/", "One priority must be the default."),
    ],
)
def test_page_of_a_flagged_row_says_why_it_stays(admin, board, messages_of, path, message):
    page = admin.open(path)
    assert message in page.response.content.decode()
    assert "move_form" not in page.response.context
    before = list(Task.objects.order_by("pk").values())
    response = admin.client.post(f"{ADMIN}/{path}", {"post": "yes", "move_to": "3"}, follow=True)
    assert messages_of(response) == [message]
    assert list(Task.objects.order_by("pk").values()) == before
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("name", ["taskstatus", "taskpriority"])
def test_page_of_the_default_offers_nothing_that_would_be_refused(admin, db, name):
    text = admin.get(f"taskdock/{name}/1/delete/").content.decode()
    assert "must be the default." in text
    assert 'name="post"' not in text
    assert f'href="{ADMIN}/taskdock/{name}/" class="button cancel-link"' in text


@PAGES
def test_who_may_not_change_tasks_is_offered_no_move(*, make_staff, board, path, model, pk, target):
    name = model._meta.model_name
    staff = make_staff(f"delete_{name}", f"view_{name}", "view_task")
    assert "move_to" not in staff.get(path).content.decode()
    response = staff.client.post(f"{ADMIN}/{path}", {"post": "yes", "move_to": target})
    assert response.status_code == 200
    assert model.objects.get(pk=pk).tasks.exists()


@PAGES
def test_who_may_not_delete_the_row_moves_nothing(*, make_staff, board, path, model, pk, target):
    name = model._meta.model_name
    staff = make_staff(f"change_{name}", f"view_{name}", "change_task")
    response = staff.client.post(f"{ADMIN}/{path}", {"post": "yes", "move_to": target})
    assert response.status_code == 403
    assert model.objects.get(pk=pk).tasks.exists()


@PAGES
def test_who_may_both_delete_and_change_moves_the_tasks(
    *, make_staff, board, path, model, pk, target
):
    name = model._meta.model_name
    staff = make_staff(f"delete_{name}", f"view_{name}", "change_task", "view_task")
    assert staff.open(path).submit(move_to=target).status_code == 302
    assert not model.objects.filter(pk=pk).exists()


@PAGES
def test_refusal_of_several_points_to_the_pages_that_move(*, admin, board, path, model, pk, target):
    row, list_path = model.objects.get(pk=pk), f"taskdock/{model._meta.model_name}/"
    response = admin.action(list_path, "delete_selected", [row], post="yes", move_to=str(target))
    assert f'<a href="{ADMIN}/{path}">' in response.content.decode()
    assert model.objects.get(pk=pk).tasks.exists()


def test_row_without_tasks_is_deleted_as_ever(admin):
    page = admin.open(STATUS)
    assert "move_to" not in page.response.content.decode()
    assert page.submit(post="yes").status_code == 302
    assert not TaskStatus.objects.filter(pk=IN_PROGRESS).exists()
