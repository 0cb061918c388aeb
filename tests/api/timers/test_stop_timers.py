"""``PUT /tasks/{id}/stop-timers``, and who may ask what of time entries."""

import datetime as dt
from itertools import product

import pytest
from django.utils import timezone

from tasks.models import HistoryEntry
from tasks.testing import make_task, make_user
from tests.api.answers import METHOD, READ_ONLY, UNAUTHORIZED, expect
from tests.api.encodings import FORM, JSON
from tests.api.histories import told
from tests.api.timers.world import shown
from timers.models import Timer
from timers.testing import make_running_timer, make_stopped_timer, make_time

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def task(db):
    return make_task()


def answer(task):
    return {"data": {"id": task.pk}, "message": "Task timers stopped successfully."}


def test_stop_stops_every_running_timer_of_the_task_at_one_instant(api, task):
    kept = [make_stopped_timer(task), make_time(task), make_time(task, is_invoiced=True)]
    elsewhere = make_running_timer(make_task())
    running = [make_running_timer(task, running_for=hours * HOUR) for hours in (0, 1, 48)]
    before, kept_before = timezone.now(), [shown(timer) for timer in kept]
    with told() as news:
        r = api.put(f"/tasks/{task.pk}/stop-timers")
    expect(r, 200, answer(task))
    rows = [Timer.objects.get(pk=timer.pk) for timer in running]
    (instant,) = {row.stopped_at for row in rows}
    assert before <= instant <= timezone.now()
    assert [row.is_running for row in rows] == [None] * 3
    for row, timer in zip(rows, running, strict=True):
        assert row.started_at == timer.started_at
        assert row.seconds == int((instant - row.started_at).total_seconds())
    assert [shown(timer) for timer in kept] == kept_before
    assert Timer.objects.get(pk=elsewhere.pk).is_running
    assert news == [
        ("stopped", "timer", row.pk, str(row), {"seconds": [None, row.seconds]}) for row in rows
    ]
    entry = HistoryEntry.objects.latest("pk")
    assert (entry.door, entry.actor_id) == ("api", str(api.key.user_id))
    listed = api.get(f"/tasks/{task.pk}/timers").json()["data"]
    assert listed[:3] == [shown(row) for row in reversed(rows)]


def test_stop_where_none_runs_answers_and_changes_nothing(api, task, unchanged):
    make_stopped_timer(task)
    make_running_timer(make_task())
    with unchanged():
        expect(api.put(f"/tasks/{task.pk}/stop-timers"), 200, answer(task))


def test_stop_again_changes_nothing(api, task, unchanged):
    make_running_timer(task)
    expect(api.put(f"/tasks/{task.pk}/stop-timers/"), 200, answer(task))
    with unchanged():
        expect(api.put(f"/tasks/{task.pk}/stop-timers"), 200, answer(task))


def test_stop_of_a_timer_that_a_clock_set_back_left_counts_no_time(api, task):
    timer = make_running_timer(task, running_for=-HOUR)
    expect(api.put(f"/tasks/{task.pk}/stop-timers"), 200, answer(task))
    row = Timer.objects.get(pk=timer.pk)
    assert (row.seconds, row.is_running) == (0, None)
    assert row.stopped_at == row.started_at


def test_stop_of_a_timer_whose_user_was_deleted_stops_it(api, task):
    user = make_user()
    timer = make_running_timer(task, user=user, running_for=HOUR)
    user.delete()
    expect(api.put(f"/tasks/{task.pk}/stop-timers"), 200, answer(task))
    assert shown(timer)["user"] is None
    assert shown(timer)["time"] >= 3600


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("", FORM), ("a=1", FORM), ("{}", JSON), ("", JSON), ("{", JSON), ("x", "text/plain")],
)
def test_stop_takes_no_body_and_minds_none(api, task, body, content_type):
    timer = make_running_timer(task)
    expect(api.put(f"/tasks/{task.pk}/stop-timers", body, content_type), 200, answer(task))
    assert shown(timer)["status"] == "stopped"


REQUESTS = {"list": ("GET", "timers"), "stop": ("PUT", "stop-timers")}


@pytest.mark.parametrize("name", REQUESTS)
def test_request_without_key_is_unauthorized(anonymous, task, unchanged, name):
    make_running_timer(task)
    method, path = REQUESTS[name]
    with unchanged():
        r = anonymous.request(method, f"/tasks/{task.pk}/{path}")
    expect(r, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


def test_read_only_key_reads_and_stops_nothing(make_api, task, unchanged):
    make_running_timer(task)
    api = make_api(is_read_only=True)
    with unchanged():
        assert api.get(f"/tasks/{task.pk}/timers").status_code == 200
        expect(api.put(f"/tasks/{task.pk}/stop-timers"), 403, READ_ONLY)


@pytest.mark.parametrize(
    ("path", "allowed"), [("timers", {"GET", "HEAD"}), ("stop-timers", {"PUT"})]
)
def test_method_that_is_none_of_the_paths_is_not_allowed(api, task, unchanged, path, allowed):
    make_running_timer(task)
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - allowed
    with unchanged():
        for method, slash in product(sorted(others), ["", "/"]):
            r = api.request(method, f"/tasks/{task.pk}/{path}{slash}")
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == allowed


def test_single_timers_have_no_path(api, task):
    timer = make_stopped_timer(task)
    for method in ("GET", "PUT", "PATCH", "DELETE"):
        assert api.request(method, f"/tasks/{task.pk}/timers/{timer.pk}").status_code == 404
