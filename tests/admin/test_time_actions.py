"""Time entries in the admin: bulk actions with a preview, and timers that somebody forgot."""

import datetime as dt

import pytest

from tasks.models import HistoryEntry
from tasks.testing import make_actor, make_task
from tests.conftest import ADMIN
from timers.exceptions import TimeExceedsTimer, TimeOutOfRange
from timers.models import Timer
from timers.services.timers import HOUR, stop_timer
from timers.testing import make_running_timer, make_time

TIMERS = "taskdock_timers/timer"
FORGOTTEN = dt.timedelta(hours=70, minutes=40)


@pytest.fixture
def forgotten(admin):
    return make_running_timer(make_task("Build"), user=admin.user, running_for=FORGOTTEN)


def _stop(admin, timer, **data):
    return admin.client.post(f"{ADMIN}/{TIMERS}/{timer.pk}/stop/", data, follow=True)


def _stop_in_panel(admin, timer, **data):
    return _panel(admin, timer, "stop", **data)


def _start(admin, task, **data):
    data = {"task": task.pk, **data}
    return admin.client.post(f"{ADMIN}/{TIMERS}/start/", data, follow=True)


def _panel(admin, timer, action, **data):
    path = f"{ADMIN}/taskdock/task/{timer.task_id}/panels/time/{action}/"
    return admin.client.post(path, {"row": timer.pk, **data})


def test_possible_entries_are_marked_and_the_others_named(admin, messages_of):
    entries = [make_time(make_task()) for _number in range(3)]
    running = make_running_timer(make_task("Runs"), user=admin.user)
    invoiced = make_time(make_task("Old"), is_invoiced=True)
    rows = [*entries, running, invoiced]
    preview = admin.action(f"{TIMERS}/", "mark_invoiced", rows).content.decode()
    assert "3 time entries will change" in preview
    assert "1 time entry can&#x27;t be changed" in preview or "can't be changed" in preview
    assert Timer.objects.filter(is_invoiced=True).count() == 1
    said = messages_of(admin.action(f"{TIMERS}/", "mark_invoiced", rows, post="yes"))
    assert said[0] == "3 entries marked."
    assert "The time entry is running." in said[-1]
    assert "Runs" in said[-1]
    assert set(Timer.objects.filter(is_invoiced=True)) == {*entries, invoiced}


@pytest.mark.parametrize(
    ("action", "left", "said"),
    [
        ("unmark_invoiced", {"Old", "New", "Runs"}, "1 entry marked."),
        ("delete_selected", {"Old"}, "2 time entries were deleted."),
        ("stop", {"Old", "New", "Runs"}, "1 timer stopped."),
    ],
)
def test_every_bulk_action_does_what_it_can(admin, messages_of, action, left, said):
    rows = [
        make_time(make_task("Old"), is_invoiced=True),
        make_time(make_task("New")),
        make_running_timer(make_task("Runs"), user=admin.user),
    ]
    admin.action(f"{TIMERS}/", action, rows)
    assert not HistoryEntry.objects.filter(verb__in=["uninvoiced", "deleted", "stopped"]).exists()
    answer = admin.action(f"{TIMERS}/", action, rows, post="yes")
    assert messages_of(answer)[0] == said
    assert set(Timer.objects.values_list("task__title", flat=True)) == left


def test_bulk_stop_warns_of_long_timers(admin, forgotten):
    html = admin.action(f"{TIMERS}/", "stop", [forgotten]).content.decode()
    assert "70:40:0" in html
    assert "Longer than 12 hours" in html


def test_stop_of_a_long_timer_asks_first(admin, forgotten):
    html = _stop(admin, forgotten).content.decode()
    assert "Keep 70:40:0" in html
    assert Timer.objects.get(pk=forgotten.pk).is_running


@pytest.mark.parametrize(
    ("data", "seconds"),
    [
        ({"keep": "1"}, int(FORGOTTEN.total_seconds())),
        ({"keep": "1", "time": "nonsense"}, int(FORGOTTEN.total_seconds())),
        ({"time": "7:30"}, 27_000),
        ({"time": "7.5"}, 27_000),
    ],
)
@pytest.mark.parametrize("send", [_stop, _stop_in_panel])
def test_long_timer_stops_with_the_chosen_time(admin, forgotten, send, data, seconds):
    send(admin, forgotten, **data)
    timer = Timer.objects.get(pk=forgotten.pk)
    assert timer.is_running is None
    assert timer.seconds == pytest.approx(seconds, abs=60 if "keep" in data else 0)
    assert (timer.stopped_at - timer.started_at).total_seconds() == pytest.approx(
        timer.seconds, abs=1
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"time": ""}, "Keep that, or enter the time worked."),
        ({"time": "0"}, "between one minute and 24 hours"),
        ({"time": "25"}, "between one minute and 24 hours"),
        ({"time": "soon"}, "Enter hours and minutes"),
    ],
)
@pytest.mark.parametrize("send", [_stop, _stop_in_panel])
def test_wrong_time_leaves_the_timer_running(admin, forgotten, send, data, message):
    assert message in send(admin, forgotten, **data).content.decode()
    assert Timer.objects.get(pk=forgotten.pk).is_running


def test_short_timer_stops_at_once(admin):
    timer = make_running_timer(make_task(), user=admin.user, running_for=dt.timedelta(hours=2))
    _stop(admin, timer)
    assert Timer.objects.get(pk=timer.pk).is_running is None


def test_start_elsewhere_asks_for_the_time_of_a_long_timer(admin, forgotten):
    task = make_task("Next")
    assert "Keep 70:40:0" in _start(admin, task).content.decode()
    assert Timer.objects.get(is_running=True) == forgotten
    _start(admin, task, time="8")
    assert Timer.objects.get(pk=forgotten.pk).seconds == 8 * HOUR
    assert Timer.objects.get(is_running=True).task == task


def test_panel_and_form_start_nothing_over_a_long_timer(admin, forgotten):
    task = make_task("Next")
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/time/start/"
    assert "Stop it first" in admin.client.post(path).content.decode()
    page = admin.open(f"{TIMERS}/add/")
    assert "Stop it first" in page.submit(task=task.pk).content.decode()
    assert Timer.objects.get() == forgotten


@pytest.mark.parametrize(
    ("seconds", "error"),
    [(59, TimeOutOfRange), (24 * HOUR + 1, TimeOutOfRange), (2 * HOUR, TimeExceedsTimer)],
)
def test_service_refuses_a_time_that_the_timer_can_not_have(db, seconds, error):
    timer = make_running_timer(make_task(), running_for=dt.timedelta(hours=1))
    with pytest.raises(error):
        stop_timer(actor=make_actor(), timer_id=timer.pk, seconds=seconds)
    assert Timer.objects.get().is_running


def test_time_for_a_timer_that_has_stopped_meanwhile_changes_nothing(db):
    timer = make_time(make_task())
    stop_timer(actor=make_actor(), timer_id=timer.pk, seconds=2 * HOUR)
    assert Timer.objects.get().seconds == HOUR
