"""What writes leave behind: the rows, the history, the answer, and the tally."""

import datetime as dt
from itertools import product

import pytest

from tasks.models import HistoryEntry
from tasks.people import wire_id
from tasks.testing import make_task, make_user
from tests.api.answers import expect
from tests.api.encodings import ENCODINGS, MERGE_PATCH
from tests.api.histories import told
from tests.api.timesheets.world import WRITES, shown
from tests.counting import assert_counted
from timers.models import Timer
from timers.testing import make_running_timer, make_stopped_timer, make_time

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)


@ENCODED
def test_create_records_the_time(api, times, encoding):
    with told() as news:
        r = times.write("create").send(api, encoding)
    row = Timer.objects.latest("pk")
    expect(r, 201, {"data": shown(row), "message": "Timesheet created successfully."})
    assert (row.task_id, row.user_id, row.recorded_by_id) == (
        times.task.pk,
        times.colleague.pk,
        api.key.user_id,
    )
    assert (row.seconds, row.work_date, row.is_invoiced) == (5400, dt.date(2026, 6, 17), False)
    assert (row.is_running, row.started_at, row.stopped_at) == (None, None, None)
    assert news == [("created", "timer", row.pk, str(row), {})]
    entry = HistoryEntry.objects.latest("pk")
    assert (entry.door, entry.actor_id) == ("api", str(api.key.user_id))
    assert_counted()
    logged = api.get(f"/tasks/{times.task.pk}").json()["data"]["time_logged"]
    assert logged == 3600 + 90 + 5400


def test_create_on_an_archived_task_and_on_days_to_come_is_taken(api, times):
    for fields in ({"task_id": times.archived.pk}, {"timer_created": "2199-12-31"}):
        assert times.write("create").send(api, **fields).status_code == 201


#: Hours and minutes as they are sent, and the seconds that they are.
TIMES = [
    ("0", "1", 60),
    ("1", "0", 3600),
    ("24", "0", 86_400),
    ("23", "60", 86_400),
    ("0", "1440", 86_400),
    ("0", "90", 5400),
    ("1.5", "0", 5400),
    ("0", "1.5", 90),
    ("0.5", "0.5", 1830),
    ("0.1", "0", 360),
    ("0.7", "0.1", 2526),
    ("0.0166666667", "0", 60),
    ("0.333333333333333333333333333333333333", "0", 1200),
    # To the nearest second, a half rounded up.
    ("0", "1.008", 60),
    ("0", "1.0083333", 60),
    ("0", "1.0083334", 61),
    ("0", "1.025", 62),
    ("0", "0.99167", 60),
    ("24.0001", "0", 86_400),
    ("007", "00.50", 25_230),
    ("0." + "0" * 39 + "1", "2", 120),
]


@pytest.mark.parametrize(("hours", "minutes", "seconds"), TIMES)
def test_time_is_exact_to_the_second(api, times, hours, minutes, seconds):
    for write, encoding in product(map(times.write, ["create", "update"]), ENCODINGS):
        r = write.send(api, encoding, hours=hours, minutes=minutes)
        assert r.json()["data"]["time_seconds"] == seconds, r.json()
    r = times.write("merge").send(api, hours=hours, minutes=minutes)
    assert r.json()["data"]["time_seconds"] == seconds
    assert_counted()


@pytest.mark.parametrize(
    ("hours", "minutes", "seconds"),
    [
        (1, 30, 5400),
        (1.5, 0, 5400),
        (0.1, 0.7, 402),
        (0, 1e0, 60),
        (0.0, 1.025, 62),
        (-0.0, 1, 60),
        (1e-300, 1, 60),
        (5e-324, 1.5, 90),
    ],
)
def test_time_may_be_json_numbers(api, times, hours, minutes, seconds):
    for name in ("create", "update", "merge"):
        r = times.write(name).send(api, hours=hours, minutes=minutes)
        assert r.json()["data"]["time_seconds"] == seconds, r.json()


@ENCODED
@pytest.mark.parametrize("make_entry", [make_time, make_stopped_timer])
def test_update_changes_the_time_alone(api, times, encoding, make_entry):
    timer = make_entry(times.task)
    before = shown(timer)
    with told() as news:
        r = api.patch(f"/timesheets/{timer.pk}", *ENCODINGS[encoding]({"hours": 2, "minutes": 15}))
    data = before | {"time_seconds": 8100, "time_readable": "2h 15m"}
    expect(r, 200, {"data": data, "message": "Timesheet updated successfully."})
    row = Timer.objects.get(pk=timer.pk)
    assert news == [("updated", "timer", row.pk, str(row), {"seconds": [3600, 8100]})]
    assert shown(timer) == data
    assert_counted()


def test_update_to_what_it_is_changes_nothing(api, times, unchanged):
    expected = {"data": shown(times.a), "message": "Timesheet updated successfully."}
    with unchanged():
        for hours, minutes in [(1, 0), (0, 60), ("0.5", "30")]:
            r = times.write("update").send(api, hours=hours, minutes=minutes)
            expect(r, 200, expected)
        expect(times.write("merge").send(api, hours=..., minutes=...), 200, expected)


def test_update_ignores_all_other_fields(api, times):
    others = {
        "task_id": times.foreign.pk,
        "user_id": wire_id(times.colleague.pk),
        "timer_created": "x",
        "billing": {"status": "invoiced"},
    }
    for name in ("update", "merge"):
        data = times.write(name).send(api, **others).json()["data"]
        assert data == shown(times.a)
        assert (data["task_id"], data["dates"]["created"]) == (times.task.pk, "2026-06-01")


@pytest.mark.parametrize(
    ("stored", "sent", "seconds"),
    [
        (5400, {"hours": 2}, 9000),
        (5400, {"hours": 0}, 1800),
        (5400, {"minutes": 0}, 3600),
        (5400, {"minutes": 45.5}, 6330),
        (5400, {"hours": "1.5"}, 7200),
        (5400, {}, 5400),
        (5400, {"hours": 0, "minutes": 1}, 60),
        (3661, {"hours": 2}, 7261),
        (3661, {"minutes": 5}, 3900),
        (86_400, {"hours": 1}, 3600),
        (30, {}, 30),
        (30, {"hours": 1}, 3630),
        (172_800, {}, 172_800),
    ],
)
def test_merge_patch_keeps_the_part_that_is_left_out(api, times, stored, sent, seconds):
    timer = make_stopped_timer(times.task, seconds=stored)
    r = api.patch(f"/timesheets/{timer.pk}", sent, "application/json") if not sent else None
    assert r is None or r.status_code == 422  # the full form asks for both
    write = times.write("merge")
    fields = dict.fromkeys(write.fields, ...) | sent
    body, content_type = write.body(**fields)
    assert content_type == MERGE_PATCH
    r = api.patch(f"/timesheets/{timer.pk}", body, content_type)
    expect(r, 200, {"data": shown(timer), "message": "Timesheet updated successfully."})
    assert Timer.objects.get(pk=timer.pk).seconds == seconds
    assert_counted()


@pytest.mark.parametrize("make_entry", [make_time, make_stopped_timer, make_running_timer])
def test_delete_takes_that_entry_alone(api, times, make_entry):
    timer = make_entry(times.task, user=make_user())
    before = Timer.objects.count()
    with told() as news:
        r = api.delete(f"/timesheets/{timer.pk}")
    expected = {"data": {"id": timer.pk}, "message": "Timesheet deleted successfully."}
    expect(r, 200, expected)
    assert news == [("deleted", "timer", timer.pk, str(timer), {})]
    assert Timer.objects.count() == before - 1
    assert not Timer.objects.filter(pk=timer.pk).exists()
    assert_counted()
    expect(api.delete(f"/timesheets/{timer.pk}"), 404, {"message": "Timesheet not found."})


@pytest.mark.parametrize("endpoint", WRITES)
def test_path_with_trailing_slash_is_served_without_redirect(api, times, endpoint):
    write = times.write(endpoint)
    r = api.request(write.method, write.path + "/", *write.body())
    expect(r, write.status, {"data": r.json()["data"], "message": write.message})


def test_entries_of_a_deleted_task_are_gone(api, times):
    assert api.delete(f"/tasks/{times.foreign.pk}").status_code == 200
    r = api.get(f"/timesheets/{times.d.pk}")
    expect(r, 404, {"message": "Timesheet not found."})
    assert api.get("/timesheets", status="stopped").json()["meta"]["total"] == 3
    assert_counted()


def test_write_moves_neither_date_nor_version_of_the_task(api, times):
    task = make_task()
    before = api.get(f"/tasks/{task.pk}").json()["data"]["dates"]
    times.write("create").send(api, task_id=task.pk)
    assert api.get(f"/tasks/{task.pk}").json()["data"]["dates"] == before
