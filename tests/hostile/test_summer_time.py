"""A site of naive local times, in the nights in which its clock is put forward and back."""

import datetime as dt
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import APIKey
from tasks.testing import make_api_key, make_task, make_user
from tests.conftest import API
from timers.models import Timer
from timers.services import timers

pytestmark = pytest.mark.skipif(settings.USE_TZ, reason="this host keeps aware times")

#: In Adak, 2026: at 2:00 it is 3:00, and at 2:00 it is 1:00 again.
FORWARD = dt.datetime(2026, 3, 8, 12, tzinfo=dt.UTC)
BACK = dt.datetime(2026, 11, 1, 11, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def clock(monkeypatch):
    """Sets what the time is, as Django tells it: naive, local, and with its ``fold``."""

    def set_to(moment):
        local = moment.astimezone(timezone.get_default_timezone()).replace(tzinfo=None)
        monkeypatch.setattr(timezone, "now", lambda: local)

    return set_to


def run(clock, api, begin, end):
    """A timer from one moment to another; what the API tells of it at the end, and afterwards."""
    user, task = make_user(), make_task()
    clock(begin)
    timer = timers.start_timer(actor=Actor(), task_id=task.pk, user=user)
    clock(end)
    (running,) = api.get("/timesheets").json()["data"]
    total = api.get("/timesheets").json()["meta"]["time_seconds"]
    assert running["time_seconds"] == total
    timers.stop_timer(actor=Actor(), timer_id=timer.pk)
    row = Timer.objects.get()
    told = api.get(f"/timesheets/{timer.pk}").json()["data"]
    assert row.seconds == running["time_seconds"] == told["time_seconds"]
    return row.seconds // 60, told["dates"]


@pytest.mark.parametrize("change", [FORWARD, BACK], ids=["forward", "back"])
@pytest.mark.parametrize(
    ("before", "later"), [(1, 61), (30, 90), (240, 240), (59, 61), (24 * 60, 24 * 60)]
)
def test_timer_over_the_change_counts_the_time_that_has_passed(clock, api, change, before, later):
    begin, end = change - before * MINUTE, change + later * MINUTE
    minutes, dates = run(clock, api, begin, end)
    assert minutes == before + later
    assert dt.datetime.fromisoformat(dates["started"]) == begin
    assert dt.datetime.fromisoformat(dates["stopped"]) == end


@pytest.mark.parametrize(("before", "later"), [(30, 5), (30, 45), (59, 59), (120, 1)])
def test_timer_stopped_in_the_second_of_two_hours_counts_the_time_that_has_passed(
    clock, api, before, later
):
    minutes, dates = run(clock, api, BACK - before * MINUTE, BACK + later * MINUTE)
    assert minutes == before + later
    assert dates["started"] <= dates["stopped"]


def test_timer_started_in_the_second_of_two_hours_counts_from_the_first(clock, api):
    """What can't be told apart: docs/mounting.md says so."""
    minutes, dates = run(clock, api, BACK + 10 * MINUTE, BACK + 100 * MINUTE)
    assert minutes == 90 + 60
    assert dt.datetime.fromisoformat(dates["started"]) == BACK - 50 * MINUTE


@pytest.mark.parametrize(
    ("expires", "asked", "status"),
    [
        (-30, -31, 200),
        (-30, -30, 401),
        # It is a quarter past one again, and the key ended at half past one.
        (-30, 15, 401),
        (-30, 61, 401),
        (90, -1, 200),
        (90, 59, 200),
        (90, 91, 401),
        # Half past one is the first one.
        (30, -31, 200),
        (30, -29, 401),
        (30, 15, 401),
    ],
)
def test_key_is_never_good_for_longer_than_meant(clock, db, expires, asked, status):
    local = (BACK + expires * MINUTE).astimezone(timezone.get_default_timezone())
    user = make_user(is_superuser=True)
    _, token = make_api_key(user=user, expires_at=local.replace(tzinfo=None))
    clock(BACK + asked * MINUTE)
    assert API(token).get("/statuses").status_code == status


@pytest.mark.parametrize("change", [FORWARD, BACK], ids=["forward", "back"])
def test_key_for_days_is_good_for_days_of_24_hours(clock, db, change):
    make_user(is_superuser=True)
    begin = change - dt.timedelta(hours=12)
    clock(begin)
    call_command("taskdock_key", "Robot", expires="1d", stdout=StringIO())
    key = APIKey.objects.get()
    for minutes, is_good in ((-1, True), (0, False)):
        clock(begin + dt.timedelta(days=1, minutes=minutes))
        assert key.is_usable(timezone.now()) is is_good


@pytest.mark.parametrize("change", [FORWARD, BACK], ids=["forward", "back"])
@pytest.mark.parametrize("minutes", [-70, -61, 61, 300])
def test_moments_are_told_in_utc(clock, api, change, minutes):
    task = make_task()
    moment = change + minutes * MINUTE
    clock(moment)
    assert api.put(f"/tasks/{task.pk}/status", "status=2").status_code == 200
    updated = api.get(f"/tasks/{task.pk}").json()["data"]["dates"]["updated"]
    # The task was made after all that, by the real clock.
    assert updated >= f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
