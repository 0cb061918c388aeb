"""Migrations run both ways, leave nothing out, and bring the first rows and the constraints."""

import datetime as dt
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from tasks.database import alias, atomic, connection
from tasks.models import (
    Client,
    ImportedKey,
    Milestone,
    Project,
    Tag,
    Task,
    TaskAssignee,
    TaskPriority,
    TaskStatus,
    TaskTag,
    TaskTally,
    WorkflowTally,
)
from tasks.models.counting import CountByTriggers, StopCounting
from tasks.models.counting.names import EVENTS
from tasks.services.tallies import every_tally
from tasks.testing import make_project, make_task, make_user
from tests.counting import assert_counted
from timers.models import Timer, TimeTally
from timers.testing import make_running_timer, make_time

STATUSES = [
    (1, "To do", "#4f8cff", True, None),
    (3, "In progress", "#f5a623", None, None),
    (4, "Waiting", "#8a94a6", None, None),
    (5, "In review", "#9b6bff", None, None),
    (2, "Completed", "#2fb573", None, True),
]
PRIORITIES = [
    (1, "Normal", "#8a94a6", True),
    (2, "High", "#ff5b5b", None),
    (3, "Urgent", "#c81e5b", None),
]


def our_apps():
    return sorted(app.label for app in apps.get_app_configs() if app.label.startswith("taskdock"))


def our_tables():
    names = connection().introspection.table_names()
    return {name for name in names if name.startswith("taskdock_")}


def assert_first_rows():
    columns = ("pk", "title", "color", "is_default")
    assert [*TaskStatus.objects.values_list(*columns, "is_completed")] == STATUSES
    assert [*TaskPriority.objects.values_list(*columns)] == PRIORITIES


def test_migrations_leave_no_change_of_a_model_out(db):
    call_command("makemigrations", *our_apps(), "--check", "--dry-run", verbosity=0)


def test_migrations_backwards_to_zero_and_forwards_again_end_where_they_began(committed_db):
    before = our_tables()
    make_task(tags=["a"], assigned=[make_user()])
    try:
        call_command("migrate", "taskdock", "zero", verbosity=0)
        assert our_tables() == set()
    finally:
        call_command("migrate", verbosity=0)
    assert our_tables() == before
    assert_first_rows()
    assert not Task.objects.exists()


def test_first_rows_are_there_after_migrating(db):
    assert_first_rows()


def test_first_rows_leave_the_next_ids_free(db):
    assert TaskStatus.objects.create(title="Next").pk > 5
    assert TaskPriority.objects.create(title="Next").pk > 3


def test_first_rows_are_not_added_beside_others(committed_db):
    """Whoever has statuses already keeps exactly those, also after migrating once more."""
    TaskStatus.objects.exclude(pk=1).delete()
    TaskPriority.objects.exclude(pk=1).delete()
    first_rows = import_module("tasks.migrations.0002_first_rows")
    first_rows.add_first_rows(apps, SimpleNamespace(connection=connection()))
    assert [*TaskStatus.objects.values_list("pk", flat=True)] == [1]
    assert [*TaskPriority.objects.values_list("pk", flat=True)] == [1]


def test_assignees_from_before_get_the_moments_of_their_tasks(committed_db):
    tasks = [make_task(assigned=[make_user(), make_user()]), make_task(assigned=[make_user()])]
    for number, task in enumerate(tasks):
        moment = dt.datetime(2020, 1, 1 + number, microsecond=1, tzinfo=dt.UTC)
        Task.objects.filter(pk=task.pk).update(created_at=moment)
    try:
        call_command("migrate", "taskdock", "0004", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
    rows = TaskAssignee.objects.values_list("task_created_at", "task__created_at")
    assert len(rows) == 3
    assert [copy for copy, _ in rows] == [moment for _, moment in rows]


START, BEFORE = dt.date(2026, 6, 2), dt.date(2026, 6, 1)


def task_with(**fields):
    task = make_task()
    Task.objects.filter(pk=task.pk).update(**fields)


def project_with(**fields):
    Project.objects.filter(pk=make_project().pk).update(**fields)


def milestone_with(**fields):
    project = make_project()
    Milestone.objects.create(**{"project": project, "title": "Second", **fields})


def store_false(table, column):
    # The field itself makes null of false, so this goes past the ORM.
    with connection().cursor() as cursor:
        cursor.execute(f"UPDATE {table} SET {column} = FALSE WHERE {column} IS NULL")


def assign_twice():
    user = make_user()
    task = make_task(assigned=[user])
    TaskAssignee.objects.create(task=task, user=user)


def tag_twice():
    task = make_task(tags=["a"])
    TaskTag.objects.create(content_object=task, tag=Tag.objects.get(name="a"))


REFUSED = [
    (
        lambda: TaskStatus.objects.create(title="New", is_default=True),
        "taskdock_taskstatus_one_default",
        "taskdock_taskstatus.is_default",
    ),
    (
        lambda: TaskStatus.objects.create(title="New", is_completed=True),
        "taskdock_taskstatus_one_completed",
        "taskdock_taskstatus.is_completed",
    ),
    (
        lambda: TaskPriority.objects.create(title="New", is_default=True),
        "taskdock_taskpriority_one_default",
        "taskdock_taskpriority.is_default",
    ),
    (
        lambda: store_false("taskdock_taskstatus", "is_default"),
        "taskdock_taskstatus_default_true_or_null",
        None,
    ),
    (
        lambda: store_false("taskdock_taskstatus", "is_completed"),
        "taskdock_taskstatus_completed_true_or_null",
        None,
    ),
    (
        lambda: store_false("taskdock_taskpriority", "is_default"),
        "taskdock_taskpriority_default_true_or_null",
        None,
    ),
    (
        lambda: TaskStatus.objects.create(title=""),
        "taskdock_taskstatus_title_not_empty",
        None,
    ),
    (
        lambda: TaskPriority.objects.create(title=""),
        "taskdock_taskpriority_title_not_empty",
        None,
    ),
    (
        lambda: TaskStatus.objects.create(title="To do"),
        "taskdock_taskstatus_",
        "taskdock_taskstatus.",
    ),
    (
        lambda: TaskPriority.objects.create(title="High"),
        "taskdock_taskpriority_",
        "taskdock_taskpriority.",
    ),
    (lambda: Client.objects.create(name=""), "taskdock_client_name_not_empty", None),
    (lambda: project_with(title=""), "taskdock_project_title_not_empty", None),
    (
        lambda: project_with(start_date=START, due_date=BEFORE),
        "taskdock_project_due_after_start",
        None,
    ),
    (
        lambda: milestone_with(is_default=True),
        "taskdock_milestone_one_default",
        "taskdock_milestone.project_id, taskdock_milestone.is_default",
    ),
    (
        lambda: milestone_with() or store_false("taskdock_milestone", "is_default"),
        "taskdock_milestone_default_true_or_null",
        None,
    ),
    (
        lambda: milestone_with(title="Uncategorised"),
        "taskdock_milestone_title_unique",
        "taskdock_milestone.project_id, taskdock_milestone.normal_title",
    ),
    (lambda: task_with(title=""), "taskdock_task_title_not_empty", None),
    (
        lambda: task_with(start_date=START, due_date=BEFORE),
        "taskdock_task_due_after_start",
        None,
    ),
    (
        assign_twice,
        "taskdock_assignee_once",
        "taskdock_taskassignee.task_id, taskdock_taskassignee.user_id",
    ),
    (
        tag_twice,
        "taskdock_tasktag_once",
        "taskdock_tasktag.task_id, taskdock_tasktag.tag_id",
    ),
    (
        lambda: [Tag.objects.create(name="a") for _ in range(2)],
        "taskdock_tag_n",
        "taskdock_tag.n",
    ),
    (
        lambda: [Tag.objects.create(name=name) for name in ("\u00e9", "e\u0301")],
        "taskdock_tag_normal_name",
        "taskdock_tag.normal_name",
    ),
    (
        lambda: [TaskStatus.objects.create(title=title) for title in ("\u00e9", "e\u0301")],
        "taskdock_taskstatus_normal_title",
        "taskdock_taskstatus.normal_title",
    ),
    (
        lambda: [TaskPriority.objects.create(title=title) for title in ("\u00e9", "e\u0301")],
        "taskdock_taskpriority_normal_title",
        "taskdock_taskpriority.normal_title",
    ),
    (
        lambda: [
            milestone_with(project=project, title=title)
            for project in [make_project()]
            for title in ("\u00e9", "e\u0301")
        ],
        "taskdock_milestone_title_unique",
        "taskdock_milestone.project_id, taskdock_milestone.normal_title",
    ),
]


@pytest.mark.parametrize(
    ("write", "constraint", "columns"), REFUSED, ids=[case[1] for case in REFUSED]
)
def test_database_refuses_what_no_service_would_write(db, write, constraint, columns):
    told = [constraint]
    if columns is not None:
        # SQLite names a unique constraint's columns instead of the constraint, and MariaDB those
        # of a field that is unique by itself.
        column = columns.rpartition(".")[2]
        told = {"sqlite": [columns], "mysql": [constraint, f"key '{column}"]}.get(
            connection().vendor, told
        )
    with pytest.raises(IntegrityError) as refused, atomic():
        write()
    assert any(name in str(refused.value) for name in told)


@pytest.mark.parametrize(
    "write",
    [
        lambda: [TaskStatus.objects.create(title=title) for title in ("a", "A", "b")],
        lambda: [Tag.objects.create(name=name) for name in ("a", "A", "ä", "Ä", "🐘", "🐿")],
        lambda: [
            milestone_with(project=project, title=title)
            for project in [make_project()]
            for title in ("x", "X", "ẋ")
        ],
        lambda: task_with(start_date=START, due_date=START),
        lambda: task_with(start_date=START, due_date=None),
        lambda: task_with(start_date=None, due_date=BEFORE),
        lambda: project_with(start_date=None, due_date=BEFORE),
        lambda: [milestone_with() for _ in range(2)],
    ],
)
def test_database_takes_what_only_looks_like_a_violation(db, write):
    with atomic():
        write()


def test_flag_that_is_off_is_stored_as_null(db):
    TaskStatus.objects.filter(pk=3).update(is_default=False, is_completed=False)
    created = TaskStatus.objects.create(title="New", is_default=False, is_completed=False)
    off = TaskStatus.objects.filter(is_default__isnull=True, is_completed__isnull=True)
    assert off.filter(pk__in=[3, created.pk]).count() == 2


TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "mysql": "SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = schema()",
}


def triggers(tally):
    """The events after which a tally is kept up."""
    with connection().cursor() as cursor:
        cursor.execute(TRIGGERS[connection().vendor])
        names = {name for (name,) in cursor.fetchall()}
    return {event for event in EVENTS if f"{tally._meta.db_table}_{event.lower()}" in names}


def assert_counts():
    """All triggers are there, and count."""
    events = EVENTS if connection().vendor == "postgresql" else EVENTS[:3]
    for tally in every_tally():
        assert triggers(tally) == set(events), tally
    task = make_task()
    entry, running = make_time(task), make_running_timer(make_task())
    assert_counted()
    Task.objects.update(status=3)
    Timer.objects.filter(pk__in=[entry.pk, running.pk]).update(is_running=None, seconds=61)
    assert_counted()
    entry.delete()
    Task.objects.filter(pk=task.pk).delete()
    assert_counted()
    assert TaskTally.objects.exists()
    assert WorkflowTally.objects.exists()
    assert TimeTally.objects.exists()


def migrate(*operations, backwards=False):
    """Run operations of a migration of ours, from what there is now, or back to it."""
    migration = type("Migration", (migrations.Migration,), {"operations": operations})(
        "x", "taskdock"
    )
    state = ProjectState.from_apps(apps)
    with connection().schema_editor() as editor:
        (migration.unapply if backwards else migration.apply)(state, editor)


def counting(kind, tally=TaskTally, **fields):
    fields = {"counted": "Task", "amounts": {"tasks": None}} | fields
    return kind(tally.__name__, dimensions=tally.dimensions, **fields)


def test_after_all_migrations_the_database_counts(db):
    assert_counts()


def test_migration_counts_what_is_there(committed_db):
    for _ in range(3):
        make_task()
    migrate(counting(StopCounting))
    assert triggers(TaskTally) == set()
    TaskTally.objects.all().delete()
    make_task()
    Task.objects.update(status=2)
    assert not TaskTally.objects.exists()
    migrate(counting(CountByTriggers))
    assert TaskTally.objects.count() == 4
    assert_counts()
    # Once more: it is as it was.
    migrate(counting(CountByTriggers))
    assert_counts()


@pytest.mark.parametrize("backwards", [False, True])
def test_migration_that_alters_what_is_counted_goes_on_counting(committed_db, backwards):
    """SQLite makes altered tables anew, without their triggers."""
    make_task()
    try:
        migrate(
            counting(StopCounting),
            counting(StopCounting, WorkflowTally),
            migrations.AlterField("Task", "title", models.CharField(max_length=255, db_index=True)),
            migrations.AlterField("TaskTally", "tasks", models.IntegerField()),
            counting(CountByTriggers),
            counting(CountByTriggers, WorkflowTally),
            backwards=backwards,
        )
        assert_counts()
    finally:
        call_command("migrate", "taskdock", "zero", verbosity=0)
        call_command("migrate", verbosity=0)
    assert_counts()


def test_migration_counts_nothing_where_the_site_keeps_our_tables_elsewhere(committed_db, settings):
    class Elsewhere:
        def allow_migrate(self, db, app_label, **hints):
            return False

    settings.DATABASE_ROUTERS = [Elsewhere()]
    migrate(counting(StopCounting))
    settings.DATABASE_ROUTERS = []
    assert_counts()


def test_texts_from_before_are_folded_anew_and_those_that_look_the_same_settled(committed_db):
    nfc, nfd = "B\u00fcro", "Bu\u0308ro"
    call_command("migrate", "taskdock", "0013", verbosity=0)
    try:
        project, other = make_project_before("P", nfd), make_project_before(nfd, nfc)
        tables = {name: table_before(name) for name in ("tag", "tasktag", "milestone")}
        tags = [tables["tag"](name=name) for name in (nfd, nfc, "b\u00fcro", "plain", "e\u0301")]
        task = task_before(project, nfd)
        for tag in (tags[0], tags[1], tags[3]):
            tables["tasktag"](content_object_id=task, tag_id=tag)
        tasks = [task_before(other, "A"), task_before(other, "plain")]
        tables["tasktag"](content_object_id=tasks[0], tag_id=tags[1])
        tables["milestone"](**MILESTONE, project_id=project, title=nfc, folded_title=nfc)
        tables["milestone"](**MILESTONE, project_id=project, title=f"{nfd} (2)", folded_title="x")
        status = table_before("taskstatus")
        for title in (nfc, nfd):
            status(title=title, color="#000000", position=9)
        table_before("importedkey")(source="s", key=nfd, task_id=task)
    finally:
        call_command("migrate", verbosity=0)
    folded = list(Task.objects.order_by("pk").values_list("title", "folded_title"))
    assert folded == [(nfd, nfc.lower()), ("A", "a"), ("plain", "plain")]
    found = Tag.objects.order_by("pk").values_list("name", "normal_name")
    assert list(found) == [
        (nfd, nfc),
        ("b\u00fcro", "b\u00fcro"),
        ("plain", "plain"),
        ("e\u0301", "\u00e9"),
    ]
    links = TaskTag.objects.order_by("content_object", "tag_id")
    assert list(links.values_list("content_object", "tag_id")) == [
        (task, tags[0]),
        (task, tags[3]),
        (tasks[0], tags[0]),
    ]
    milestones = Milestone.objects.order_by("pk").values_list("title", "folded_title")
    assert list(milestones.filter(project=project)) == [
        (nfd, nfc.lower()),
        (f"{nfc} (3)", f"{nfc.lower()} (3)"),
        (f"{nfd} (2)", f"{nfc.lower()} (2)"),
    ]
    titles = TaskStatus.objects.filter(position=9).order_by("pk")
    assert list(titles.values_list("title", "normal_title")) == [
        (nfc, nfc),
        (f"{nfd} (2)", f"{nfc} (2)"),
    ]
    assert list(ImportedKey.objects.values_list("key", flat=True)) == [nfc]
    call_command("migrate", "taskdock", "0013", verbosity=0)
    try:
        with connection().cursor() as cursor:
            cursor.execute("SELECT folded_title FROM taskdock_task ORDER BY id")
            assert cursor.fetchall()[0] == (nfd.casefold(),)
    finally:
        call_command("migrate", verbosity=0)


MOMENT = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
MILESTONE = {"color": "default", "position": 1, "created_at": MOMENT, "updated_at": MOMENT}


def table_before(name):
    """Adds a row to a table of ours as the migrations before left it; returns its key."""
    executor = MigrationExecutor(connection())
    state = executor.loader.project_state([("taskdock", "0013_recurrences")])
    model = state.apps.get_model("taskdock", name)
    return lambda **values: model.objects.using(alias()).create(**values).pk


def make_project_before(title, milestone):
    moments = {"created_at": MOMENT, "updated_at": MOMENT}
    project = table_before("project")(title=title, folded_title=title.casefold(), **moments)
    table_before("milestone")(
        **MILESTONE, project_id=project, title=milestone, folded_title=milestone.casefold()
    )
    return project


def task_before(project, title):
    return table_before("task")(
        project_id=project,
        milestone_id=Milestone.objects.filter(project=project).values_list("pk", flat=True)[0],
        status_id=1,
        priority_id=1,
        title=title,
        folded_title=title.casefold(),
    )
