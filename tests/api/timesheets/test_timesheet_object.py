"""One timesheet, and the words for its time."""

import pytest

from tasks.people import wire_id
from tasks.testing import make_task, make_user
from tests.api.answers import expect
from tests.api.timesheets.world import shown
from timers.testing import make_running_timer, make_stopped_timer, make_time

MESSAGE = "Timesheet retrieved successfully."


def test_object_by_hand_is_whole(api, times):
    project, worker = times.task.project, wire_id(times.person.pk)
    data = {
        "id": times.a.pk,
        "task_id": times.task.pk,
        "project_id": project.pk,
        "client_id": project.client.pk,
        "worked_by_id": worker,
        "recorded_by_id": worker,
        "time_seconds": 3600,
        "time_readable": "1h",
        "status": "stopped",
        "billing": {"status": "not_invoiced", "invoice_id": None},
        "dates": {"created": "2026-06-01", "started": None, "stopped": None},
    }
    expect(api.get(f"/timesheets/{times.a.pk}"), 200, {"data": data, "message": MESSAGE})


def test_object_is_the_same_alone_as_in_the_list(api, times):
    listed = api.get("/timesheets", status="stopped").json()["data"]
    for row, timer in zip(listed, times.named("d c b a"), strict=True):
        assert row == shown(timer)
        for path in (f"/timesheets/{timer.pk}", f"/timesheets/00{timer.pk}/"):
            expect(api.get(path), 200, {"data": row, "message": MESSAGE})


def test_object_of_a_running_timer_has_no_end(api, times):
    data = api.get(f"/timesheets/{times.running.pk}").json()["data"]
    assert data == shown(times.running, seconds=data["time_seconds"])
    assert data["time_readable"] == "2h"
    assert (data["client_id"], data["dates"]["stopped"]) == (None, None)


def test_object_of_somebody_deleted_has_no_worker(api, db):
    task, user = make_task(), make_user()
    entries = [make_time(task, user=user), make_running_timer(task, user=user)]
    user.delete()
    for timer in entries:
        data = api.get(f"/timesheets/{timer.pk}").json()["data"]
        assert (data["worked_by_id"], data["recorded_by_id"]) == (None, None)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0m"),
        (1, "1s"),
        (45, "45s"),
        (59, "59s"),
        (60, "1m"),
        (61, "1m"),
        (1800, "30m"),
        (3599, "59m"),
        (3600, "1h"),
        (3601, "1h"),
        (3659, "1h"),
        (3660, "1h 1m"),
        (5400, "1h 30m"),
        (7200, "2h"),
        (86_400, "24h"),
        (90_061, "25h 1m"),
        (2**31 - 1, "596523h 14m"),
    ],
)
def test_time_is_readable(api, db, seconds, text):
    timer = make_stopped_timer(make_task(), seconds=seconds)
    data = api.get(f"/timesheets/{timer.pk}").json()["data"]
    assert (data["time_seconds"], data["time_readable"]) == (seconds, text)
