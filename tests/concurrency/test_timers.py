"""Time that is started, stopped, invoiced and deleted at once."""

import datetime as dt

import pytest
from django.db.models import F

from tasks.actors import Actor
from tasks.exceptions import TaskNotFound
from tasks.models import HistoryEntry, Task
from tasks.platform.writes import run_write
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task
from tasks.testing import make_project, make_task, make_user
from tests.concurrency.conftest import unless_mariadb_ends_it
from timers.exceptions import TaskHasInvoicedTime, TimerIsInvoiced, TimerNotFound
from timers.models import Timer
from timers.services import timers
from timers.testing import WORK_DATE, make_running_timer, make_stopped_timer, make_time

pytestmark = pytest.mark.server

ROUNDS = 10
CROWD = 8
MINUTE = dt.timedelta(minutes=1)
GONE = {"message": "Task not found."}


def start(task, user):
    return unless_mariadb_ends_it(
        lambda: timers.start_timer(actor=Actor(), task_id=task.pk, user=user)
    )


def attempt(call, *refusals):
    """What the call returns, or the class of the refusal that it raised."""
    try:
        return unless_mariadb_ends_it(call)
    except refusals as error:
        return type(error)


def check_entries(*, running):
    """Every entry is whole, each stop was recorded once, and so many timers run."""
    assert Timer.objects.filter(is_running=True).count() == running
    assert not Timer.objects.filter(stopped_at__lt=F("started_at")).exists()
    assert not Timer.objects.filter(is_running=None, started_at__isnull=False, stopped_at=None)
    stops = HistoryEntry.objects.filter(verb="stopped").values_list("subject_id", flat=True)
    assert len(stops) == len(set(stops))


def test_two_starts_by_one_user_leave_one_running(together):
    user = make_user()
    tasks = [make_task(), make_task()]
    for number in range(1, ROUNDS + 1):
        started = together(*[lambda task=task: start(task, user) for task in tasks])
        # Of the second round on one of the tasks has it running already, perhaps.
        running = Timer.objects.get(user=user, is_running=True)
        assert running.pk in {timer.pk for timer in started}
        check_entries(running=1)
        if number % 2:
            timers.stop_timer(actor=Actor(), timer_id=running.pk)


def test_first_starts_by_one_user_on_two_tasks_follow_upon_each_other(together):
    for _ in range(ROUNDS):
        user, tasks = make_user(), [make_task(), make_task()]
        together(*[lambda task=task, user=user: start(task, user) for task in tasks])
        first, second = Timer.objects.filter(user=user).order_by("started_at", "pk")
        assert (first.is_running, second.is_running) == (None, True)
        assert first.stopped_at == second.started_at


def test_crowd_of_starts_by_one_user_leaves_one_running(together):
    user = make_user()
    tasks = [make_task() for _ in range(CROWD)]
    for _ in range(3):
        started = together(
            *[
                lambda task=task: run_write(
                    lambda: timers.start_timer(actor=Actor(), task_id=task.pk, user=user)
                )
                for task in tasks
            ]
        )
        assert Timer.objects.get(user=user, is_running=True).pk in {t.pk for t in started}
        check_entries(running=1)
    entries = [*Timer.objects.filter(user=user).order_by("started_at", "pk")]
    stops = {timer.stopped_at for timer in entries} - {None}
    assert stops == {timer.started_at for timer in entries[1:]}


def test_starts_by_one_user_on_one_task_make_one_entry(together):
    for _ in range(ROUNDS):
        user, task = make_user(), make_task()
        started = together(*[lambda task=task, user=user: start(task, user)] * 4)
        assert len({timer.pk for timer in started}) == 1
        assert Timer.objects.filter(user=user).count() == 1


def test_starts_by_several_people_on_one_task_all_run(together):
    task = make_task()
    users = [make_user() for _ in range(CROWD)]
    together(*[lambda user=user: start(task, user) for user in users])
    check_entries(running=CROWD)


def test_start_of_another_while_the_first_is_stopped_stops_it_once(together):
    for number in range(1, ROUNDS + 1):
        user, other = make_user(), make_task()
        first = make_running_timer(make_task(), user=user, running_for=MINUTE)
        second, stopped = together(
            lambda user=user, other=other: start(other, user),
            lambda first=first: unless_mariadb_ends_it(
                lambda: timers.stop_timer(actor=Actor(), timer_id=first.pk)
            ),
        )
        row = Timer.objects.get(pk=first.pk)
        assert (row.stopped_at, row.seconds) == (stopped.stopped_at, stopped.seconds)
        assert row.seconds >= 60
        assert Timer.objects.get(user=user, is_running=True).pk == second.pk
        check_entries(running=number)


def test_stop_of_a_task_while_timers_start_on_it_and_leave_it_stops_each_once(together, make_api):
    one, other = make_api(), make_api()
    for _ in range(ROUNDS):
        task, elsewhere = make_task(), make_task()
        leaver, comer, stayer = make_user(), make_user(), make_user()
        leaving = make_running_timer(task, user=leaver, running_for=MINUTE)
        staying = make_running_timer(task, user=stayer, running_for=MINUTE)
        stopped, again, moved, _ = together(
            lambda task=task: one.put(f"/tasks/{task.pk}/stop-timers"),
            lambda task=task: other.put(f"/tasks/{task.pk}/stop-timers"),
            lambda elsewhere=elsewhere, leaver=leaver: start(elsewhere, leaver),
            lambda task=task, comer=comer: start(task, comer),
        )
        for r in (stopped, again):
            assert r.status_code == 200
            assert r.json() == {
                "data": {"id": task.pk},
                "message": "Task timers stopped successfully.",
            }
        assert Timer.objects.get(user=leaver, is_running=True).pk == moved.pk
        for timer in (leaving, staying):
            row = Timer.objects.get(pk=timer.pk)
            assert row.is_running is None
            assert row.seconds == int((row.stopped_at - row.started_at).total_seconds())
        # Who came may have come before a stop or after both.
        assert Timer.objects.filter(task=task, is_running=True).count() <= 1
        one.put(f"/tasks/{task.pk}/stop-timers")
        one.put(f"/tasks/{elsewhere.pk}/stop-timers")
        check_entries(running=0)


def test_delete_of_a_task_while_its_timer_moves_on_takes_what_is_its_own(together, make_api):
    api = make_api()
    for _ in range(ROUNDS):
        user, other = make_user(), make_task()
        task = make_task()
        make_running_timer(task, user=user)
        deleted, moved = together(
            lambda task=task: api.delete(f"/tasks/{task.pk}"),
            lambda other=other, user=user: start(other, user),
        )
        assert deleted.status_code == 200
        assert [*Timer.objects.filter(user=user)] == [moved]
        assert Timer.objects.get(pk=moved.pk).is_running


WRITES = {
    "start": lambda task, user, _entry: timers.start_timer(
        actor=Actor(), task_id=task.pk, user=user
    ),
    "add": lambda task, user, _entry: timers.add_time(
        actor=Actor(), task_id=task.pk, user=user, seconds=60, work_date=WORK_DATE
    ),
    "correct": lambda _task, _user, entry: timers.correct_time(
        actor=Actor(), timer_id=entry.pk, seconds=60
    ),
    "delete": lambda _task, _user, entry: timers.delete_timer(actor=Actor(), timer_id=entry.pk),
    "stop": lambda task, _user, _entry: timers.stop_timers_of_task(actor=Actor(), task_id=task.pk),
}


@pytest.mark.parametrize("name", WRITES)
def test_delete_of_a_task_while_time_is_written_leaves_nothing(together, make_api, name):
    api, user = make_api(), make_user()
    for _ in range(ROUNDS):
        task = make_task()
        make_running_timer(task)
        entry = make_time(task)
        deleted, _ = together(
            lambda task=task: api.delete(f"/tasks/{task.pk}"),
            lambda task=task, entry=entry: attempt(
                lambda: WRITES[name](task, user, entry), TaskNotFound, TimerNotFound
            ),
        )
        assert deleted.status_code == 200
        assert not Timer.objects.exists()
        assert not Task.objects.exists()


@pytest.mark.parametrize("name", WRITES)
def test_delete_of_a_project_while_time_is_written_leaves_nothing(together, name):
    """No deadlock even without the write runner: both take the tasks before the entries."""
    user = make_user()
    for _ in range(ROUNDS):
        project = make_project()
        task, other = make_task(project=project), make_task(project=project)
        make_running_timer(task, user=user)
        entry = make_time(other)
        together(
            lambda project=project: attempt(
                lambda: delete_project(actor=Actor(), project_id=project.pk)
            ),
            lambda other=other, entry=entry: attempt(
                lambda: WRITES[name](other, user, entry), TaskNotFound, TimerNotFound
            ),
        )
        assert not Timer.objects.exists()
        assert not Task.objects.exists()


DELETIONS = {
    "task": lambda task: delete_task(actor=Actor(), task_id=task.pk),
    "project": lambda task: delete_project(actor=Actor(), project_id=task.project_id),
}


@pytest.mark.parametrize("name", DELETIONS)
def test_invoiced_time_never_goes_with_what_is_deleted_meanwhile(together, name):
    outcomes = set()
    for _ in range(2 * ROUNDS):
        task = make_task()
        entry = make_stopped_timer(task)
        deleted, invoiced = together(
            lambda task=task: attempt(lambda: DELETIONS[name](task), TaskHasInvoicedTime),
            lambda entry=entry: attempt(
                lambda: timers.set_invoiced(actor=Actor(), timer_id=entry.pk, is_invoiced=True),
                TimerNotFound,
            ),
        )
        outcomes.add(deleted)
        if deleted is TaskHasInvoicedTime:
            assert Timer.objects.get(pk=entry.pk).is_invoiced
            assert invoiced == entry
        else:
            assert invoiced is TimerNotFound
            assert not Task.objects.filter(pk=task.pk).exists()
    assert outcomes <= {None, TaskHasInvoicedTime}


def test_correction_and_invoice_at_once_never_change_what_is_invoiced(together):
    for _ in range(ROUNDS):
        entry = make_time(make_task(), seconds=3600)
        corrected, _ = together(
            lambda entry=entry: attempt(
                lambda: timers.correct_time(actor=Actor(), timer_id=entry.pk, seconds=60),
                TimerIsInvoiced,
            ),
            lambda entry=entry: timers.set_invoiced(
                actor=Actor(), timer_id=entry.pk, is_invoiced=True
            ),
        )
        row = Timer.objects.get(pk=entry.pk)
        assert row.is_invoiced
        assert row.seconds == (3600 if corrected is TimerIsInvoiced else 60)
        verbs = HistoryEntry.objects.filter(subject_type="timer", subject_id=entry.pk)
        assert verbs.order_by("-pk").values_list("verb", flat=True)[0] == "invoiced"


def test_time_logged_is_right_while_timers_stop(together, make_api):
    """A read in between shows what was before or what is after, never half of it."""
    one, other = make_api(), make_api()
    for _ in range(ROUNDS):
        task = make_task()
        make_time(task, seconds=600)
        for _ in range(2):
            make_running_timer(task, running_for=MINUTE)
        _, read = together(
            lambda task=task: one.put(f"/tasks/{task.pk}/stop-timers"),
            lambda task=task: other.get(f"/tasks/{task.pk}"),
        )
        after = one.get(f"/tasks/{task.pk}").json()["data"]["time_logged"]
        assert after == 600 + sum(
            Timer.objects.filter(task=task, started_at__isnull=False).values_list(
                "seconds", flat=True
            )
        )
        assert read.json()["data"]["time_logged"] in {600, after}
