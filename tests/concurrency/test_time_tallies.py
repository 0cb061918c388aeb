"""Time that is counted ahead while many write, and totals that are read meanwhile."""

import datetime as dt

import pytest

from tasks.actors import Actor
from tasks.exceptions import TaskdockError
from tasks.platform.writes import run_write
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task
from tasks.testing import make_project, make_task, make_user
from tests.concurrency.conftest import unless_mariadb_ends_it
from tests.counting import assert_counted
from timers.models import Timer
from timers.services import timers
from timers.testing import WORK_DATE, make_running_timer, make_time

pytestmark = pytest.mark.server

ROUNDS = 10
CROWD = 8
HOUR = dt.timedelta(hours=1)
ACTOR = Actor()


def attempt(call):
    """What the call returns, or the refusal that it raised."""
    try:
        return unless_mariadb_ends_it(call)
    except TaskdockError as error:
        return error


def add(task, user):
    return timers.add_time(
        actor=ACTOR, task_id=task.pk, user=user, seconds=600, work_date=WORK_DATE
    )


def test_crowd_that_adds_time_on_one_day_is_counted_whole(together):
    user = make_user()
    tasks = [make_task() for _ in range(CROWD)]
    for _ in range(3 * ROUNDS):
        together(*[lambda task=task: add(task, user) for task in tasks])
    assert Timer.objects.count() == 3 * ROUNDS * CROWD
    assert_counted()


def test_writes_of_every_kind_at_once_are_counted_whole(together):
    users = [make_user() for _ in range(3)]
    for _ in range(ROUNDS):
        task, other = make_task(), make_task()
        running = make_running_timer(task, user=users[0], running_for=HOUR)
        first, second, third = [make_time(task, work_date=WORK_DATE) for _ in range(3)]
        calls = [
            lambda task=task: add(task, users[1]),
            lambda running=running: timers.stop_timer(actor=ACTOR, timer_id=running.pk),
            lambda other=other: timers.start_timer(actor=ACTOR, task_id=other.pk, user=users[0]),
            lambda first=first: timers.set_invoiced(
                actor=ACTOR, timer_id=first.pk, is_invoiced=True
            ),
            lambda first=first: timers.correct_time(
                actor=ACTOR, timer_id=first.pk, seconds=60, work_date=dt.date(2026, 6, 1)
            ),
            lambda second=second: timers.delete_timer(actor=ACTOR, timer_id=second.pk),
            lambda second=second: timers.correct_time(actor=ACTOR, timer_id=second.pk, seconds=120),
            lambda third=third: timers.set_invoiced(
                actor=ACTOR, timer_id=third.pk, is_invoiced=True
            ),
        ]
        together(*[lambda call=call: attempt(call) for call in calls])
        assert_counted()


DELETIONS = {
    "task": lambda task: delete_task(actor=ACTOR, task_id=task.pk),
    "project": lambda task: delete_project(actor=ACTOR, project_id=task.project_id),
}


@pytest.mark.parametrize("name", DELETIONS)
def test_task_that_goes_while_its_timers_are_stopped_from_elsewhere_is_counted_out(together, name):
    """Who starts elsewhere stops the timer here without asking for the task that goes."""
    users = [make_user() for _ in range(CROWD - 1)]
    for _ in range(2 * ROUNDS):
        task = make_task()
        elsewhere = [make_task() for _ in users]
        for user in users:
            make_running_timer(task, user=user, running_for=HOUR)
        together(
            lambda task=task: unless_mariadb_ends_it(lambda: DELETIONS[name](task)),
            *[
                lambda other=other, user=user: unless_mariadb_ends_it(
                    lambda: timers.start_timer(actor=ACTOR, task_id=other.pk, user=user)
                )
                for other, user in zip(elsewhere, users, strict=True)
            ],
        )
        assert not Timer.objects.filter(task_id=task.pk).exists()
        assert_counted()


@pytest.mark.parametrize("name", DELETIONS)
def test_task_that_goes_while_time_is_written_is_counted_out(together, name):
    user = make_user()
    for _ in range(ROUNDS):
        task = make_task()
        entry, running = make_time(task), make_running_timer(task)
        calls = [
            lambda task=task: DELETIONS[name](task),
            lambda task=task: add(task, user),
            lambda entry=entry: timers.correct_time(actor=ACTOR, timer_id=entry.pk, seconds=60),
            lambda entry=entry: timers.delete_timer(actor=ACTOR, timer_id=entry.pk),
            lambda running=running: timers.stop_timer(actor=ACTOR, timer_id=running.pk),
            lambda task=task: timers.stop_timers_of_project(
                actor=ACTOR, project_id=task.project_id
            ),
        ]
        together(*[lambda call=call: attempt(call) for call in calls])
        assert not Timer.objects.filter(task_id=task.pk).exists()
        assert_counted()


def test_stop_of_a_project_while_timers_come_and_go_stops_each_once(together, make_api):
    """No deadlock even without the write runner: all take the tasks before the entries."""
    one, other = make_api(), make_api()
    users = [make_user() for _ in range(4)]
    for _ in range(ROUNDS):
        project = make_project()
        tasks = [make_task(project=project) for _ in range(4)]
        stayed = [
            make_running_timer(task, user=user, running_for=HOUR)
            for task, user in zip(tasks, users, strict=True)
        ]
        calls = [
            lambda project=project: timers.stop_timers_of_project(
                actor=ACTOR, project_id=project.pk
            ),
            lambda project=project: one.put(f"/projects/{project.pk}/stop-timers").status_code,
            lambda tasks=tasks: timers.stop_timers_of_task(actor=ACTOR, task_id=tasks[3].pk),
            # Each moves to the task that another is on.
            *[
                lambda task=task, user=user: timers.start_timer(
                    actor=ACTOR, task_id=task.pk, user=user
                )
                for task, user in zip(tasks[::-1], users, strict=True)
            ],
        ]
        together(*[lambda call=call: unless_mariadb_ends_it(call) for call in calls])
        for timer in stayed:
            row = Timer.objects.get(pk=timer.pk)
            assert row.is_running is None
            assert row.seconds == int((row.stopped_at - row.started_at).total_seconds())
        assert_counted()
        assert other.put(f"/projects/{project.pk}/stop-timers").status_code == 200
        assert not Timer.objects.filter(is_running=True).exists()
        assert_counted()


def test_totals_count_a_timer_that_stops_meanwhile_once(together, make_api):
    """A read in between shows as many entries as before and after, by the tally and by the rows."""
    one, other, third = make_api(), make_api(), make_api()
    for _ in range(ROUNDS):
        task = make_task()
        for _ in range(3):
            make_running_timer(task, running_for=HOUR)
        entries = Timer.objects.count()
        _, everything, of_task = together(
            lambda task=task: run_write(
                lambda: timers.stop_timers_of_task(actor=ACTOR, task_id=task.pk)
            ),
            lambda: one.get("/timesheets").json()["meta"],
            lambda task=task: other.get("/timesheets", task_id=task.pk).json()["meta"],
        )
        assert everything["total"] == entries
        assert of_task["total"] == 3
        assert 3 * 3600 <= of_task["time_seconds"] < 3 * 3600 + 3 * 60
        meta = third.get("/timesheets").json()["meta"]
        assert meta["total"] == entries
        assert meta["time_seconds"] == sum(Timer.objects.values_list("seconds", flat=True))
