"""The rules of time entries, through the services that every door uses."""

import datetime as dt

import pytest
from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from tasks.clock import today
from tasks.exceptions import TaskNotFound
from tasks.models import Project, Task
from tasks.services.checklists import add_checklist_item
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task
from tasks.testing import make_actor, make_project, make_task, make_user
from tests.api.answers import expect
from tests.api.histories import told
from tests.moments import utc
from timers.exceptions import (
    TaskHasInvoicedTime,
    TimeOutOfRange,
    TimerIsInvoiced,
    TimerIsRunning,
    TimerNotFound,
)
from timers.models import Timer
from timers.services import timers
from timers.testing import WORK_DATE, make_running_timer, make_stopped_timer, make_time

HOUR = dt.timedelta(hours=1)
NOBODY = 987654321
LONG_AGO = utc(2000, 1, 1)


@pytest.fixture
def task(db):
    return make_task()


@pytest.fixture
def actor(db):
    return make_actor(make_user())


def fresh(timer):
    return Timer.objects.get(pk=timer.pk)


def test_start_runs_from_now_on(task, actor):
    user = make_user()
    before, before_day = timezone.now(), today()
    with told() as news:
        timer = timers.start_timer(actor=actor, task_id=task.pk, user=user)
    row = fresh(timer)
    assert before <= row.started_at <= timezone.now()
    assert (row.task_id, row.user_id, row.recorded_by_id) == (task.pk, user.pk, actor.user_id)
    assert (row.is_running, row.stopped_at, row.seconds, row.is_invoiced) == (True, None, 0, False)
    assert row.work_date in {before_day, today()}
    assert news == [("started", "timer", timer.pk, str(row), {})]


def test_start_of_another_stops_the_first_at_the_same_instant(task, actor):
    user = make_user()
    other_task = make_task()
    bystander = make_running_timer(task)
    first = make_running_timer(task, user=user, running_for=HOUR)
    with told() as news:
        second = timers.start_timer(actor=actor, task_id=other_task.pk, user=user)
    old, new = fresh(first), fresh(second)
    assert old.stopped_at == new.started_at
    assert (old.is_running, new.is_running) == (None, True)
    assert old.seconds == int((old.stopped_at - old.started_at).total_seconds()) >= 3600
    assert fresh(bystander).is_running
    assert news == [
        ("stopped", "timer", old.pk, str(old), {"seconds": [None, old.seconds]}),
        ("started", "timer", new.pk, str(new), {}),
    ]


def test_start_where_it_runs_already_changes_nothing(task, actor, unchanged):
    user = make_user()
    first = make_running_timer(task, user=user, running_for=HOUR)
    with unchanged():
        again = timers.start_timer(actor=actor, task_id=task.pk, user=user)
    assert again.pk == first.pk


def test_start_after_a_clock_was_set_back_keeps_both_at_one_instant(task, actor):
    user = make_user()
    first = make_running_timer(task, user=user, running_for=-HOUR)
    second = timers.start_timer(actor=actor, task_id=make_task().pk, user=user)
    old, new = fresh(first), fresh(second)
    assert old.started_at == old.stopped_at == new.started_at
    assert old.seconds == 0
    timers.stop_timer(actor=actor, timer_id=new.pk)
    assert fresh(new).seconds == 0


def test_timers_of_several_people_run_side_by_side(task, actor):
    for _ in range(3):
        timers.start_timer(actor=actor, task_id=task.pk, user=make_user())
    assert Timer.objects.filter(task=task, is_running=True).count() == 3


def test_stop_counts_the_whole_seconds(task, actor):
    timer = make_running_timer(task, running_for=HOUR)
    with told() as news:
        timers.stop_timer(actor=actor, timer_id=timer.pk)
    row = fresh(timer)
    assert row.seconds == int((row.stopped_at - row.started_at).total_seconds()) >= 3600
    assert news == [("stopped", "timer", row.pk, str(row), {"seconds": [None, row.seconds]})]


def test_stop_of_one_that_has_stopped_changes_nothing(task, actor, unchanged):
    for timer in (make_stopped_timer(task), make_time(task), make_time(task, is_invoiced=True)):
        with unchanged():
            timers.stop_timer(actor=actor, timer_id=timer.pk)


@pytest.mark.parametrize("seconds", [60, 61, 3600, 86_400])
def test_add_records_time_by_hand(task, actor, seconds):
    user = make_user()
    with told() as news:
        timer = timers.add_time(
            actor=actor, task_id=task.pk, user=user, seconds=seconds, work_date=WORK_DATE
        )
    row = fresh(timer)
    assert (row.seconds, row.work_date, row.started_at, row.stopped_at) == (
        seconds,
        WORK_DATE,
        None,
        None,
    )
    assert (row.task_id, row.user_id, row.recorded_by_id) == (task.pk, user.pk, actor.user_id)
    assert news == [("created", "timer", row.pk, str(row), {})]


@pytest.mark.parametrize("seconds", [59, 0, -1, -3600, 86_401, 2**31, 2**64])
def test_time_out_of_range_is_refused(task, actor, unchanged, seconds):
    timer = make_time(task)
    with unchanged():
        with pytest.raises(TimeOutOfRange):
            timers.add_time(
                actor=actor,
                task_id=task.pk,
                user=make_user(),
                seconds=seconds,
                work_date=WORK_DATE,
            )
        with pytest.raises(TimeOutOfRange):
            timers.correct_time(actor=actor, timer_id=timer.pk, seconds=seconds)


@pytest.mark.parametrize("make_entry", [make_time, make_stopped_timer])
def test_correct_changes_time_and_day(task, actor, make_entry):
    timer = make_entry(task)
    before = fresh(timer)
    day = before.work_date - dt.timedelta(days=1)
    with told() as news:
        timers.correct_time(actor=actor, timer_id=timer.pk, seconds=120, work_date=day)
    row = fresh(timer)
    assert (row.seconds, row.work_date) == (120, day)
    assert (row.started_at, row.stopped_at) == (before.started_at, before.stopped_at)
    changes = {
        "seconds": [3600, 120],
        "work_date": [before.work_date.isoformat(), day.isoformat()],
    }
    assert news == [("updated", "timer", row.pk, str(row), changes)]


def test_correct_to_what_it_is_changes_nothing(task, actor, unchanged):
    timer = make_time(task, seconds=120)
    with unchanged():
        timers.correct_time(actor=actor, timer_id=timer.pk, seconds=120, work_date=WORK_DATE)


def test_invoiced_time_is_neither_corrected_nor_deleted(task, actor, unchanged):
    timer = make_stopped_timer(task, is_invoiced=True)
    with unchanged():
        with pytest.raises(TimerIsInvoiced):
            timers.correct_time(actor=actor, timer_id=timer.pk, seconds=120)
        with pytest.raises(TimerIsInvoiced):
            timers.correct_time(actor=actor, timer_id=timer.pk, work_date=WORK_DATE)
        with pytest.raises(TimerIsInvoiced):
            timers.delete_timer(actor=actor, timer_id=timer.pk)


def test_running_timer_is_neither_corrected_nor_invoiced(task, actor, unchanged):
    timer = make_running_timer(task)
    with unchanged():
        with pytest.raises(TimerIsRunning):
            timers.correct_time(actor=actor, timer_id=timer.pk, seconds=120)
        with pytest.raises(TimerIsRunning):
            timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=True)


def test_invoicing_is_recorded_and_can_be_taken_back(task, actor, unchanged):
    timer = make_time(task)
    with told() as news:
        for is_invoiced in (True, False):
            timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=is_invoiced)
            with unchanged():
                timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=is_invoiced)
            assert fresh(timer).is_invoiced is is_invoiced
    assert news == [
        ("invoiced", "timer", timer.pk, str(timer), {"is_invoiced": [False, True]}),
        ("uninvoiced", "timer", timer.pk, str(timer), {"is_invoiced": [True, False]}),
    ]
    timers.delete_timer(actor=actor, timer_id=timer.pk)


@pytest.mark.parametrize("make_entry", [make_time, make_stopped_timer, make_running_timer])
def test_delete_takes_that_entry_alone(task, actor, make_entry):
    timer, kept = make_entry(task), make_entry(task)
    with told() as news:
        timers.delete_timer(actor=actor, timer_id=timer.pk)
    assert [*Timer.objects.all()] == [kept]
    assert news == [("deleted", "timer", timer.pk, str(timer), {})]


def test_services_refuse_what_is_not_there(db, actor, unchanged):
    user = make_user()
    with unchanged():
        with pytest.raises(TaskNotFound):
            timers.start_timer(actor=actor, task_id=NOBODY, user=user)
        with pytest.raises(TaskNotFound):
            timers.stop_timers_of_task(actor=actor, task_id=NOBODY)
        with pytest.raises(TaskNotFound):
            timers.add_time(actor=actor, task_id=NOBODY, user=user, seconds=60, work_date=WORK_DATE)
        for service, fields in [
            (timers.stop_timer, {}),
            (timers.correct_time, {"seconds": 60}),
            (timers.set_invoiced, {"is_invoiced": True}),
            (timers.delete_timer, {}),
        ]:
            with pytest.raises(TimerNotFound):
                service(actor=actor, timer_id=NOBODY, **fields)


def test_nothing_about_time_moves_date_or_version_of_the_task(task, actor):
    other = make_task()

    def rows():
        return [[*model.objects.order_by("pk").values()] for model in (Task, Project)]

    before, user = rows(), make_user()
    timer = timers.start_timer(actor=actor, task_id=task.pk, user=user)
    timers.start_timer(actor=actor, task_id=other.pk, user=user)
    timers.stop_timers_of_task(actor=actor, task_id=other.pk)
    timers.correct_time(actor=actor, timer_id=timer.pk, seconds=60)
    timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=True)
    timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=False)
    timers.delete_timer(actor=actor, timer_id=timer.pk)
    make_time(task)
    assert rows() == before


def running_row(task, user, **fields):
    values = {
        "task": task,
        "user": user,
        "is_running": True,
        "started_at": timezone.now(),
        "work_date": WORK_DATE,
    }
    return Timer(**(values | fields))


def refused_by_the_database(row):
    # MariaDB knows numbers that are never negative.
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        row.save(force_insert=True)
    return True


def test_database_lets_nobody_have_two_running_timers(task):
    user = make_user()
    make_running_timer(task, user=user)
    assert refused_by_the_database(running_row(make_task(), user))
    assert refused_by_the_database(running_row(task, user))
    make_stopped_timer(task, user=make_user())
    make_time(task, user=user)
    make_time(task, user=user)


def test_database_keeps_the_running_timers_of_the_deleted(task):
    users = [make_user(), make_user()]
    for user in users:
        make_running_timer(task, user=user)
    for user in users:
        user.delete()
    assert Timer.objects.filter(user=None, is_running=True).count() == 2


@pytest.mark.parametrize(
    "wrong",
    [
        {"started_at": None},
        {"stopped_at": LONG_AGO},
        {"seconds": 1},
        {"is_invoiced": True},
        {"is_running": None, "stopped_at": LONG_AGO},
        {"is_running": None, "seconds": -1},
    ],
    ids=str,
)
def test_database_refuses_timers_that_make_no_sense(task, wrong):
    assert refused_by_the_database(running_row(task, make_user(), **wrong))


@pytest.fixture
def invoiced(task):
    """A task with invoiced time among other time, and things that belong to it."""
    make_time(task)
    make_time(task, is_invoiced=True)
    make_running_timer(task)
    add_checklist_item(actor=make_actor(), parent=task, text="x")
    return task


REFUSAL = {"message": "The task has invoiced time."}


def test_task_with_invoiced_time_is_not_deleted(api, invoiced, unchanged):
    with unchanged():
        expect(api.delete(f"/tasks/{invoiced.pk}"), 409, REFUSAL)
        with pytest.raises(TaskHasInvoicedTime):
            delete_task(actor=make_actor(), task_id=invoiced.pk)


def test_project_with_invoiced_time_is_not_deleted(api, invoiced, unchanged):
    make_task(project=invoiced.project)
    with unchanged(), pytest.raises(TaskHasInvoicedTime, match=r"The task has invoiced time\."):
        delete_project(actor=make_actor(), project_id=invoiced.project_id)


def test_other_tasks_and_projects_are_deleted_beside_invoiced_time(api, invoiced):
    neighbour = make_task(project=invoiced.project)
    make_time(neighbour)
    assert api.delete(f"/tasks/{neighbour.pk}").status_code == 200
    project = make_project()
    make_time(make_task(project=project))
    delete_project(actor=make_actor(), project_id=project.pk)
    assert Timer.objects.filter(task=invoiced).count() == 3
    assert Timer.objects.count() == 3


def test_task_goes_once_the_invoice_is_taken_back(api, invoiced, actor):
    timer = Timer.objects.get(is_invoiced=True)
    timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=False)
    assert api.delete(f"/tasks/{invoiced.pk}").status_code == 200
    assert not Timer.objects.exists()
