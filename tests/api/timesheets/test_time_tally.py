"""What is counted ahead agrees with the rows, whatever was done in whatever order."""

import datetime as dt
import random
from collections.abc import Callable
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.apps import apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.actors import Actor
from tasks.database import connection
from tasks.exceptions import TaskdockError
from tasks.models import Task
from tasks.services.projects import delete_project
from tasks.services.tallies import differences, mend
from tasks.services.tasks import delete_task
from tasks.testing import make_task, make_user
from tests.api.timesheets.world import JUNE_1, JUNE_2, JUNE_3
from tests.counting import assert_counted
from timers import demo
from timers.models import Timer, TimeTally
from timers.services import timers
from timers.testing import make_running_timer, make_stopped_timer, make_time

ACTOR = Actor()
DAYS = [JUNE_1, JUNE_2, JUNE_3]
in_one_transaction = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40
)


class At(NamedTuple):
    """One of three tasks, people and days, and any entry that there is."""

    task: Task
    user: AbstractBaseUser
    day: dt.date
    entry: int


#: What can be done.
STEPS: dict[str, Callable[[At], object]] = {
    "start": lambda at: timers.start_timer(actor=ACTOR, task_id=at.task.pk, user=at.user),
    "add": lambda at: timers.add_time(
        actor=ACTOR, task_id=at.task.pk, user=at.user, seconds=600, work_date=at.day
    ),
    "stop": lambda at: timers.stop_timer(actor=ACTOR, timer_id=at.entry),
    "stop task": lambda at: timers.stop_timers_of_task(actor=ACTOR, task_id=at.task.pk),
    "stop project": lambda at: timers.stop_timers_of_project(
        actor=ACTOR, project_id=at.task.project_id
    ),
    "correct": lambda at: timers.correct_time(
        actor=ACTOR, timer_id=at.entry, seconds=60 * at.day.day
    ),
    "move": lambda at: timers.correct_time(actor=ACTOR, timer_id=at.entry, work_date=at.day),
    "correct and move": lambda at: timers.correct_time(
        actor=ACTOR, timer_id=at.entry, seconds=3600 * at.day.day, work_date=at.day
    ),
    "invoice": lambda at: timers.set_invoiced(actor=ACTOR, timer_id=at.entry, is_invoiced=True),
    "uninvoice": lambda at: timers.set_invoiced(actor=ACTOR, timer_id=at.entry, is_invoiced=False),
    "delete": lambda at: timers.delete_timer(actor=ACTOR, timer_id=at.entry),
    "delete task": lambda at: delete_task(actor=ACTOR, task_id=at.task.pk),
    "delete project": lambda at: delete_project(actor=ACTOR, project_id=at.task.project_id),
}
#: A step, whom and what it is about, and which entry, counted from the latest.
PLAN = st.lists(
    st.tuples(st.sampled_from([*STEPS]), *[st.integers(0, 2)] * 3, st.integers(0, 5)),
    min_size=1,
    max_size=25,
)


@in_one_transaction
@given(plan=PLAN)
def test_tally_is_right_after_every_step(db, plan):
    # All plans run in one transaction.
    Timer.objects.all().delete()
    TimeTally.objects.all().delete()
    users = [make_user() for _ in range(3)]
    tasks = [make_task() for _ in range(2)]
    tasks.append(make_task(project=tasks[0].project))
    for step, task, user, day, back in [("add", 0, 0, 0, 0), *plan]:
        entries = [*Timer.objects.order_by("-pk").values_list("pk", flat=True)]
        entry = entries[back % len(entries)] if entries else 0
        # What is refused (gone already, running, invoiced) is not counted either.
        with suppress(TaskdockError):
            STEPS[step](At(tasks[task], users[user], DAYS[day], entry))
        assert_counted()


def test_tally_is_of_what_has_stopped(db):
    task = make_task()
    assert not TimeTally.objects.exists()
    running = make_running_timer(task, running_for=dt.timedelta(hours=1))
    assert not TimeTally.objects.exists()
    timers.stop_timer(actor=ACTOR, timer_id=running.pk)
    cell = TimeTally.objects.get()
    row = Timer.objects.get()
    assert (cell.work_date, cell.is_invoiced) == (row.work_date, False)
    assert (cell.entries, cell.seconds) == (1, row.seconds)
    timers.stop_timer(actor=ACTOR, timer_id=running.pk)
    assert TimeTally.objects.count() == 1


def test_what_is_wrong_is_told_and_mended(db):
    make_time(make_task(), seconds=660, work_date=JUNE_1)
    TimeTally.objects.update(seconds=600)
    assert differences(TimeTally) == {(JUNE_1, False): (0, 60)}
    TimeTally.objects.all().delete()
    assert mend(TimeTally) == {(JUNE_1, False): (1, 660)}
    assert_counted()


def test_list_shows_what_was_counted_ahead(api):
    """The total is the tally's, not the rows': here the tally is wrong, for once."""
    task = make_task()
    make_time(task, seconds=600, work_date=JUNE_1)
    TimeTally.objects.create(work_date=JUNE_1, is_invoiced=False, entries=2, seconds=100)
    TimeTally.objects.create(work_date=JUNE_2, is_invoiced=True, entries=40, seconds=7)

    def meta(**filters):
        meta = api.get("/timesheets", **filters).json()["meta"]
        return meta["total"], meta["time_seconds"]

    assert meta() == (43, 707)
    assert meta(status="stopped") == (43, 707)
    assert meta(billing_status="invoiced") == (40, 7)
    assert meta(date_end="2026-06-01") == (3, 700)
    assert meta(status="running") == (0, 0)
    assert meta(task_id=task.pk) == (1, 600)
    assert meta(task_id=task.pk, date_end="2026-06-01") == (1, 600)


def test_demo_counts_what_it_writes(db):
    user = make_user()
    tasks = [make_task(assigned=[user]) for _ in range(40)]
    demo.fill(Actor(), tasks, random.Random(1), timezone.now())
    assert Timer.objects.filter(is_running=None).count() > 10
    assert_counted()


@pytest.mark.parametrize("was_there", [True, False])
def test_migration_counts_what_was_there_before(db, was_there):
    if was_there:
        task = make_task()
        for day in DAYS:
            make_time(task, work_date=day)
            make_stopped_timer(task, seconds=45)
            make_time(task, work_date=day, is_invoiced=True)
        make_running_timer(task)
    TimeTally.objects.all().delete()
    migration = import_module("timers.migrations.0003_count_time")
    migration.count_time(apps, SimpleNamespace(connection=connection()))
    assert_counted()
    assert TimeTally.objects.exists() is was_there
