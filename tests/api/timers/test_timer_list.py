"""``GET /tasks/{id}/timers``: newest first, whole or in pages."""

import datetime as dt

import pytest
from django.utils import timezone

from tasks.people import person_name, wire_id
from tasks.testing import make_task, make_user
from tests.api.answers import TASK_NOT_FOUND, expect, expect_errors
from tests.api.path_ids import UNKNOWN
from tests.api.timers.world import shown, text_of
from tests.moments import utc
from timers.models import Timer
from timers.testing import make_running_timer, make_stopped_timer, make_time

MESSAGE = "Task timers retrieved successfully."
FIRST_DAY = utc(2026, 6, 1)
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def task(db):
    make_stopped_timer(make_task())
    return make_task()


@pytest.fixture
def entries(task):
    """Newest first: a time by hand, an invoiced one, a stopped timer."""
    stopped = make_stopped_timer(task, user=make_user(first_name="Sam", last_name="Lee"))
    invoiced = make_time(task, seconds=90, is_invoiced=True)
    by_hand = make_time(task, seconds=86_400)
    return [by_hand, invoiced, stopped]


def answer(timers, *, total=None, page=1, limit=None):
    total = len(timers) if total is None else total
    limit = max(1, total) if limit is None else limit
    return {
        "data": [shown(timer) for timer in timers],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": MESSAGE,
    }


def test_list_is_whole_and_newest_first(api, task, entries):
    expected = answer(entries)
    by_hand, invoiced, stopped = expected["data"]
    assert (by_hand["started"], by_hand["stopped"], by_hand["time"]) == (None, None, 86_400)
    assert (invoiced["billing_status"], stopped["billing_status"]) == ("invoiced", "not_invoiced")
    assert stopped["started"].endswith("Z")
    assert stopped["time"] == 3600
    expect(api.get(f"/tasks/{task.pk}/timers"), 200, expected)
    expect(api.get(f"/tasks/00{task.pk}/timers/"), 200, expected)


def test_list_is_sorted_by_date_and_then_by_id(api, task, entries):
    by_hand, invoiced, stopped = entries
    Timer.objects.update(created_at=FIRST_DAY)
    path = f"/tasks/{task.pk}/timers"
    expect(api.get(path), 200, answer([by_hand, invoiced, stopped]))
    Timer.objects.filter(pk=invoiced.pk).update(created_at=FIRST_DAY + HOUR)
    expect(api.get(path), 200, answer([invoiced, by_hand, stopped]))


def test_list_without_entries_is_one_page_of_one(api, task):
    expected = answer([])
    assert expected["meta"] == {"current_page": 1, "per_page": 1, "total": 0, "last_page": 1}
    expect(api.get(f"/tasks/{task.pk}/timers"), 200, expected)


@pytest.mark.parametrize("running_for", [dt.timedelta(0), HOUR, 48 * HOUR])
def test_running_timer_shows_the_seconds_so_far(api, task, running_for):
    user = make_user()
    timer = make_running_timer(task, user=user, running_for=running_for)
    least = int((timezone.now() - timer.started_at).total_seconds())
    r = api.get(f"/tasks/{task.pk}/timers")
    most = int((timezone.now() - timer.started_at).total_seconds())
    (entry,) = r.json()["data"]
    assert least <= entry["time"] <= most
    assert entry == {
        "id": timer.pk,
        "user": {"id": wire_id(user.pk), "name": person_name(user)},
        "started": text_of(Timer.objects.get(pk=timer.pk).started_at),
        "stopped": None,
        "time": entry["time"],
        "status": "running",
        "billing_status": "not_invoiced",
    }
    assert type(entry["time"]) is int


def test_running_timer_of_a_clock_set_back_shows_no_time(api, task):
    make_running_timer(task, running_for=-24 * HOUR)
    (entry,) = api.get(f"/tasks/{task.pk}/timers").json()["data"]
    assert (entry["time"], entry["status"]) == (0, "running")


def test_entries_of_somebody_deleted_stay_without_user(api, task):
    user = make_user()
    for timer in (make_stopped_timer(task, user=user), make_time(task, user=user)):
        assert shown(timer)["user"] is not None
    make_running_timer(task, user=user)
    user.delete()
    data = api.get(f"/tasks/{task.pk}/timers").json()["data"]
    assert [(entry["user"], entry["status"]) for entry in data] == [
        (None, "running"),
        (None, "stopped"),
        (None, "stopped"),
    ]
    assert [entry["time"] for entry in data[1:]] == [3600, 3600]


@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        ({"page": "", "limit": ""}, ([0, 1, 2], 1, 3)),
        ({"sort": "x", "order": "x"}, ([0, 1, 2], 1, 3)),
        ({"limit": "2"}, ([0, 1], 1, 2)),
        ({"limit": "2", "page": "2"}, ([2], 2, 2)),
        ({"limit": "2", "page": "3"}, ([], 3, 2)),
        ({"limit": "3"}, ([0, 1, 2], 1, 3)),
        ({"page": "1"}, ([0, 1, 2], 1, 25)),
        ({"page": "2"}, ([], 2, 25)),
        ({"limit": "101"}, ([0, 1, 2], 1, 100)),
        ({"limit": str(2**64)}, ([0, 1, 2], 1, 100)),
        ({"page": str(2**63)}, ([], 2**63, 25)),
    ],
)
def test_list_with_page_or_limit_holds_that_page(api, task, entries, parameters, held):
    found, page, limit = held
    expected = answer([entries[index] for index in found], total=3, page=page, limit=limit)
    expect(api.get(f"/tasks/{task.pk}/timers", **parameters), 200, expected)


def test_list_of_many_is_whole_where_neither_page_nor_limit_is_sent(api, task):
    entries = [make_time(task) for _ in range(120)][::-1]
    expect(api.get(f"/tasks/{task.pk}/timers"), 200, answer(entries))
    expected = answer(entries[100:], total=120, limit=100, page=2)
    expect(api.get(f"/tasks/{task.pk}/timers", limit=1000, page=2), 200, expected)


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("page=0", {"page": "The page must be at least 1."}),
        ("page=-1", {"page": "The page must be an integer."}),
        ("page=1.0", {"page": "The page must be an integer."}),
        ("page=%F0%9F%98%80", {"page": "The page must be an integer."}),
        ("limit=0", {"limit": "The limit must be at least 1."}),
        ("limit=1%00", {"limit": "The limit must be an integer."}),
        (
            "limit=x&page=0",
            {"limit": "The limit must be an integer.", "page": "The page must be at least 1."},
        ),
    ],
)
def test_list_with_wrong_page_or_limit_is_invalid(api, task, query, errors):
    r = api.request("GET", f"/tasks/{task.pk}/timers?{query}")
    expect_errors(r, {name: [text] for name, text in errors.items()})


@pytest.mark.parametrize(("method", "path"), [("GET", "timers"), ("PUT", "stop-timers")])
def test_path_that_names_no_task_is_not_found(api, task, unchanged, method, path):
    make_running_timer(task)
    with unchanged():
        for text in UNKNOWN.values():
            r = api.request(method, f"/tasks/{text.format(id=task.pk)}/{path}")
            expect(r, 404, TASK_NOT_FOUND)
