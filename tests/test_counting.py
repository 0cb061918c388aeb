"""The database counts whatever is written, by whatever means: see ``tasks.models.counting``."""

import datetime as dt

import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.models import Project, Task, TaskStatus, TaskTally, WorkflowTally
from tasks.models.counting.postgresql import FOLD_EVERY
from tasks.services.tallies import every_tally, mend
from tasks.testing import make_milestone, make_project, make_task
from tests.counting import assert_counted
from timers.models import Timer, TimeTally
from timers.testing import make_running_timer, make_stopped_timer, make_time

pytestmark = pytest.mark.django_db

JUNE_1, JUNE_2 = dt.date(2026, 6, 1), dt.date(2026, 6, 2)
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="is said to PostgreSQL alone"
)


class World:
    """Two projects, one with two milestones; tasks in several cells, with time."""

    def __init__(self):
        self.project, self.other = make_project(), make_project()
        self.stage = make_milestone(self.project)
        status = TaskStatus.objects.get(pk=3)
        self.tasks = [
            make_task("a", project=self.project),
            make_task("b", project=self.project),
            make_task("c", project=self.project, milestone_id=self.stage.pk, status=status),
            make_task("d", project=self.other),
        ]
        self.times = [
            make_time(self.tasks[0], seconds=600, work_date=JUNE_1),
            make_time(self.tasks[0], seconds=900, work_date=JUNE_1, is_invoiced=True),
            make_stopped_timer(self.tasks[3], seconds=45),
        ]
        self.running = make_running_timer(self.tasks[2])

    def new(self, **fields):
        """A task that is not saved, like the first."""
        first = self.tasks[0]
        copied = ("project_id", "milestone_id", "status_id", "priority_id")
        return Task(title="New", **{name: getattr(first, name) for name in copied} | fields)

    def entry(self, **fields):
        """A time entry that is not saved."""
        return Timer(**{"task": self.tasks[1], "seconds": 60, "work_date": JUNE_2} | fields)

    def sql(self, statement, *values):
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


@pytest.fixture
def there(db):
    return World()


def tasks_of(there):
    return Task.objects.filter(project=there.project)


def switch_invoiced(there):
    rows = list(Timer.objects.filter(is_running=None))
    for row in rows:
        row.is_invoiced = not row.is_invoiced
        row.seconds += row.pk
    Timer.objects.bulk_update(rows, ["is_invoiced", "seconds"])


#: Past the services, every one.
WRITES = {
    "save": lambda there: there.new().save(),
    "save of one changed": lambda there: Task(
        **{f.attname: getattr(there.tasks[0], f.attname) for f in Task._meta.concrete_fields}
        | {"status_id": 4, "is_archived": True}
    ).save(),
    "save of one unchanged": lambda there: there.tasks[0].save(),
    "bulk_create": lambda there: Task.objects.bulk_create(
        there.new(status_id=1 + number % 5, priority_id=1 + number % 3) for number in range(30)
    ),
    "bulk_create over what is there": lambda there: Task.objects.bulk_create(
        [there.new(pk=there.tasks[0].pk, status_id=5), there.new(pk=987654)],
        update_conflicts=True,
        update_fields=["status"],
        # MariaDB looks at all that is unique.
        unique_fields=None if connection.vendor == "mysql" else ["id"],
    ),
    "bulk_create beside what is there": lambda there: Task.objects.bulk_create(
        [there.new(pk=there.tasks[0].pk, status_id=5), there.new(pk=987654)],
        ignore_conflicts=True,
    ),
    "update": lambda there: tasks_of(there).update(status=2, priority=3, is_archived=True),
    "update of the status": lambda there: tasks_of(there).update(status=5),
    "update of the priority": lambda there: tasks_of(there).update(priority=2),
    "update of being archived": lambda there: tasks_of(there).update(is_archived=True),
    "update of the milestone": lambda there: tasks_of(there).update(milestone=there.stage),
    "update of nothing": lambda there: (
        tasks_of(there).update(status=2) + tasks_of(there).update(title="Same", status=2)
    ),
    "update of none": lambda _: Task.objects.filter(pk=0).update(status=2),
    "update to another project": lambda there: tasks_of(there).update(
        project=there.other, milestone=there.other.milestones.get()
    ),
    "delete of one": lambda there: Task.objects.get(pk=there.tasks[0].pk).delete(),
    "delete of some": lambda there: tasks_of(there).delete(),
    "delete of a project": lambda there: Project.objects.get(pk=there.project.pk).delete(),
    "delete of all projects": lambda _: Project.objects.all().delete(),
    "INSERT": lambda there: there.sql(
        "INSERT INTO taskdock_timers_timer (task_id, seconds, work_date, is_invoiced, created_at)"
        " SELECT task_id, seconds + 1, work_date, is_invoiced, created_at"
        " FROM taskdock_timers_timer WHERE is_running IS NULL"
    ),
    "UPDATE": lambda there: there.sql(
        "UPDATE taskdock_task SET status_id = CASE status_id WHEN 3 THEN 1 ELSE 3 END"
    ),
    "DELETE": lambda there: there.sql("DELETE FROM taskdock_timers_timer WHERE seconds > %s", 100),
    "time": lambda there: there.entry().save(),
    "time at once": lambda there: Timer.objects.bulk_create(
        [there.entry(work_date=JUNE_1, is_invoiced=n % 2 == 0, seconds=n) for n in range(9)]
    ),
    "time corrected": switch_invoiced,
    "time paused": lambda _: Timer.objects.filter(is_running=True).update(is_running=None),
    "time moved": lambda _: Timer.objects.filter(work_date=JUNE_1).update(work_date=JUNE_2),
    "time stopped": lambda _: Timer.objects.filter(is_running=True).update(
        is_running=None, seconds=70
    ),
    "time started again": lambda there: Timer.objects.filter(pk=there.times[2].pk).update(
        is_running=True, seconds=0, stopped_at=None
    ),
    "time of whom goes": lambda there: (
        get_user_model().objects.get(pk=there.times[0].user_id).delete()
    ),
    "time that goes": lambda _: Timer.objects.all().delete(),
}


@pytest.mark.parametrize("name", WRITES)
def test_write_past_the_services_is_counted(there, name):
    assert_counted()
    with transaction.atomic():
        WRITES[name](there)
        assert_counted()
        transaction.set_rollback(True)
    assert_counted()
    WRITES[name](there)
    assert_counted()


def test_rows_that_go_leave_no_sum_behind(there):
    Timer.objects.all().delete()
    Task.objects.all().delete()
    for tally in every_tally():
        if connection.vendor == "mysql":
            # There, a statement's first row alone folds.
            assert mend(tally) == {}
        assert not tally._default_manager.exists()


def test_running_timer_is_in_no_sum(db):
    make_running_timer(make_task())
    assert not TimeTally.objects.exists()


def test_sums_tell_what_there_is(there):
    stage = TaskTally.objects.get(milestone_id=there.stage.pk)
    assert (stage.project_id, stage.status_id, stage.is_archived) == (there.project.pk, 3, False)
    assert stage.tasks == 1
    Task.objects.filter(pk=there.tasks[0].pk).update(priority=3, is_archived=True)
    urgent = WorkflowTally.objects.get(priority_id=3)
    assert (urgent.status_id, urgent.is_archived, urgent.tasks) == (1, True, 1)
    invoiced = TimeTally.objects.get(is_invoiced=True)
    assert (invoiced.work_date, invoiced.entries, invoiced.seconds) == (JUNE_1, 1, 900)


def test_many_writes_leave_few_rows(there):
    for number in range(40 * FOLD_EVERY):
        Task.objects.filter(pk=there.tasks[0].pk).update(status=1 + number % 2)
        Timer.objects.filter(pk=there.times[0].pk).update(seconds=number)
    assert_counted()
    for tally in every_tally():
        assert tally._default_manager.count() <= 5 * FOLD_EVERY


def test_sums_emptied_before_their_rows_stay_empty(there):
    """As ``flush`` does on SQLite, in whatever order."""
    TimeTally.objects.all().delete()
    Timer.objects.all().delete()
    if connection.vendor == "sqlite":
        assert not TimeTally.objects.exists()


@on_postgresql
def test_copy_is_counted(there):
    columns = "task_id, seconds, work_date, is_invoiced, created_at"
    with connection.cursor() as cursor:
        copying = f"COPY taskdock_timers_timer ({columns}) FROM STDIN"
        with cursor.copy(copying) as copy:
            for number in range(2000):
                day = JUNE_1 + dt.timedelta(days=number % 40)
                copy.write_row((there.tasks[0].pk, number, day, number % 2 == 0, day))
    assert Timer.objects.count() == 2004
    assert_counted()


@on_postgresql
def test_truncate_is_counted(committed_db):
    World()
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE taskdock_timers_timer")
        assert_counted()
        cursor.execute("TRUNCATE taskdock_task CASCADE")
    assert_counted()
    assert not TaskTally.objects.exists()


@on_postgresql
def test_writer_with_another_search_path_is_counted(there):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
        cursor.execute("CREATE SCHEMA elsewhere")
        cursor.execute("CREATE TABLE elsewhere.taskdock_tasktally (nothing integer)")
        cursor.execute("SET LOCAL search_path = elsewhere")
        cursor.execute(f"UPDATE {schema}.taskdock_task SET is_archived = NOT is_archived")
        cursor.execute(f"DELETE FROM {schema}.taskdock_timers_timer WHERE seconds = 600")
        cursor.execute(f"SET LOCAL search_path = {schema}")
    assert_counted()


#: A write, and which rows, values and days it is about.
PLAN = st.lists(
    st.tuples(
        st.sampled_from(["add", "move", "delete", "log", "correct", "invoice", "run", "unlog"]),
        st.sets(st.integers(0, 5), min_size=1),
        st.integers(1, 5),
        st.booleans(),
    ),
    max_size=20,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(plan=PLAN)
def test_any_writes_in_any_order_are_counted(there, plan):
    for step, places, value, flag in plan:
        tasks = Task.objects.filter(pk__in=chosen(Task, places))
        times = Timer.objects.filter(pk__in=chosen(Timer, places))
        match step:
            case "add":
                Task.objects.bulk_create(
                    there.new(status_id=value, is_archived=flag) for _ in places
                )
            case "move":
                tasks.update(status=value, priority=1 + value % 3, is_archived=flag)
            case "delete":
                tasks.delete()
            case "log" if (task := Task.objects.first()) is not None:
                Timer.objects.bulk_create(
                    there.entry(task=task, seconds=60 * place, is_invoiced=flag) for place in places
                )
            case "correct":
                times.filter(is_running=None).update(seconds=value)
            case "invoice":
                times.filter(is_running=None).update(is_invoiced=flag, work_date=JUNE_1)
            case "run":
                times.filter(started_at__isnull=False, is_invoiced=False).update(
                    is_running=flag or None, seconds=0, stopped_at=None
                )
            case "unlog":
                times.delete()
        assert_counted()


def chosen(model, places):
    """The ids of the rows at these places, counted from the latest."""
    ids = list(model.objects.order_by("-pk").values_list("pk", flat=True)[:6])
    return [ids[place] for place in places if place < len(ids)]
