"""What long lists rely on: moments that assignees copy, searches, and the indexes behind them."""

import datetime as dt
import random

import pytest
from django.db import connection
from django.db.models import F

from tasks.models import (
    HistoryEntry,
    Task,
    TaskAssignee,
    TaskPriority,
    TaskRecurrence,
    TaskStatus,
)
from tasks.models.fields import has_trigram
from tasks.services.bulk import add_tasks
from tasks.services.cloning import clone_task
from tasks.services.new_tasks import NewTask
from tasks.services.project_cloning import Wanted, clone_project
from tasks.testing import make_actor, make_project, make_task, make_user

LONG_AGO = dt.datetime(2020, 1, 1, 12, 30, 15, 123456, tzinfo=dt.UTC)

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="plans of PostgreSQL's, which other engines lack"
)


def task_made(created_at, **fields):
    """A task of that moment, added as an import would."""
    project = make_project()
    new = NewTask(
        project_id=project.pk,
        title="Imported",
        status_id=TaskStatus.objects.get(is_default=True).pk,
        priority_id=TaskPriority.objects.get(is_default=True).pk,
        created_at=created_at,
        **fields,
    )
    add_tasks(actor=make_actor(), tasks=[new])
    return Task.objects.get(project=project)


def import_tasks(user):
    task_made(LONG_AGO, assigned=[user.pk])


def assign(user):
    make_task(assigned=[make_user()])
    make_task(assigned=[user])


def clone(user):
    task = task_made(LONG_AGO, assigned=[user.pk])
    clone_task(
        actor=make_actor(),
        task_id=task.pk,
        title="Copy",
        status=task.status,
        project=task.project,
        milestone_id=task.milestone_id,
    )


def clone_its_project(user):
    task = task_made(LONG_AGO, assigned=[user.pk])
    clone_project(
        actor=make_actor(),
        project_id=task.project_id,
        title="Copy",
        client=None,
        start_date=None,
        due_date=None,
        wanted=Wanted(tasks=True),
    )


def create_row(user):
    TaskAssignee.objects.create(task_id=task_made(LONG_AGO).pk, user=user)


def create_rows(user):
    tasks = [task_made(LONG_AGO), make_task()]
    TaskAssignee.objects.bulk_create(TaskAssignee(task_id=task.pk, user=user) for task in tasks)


@pytest.mark.parametrize(
    "write", [import_tasks, assign, clone, clone_its_project, create_row, create_rows]
)
def test_assignee_written_by_any_door_has_its_tasks_moment(write):
    write(make_user())
    rows = TaskAssignee.objects.values_list("task_created_at", "task__created_at")
    assert len(rows) >= 1
    assert [copy for copy, _ in rows] == [moment for _, moment in rows]


def test_assignee_of_a_task_at_hand_costs_no_query_for_the_moment(django_assert_num_queries):
    task, users = make_task(), [make_user(), make_user()]
    rows = [TaskAssignee(task=task, user=user) for user in users]
    with django_assert_num_queries(1):
        TaskAssignee.objects.bulk_create(rows)


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_list_of_somebodys_tasks_is_in_the_order_in_which_they_were_created(api, order):
    user, days = make_user(), [*range(12)]
    random.Random(4).shuffle(days)
    tasks = [task_made(LONG_AGO + dt.timedelta(days=day // 2)) for day in days]
    for task in tasks[:6]:
        TaskAssignee.objects.create(task=task, user=user)
    TaskAssignee.objects.bulk_create(TaskAssignee(task_id=t.pk, user=user) for t in tasks[6:])
    wanted = sorted(tasks, key=lambda t: (t.created_at, t.pk), reverse=order == "desc")
    r = api.get("/tasks", assigned_user_id=user.pk, order=order)
    assert [found["id"] for found in r.json()["data"]] == [task.pk for task in wanted]


#: Texts, and whether ``pg_trgm`` makes a trigram of something in them.
TRIGRAMS = [
    ("abc", True),
    ("a1b", True),
    ("äöü", True),
    ("ab ", True),
    (" a", True),
    ("a b", True),
    ("-a", True),
    ("_a", True),
    ("ab%", True),
    ("", False),
    ("a", False),
    ("ab", False),
    ("a ", False),
    ("a_", False),
    ("%", False),
    ("...", False),
    ("- - -", False),
]


@pytest.mark.parametrize(("text", "found"), TRIGRAMS)
def test_trigram_is_known_of_a_text(text, found):
    assert has_trigram(text) is found


@pytest.mark.parametrize("text", ["a", "ab", "%", "_", "\\", "'", "a b", "ab ", "A", "ß", "📋", ""])
def test_contains_with_any_text_finds_what_holds_it(text):
    titles = ["a", "ab", "a b", "ab c", "100%", "a_b", "C:\\", "it's", "STRASSE", "📋 list", "zz"]
    for title in titles:
        make_task(title)
    found = Task.objects.filter(folded_title__contains=text.casefold()).order_by("pk")
    expected = [title for title in titles if text.casefold() in title.casefold()]
    assert [task.title for task in found] == expected


def plan_of(rows, *settings):
    """The plan of a queryset where PostgreSQL would rather not sort nor read whole tables."""
    with connection.cursor() as cursor:
        for name in ("enable_seqscan", "enable_sort", *settings):
            cursor.execute(f"SET LOCAL {name} = off")
    return rows.explain()


@on_postgresql
@pytest.mark.parametrize(
    ("order", "index"),
    [
        ([F("due_date").desc(nulls_last=True), F("pk").desc()], "taskdock_task_due_last"),
        ([F("due_date").asc(nulls_last=True), F("pk").asc()], "taskdock_task_due"),
        (["-title", "-pk"], "taskdock_task_title"),
        (["position", "pk"], "taskdock_task_position"),
    ],
)
def test_list_of_all_is_read_from_an_index_in_its_order(order, index):
    plan = plan_of(Task.objects.order_by(*order).values_list("pk")[:25])
    assert f"using {index} " in plan
    assert "Sort" not in plan


@on_postgresql
def test_list_of_somebodys_tasks_is_read_from_the_index_of_assignees():
    tasks = Task.objects.filter(assignees__user_id=make_user().pk)
    ordered = tasks.order_by("-assignees__task_created_at", "-pk")
    plan = plan_of(ordered.values_list("pk")[:25])
    assert "Backward using taskdock_assignee_of_user " in plan
    assert "Sort" not in plan
    assert plan.count(" on taskdock_taskassignee ") == 1


@on_postgresql
def test_what_somebody_did_lately_is_read_from_the_index_of_actors():
    entries = HistoryEntry.objects.filter(actor_id="7", subject_type__in=["task", "timer"])
    plan = plan_of(entries.order_by("-id")[:20], "enable_bitmapscan")
    assert "Backward using taskdock_history_actor " in plan
    assert "Sort" not in plan


@on_postgresql
def test_what_is_due_is_read_from_the_index_of_next_moments():
    due = TaskRecurrence.objects.filter(next_at__lte=LONG_AGO).select_related("task")
    plan = plan_of(due.order_by("next_at", "pk")[:100], "enable_bitmapscan")
    assert "using taskdock_recurrence_next " in plan
    assert "Sort" not in plan


@on_postgresql
@pytest.mark.parametrize(("text", "found"), [case for case in TRIGRAMS if case[0]])
def test_search_uses_the_index_of_trigrams_where_it_helps(text, found):
    tasks = Task.objects.filter(folded_title__contains=text).order_by()
    plan = plan_of(tasks, "enable_indexscan", "enable_indexonlyscan")
    assert ("taskdock_task_trigrams" in plan) is found
