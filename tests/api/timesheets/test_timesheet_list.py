"""``GET /timesheets``: filters, sorting, pages, and the total of the time."""

import datetime as dt
from itertools import product

import pytest
from django.utils import timezone

from tasks.people import wire_id
from tasks.testing import make_task
from tests.api.answers import expect, expect_errors, not_an_id
from tests.api.timesheets.world import JUNE_1, JUNE_2, JUNE_3, shown
from timers.models import Timer
from timers.testing import make_running_timer, make_stopped_timer, make_time

MESSAGE = "Timesheets retrieved successfully."
SINCE_JUNE = {"date_start": "2026-06-01", "date_end": "2026-06-30"}


def ids(r):
    assert r.status_code == 200, r.content
    return [row["id"] for row in r.json()["data"]]


def answer(timers, *, total, page=1, limit=25, seconds):
    return {
        "data": [shown(timer) for timer in timers],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
            "time_seconds": seconds,
        },
        "message": MESSAGE,
    }


def test_list_is_sorted_by_day_the_newest_first(api, times):
    expected = answer(times.named("d c b a"), total=4, seconds=45 + 5400 + 90 + 3600)
    expect(api.get("/timesheets", status="stopped"), 200, expected)
    expect(api.get("/timesheets/", status="stopped", page="", sort="", order=""), 200, expected)
    assert ids(api.get("/timesheets")) == [
        times.running.pk,
        *(row["id"] for row in expected["data"]),
    ]


def test_list_of_nothing_is_one_page(api, db):
    expect(api.get("/timesheets"), 200, answer([], total=0, seconds=0))


def test_running_timer_shows_the_seconds_so_far_and_so_does_the_total(api, times):
    least = int((timezone.now() - times.running.started_at).total_seconds())
    r = api.get("/timesheets").json()
    most = int((timezone.now() - times.running.started_at).total_seconds())
    entry, *others = r["data"]
    assert least <= entry["time_seconds"] <= most
    assert entry == shown(times.running, seconds=entry["time_seconds"])
    assert entry["dates"]["stopped"] is None
    total = entry["time_seconds"] + sum(row["time_seconds"] for row in others)
    assert r["meta"]["time_seconds"] == total
    assert type(r["meta"]["time_seconds"]) is int


def test_running_timer_of_a_clock_set_back_counts_no_time(api, db):
    make_running_timer(make_task(), running_for=-dt.timedelta(hours=24))
    r = api.get("/timesheets").json()
    assert (r["data"][0]["time_seconds"], r["data"][0]["time_readable"]) == (0, "0m")
    assert (r["meta"]["time_seconds"], r["meta"]["total"]) == (0, 1)


@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        ({"status": "stopped"}, "d c b a"),
        ({"status": "running"}, "running"),
        ({"billing_status": "invoiced"}, "b"),
        ({"billing_status": "not_invoiced", "status": "stopped"}, "d c a"),
        ({"billing_status": "invoiced", "status": "running"}, ""),
        ({"date_start": "2026-06-02", "date_end": "2026-06-02"}, "c b"),
        ({"date_start": "2026-06-02", "status": "stopped"}, "d c b"),
        ({"date_end": "2026-06-02"}, "c b a"),
        ({"date_end": "2026-05-31"}, ""),
        ({"date_start": "2026-06-03", "date_end": "2026-06-01"}, ""),
        ({"date_start": "0001-01-01", "date_end": "9999-12-31", "status": "stopped"}, "d c b a"),
        ({"task_id": "0"}, ""),
        ({"project_id": "987654321"}, ""),
        ({"client_id": str(2**63)}, ""),
        ({"client_id": str(2**64)}, ""),
        ({"foo": "bar", "sort_by": "x", "status": "running"}, "running"),
    ],
    ids=str,
)
def test_list_with_filters_holds_what_matches(api, times, parameters, held):
    found = times.named(held)
    r = api.get("/timesheets", **parameters)
    assert ids(r) == [timer.pk for timer in found]
    assert r.json()["meta"]["total"] == len(found)


def test_list_of_a_task_a_project_a_client_or_a_person_holds_theirs(api, times):
    project = times.task.project
    for parameters, held in [
        ({"task_id": times.task.pk}, "b a"),
        ({"project_id": project.pk}, "c b a"),
        ({"client_id": project.client.pk}, "c b a"),
        ({"project_id": times.internal.project.pk}, "running"),
        ({"user_id": wire_id(times.person.pk)}, "running d b a"),
        ({"user_id": wire_id(times.colleague.pk)}, "c"),
        ({"user_id": wire_id(times.outsider.pk)}, ""),
        ({"user_id": wire_id(times.person.pk), "project_id": project.pk}, "b a"),
        ({"task_id": times.task.pk, "billing_status": "invoiced"}, "b"),
        ({"project_id": times.foreign.project.pk, "task_id": times.task.pk}, ""),
    ]:
        found = [timer.pk for timer in times.named(held)]
        r = api.get("/timesheets", **parameters)
        assert ids(r) == found
        assert r.json()["meta"]["total"] == len(found)


def test_totals_are_those_of_the_rows_for_every_set_of_filters(api, times):
    choices = {
        "task_id": [None, times.task.pk],
        "project_id": [None, times.task.project.pk],
        "client_id": [None, times.task.project.client.pk],
        "user_id": [None, wire_id(times.person.pk)],
        "status": [None, "running", "stopped"],
        "billing_status": [None, "invoiced", "not_invoiced"],
        "date_start": [None, "2026-06-02"],
        "date_end": [None, "2026-06-02"],
    }
    for values in product(*choices.values()):
        sent = dict(zip(choices, values, strict=True))
        parameters = {name: value for name, value in sent.items() if value is not None}
        r = api.get("/timesheets", **parameters).json()
        seconds = sum(row["time_seconds"] for row in r["data"])
        found = {row["id"] for row in r["data"]}
        assert (r["meta"]["total"], r["meta"]["time_seconds"]) == (len(found), seconds), sent
        assert found == {row.pk for row in Timer.objects.all() if matches(row, sent)}, sent


def matches(row, sent):
    """Whether an entry is what the filters ask for, said without the database."""
    project = row.task.project
    billing = "invoiced" if row.is_invoiced else "not_invoiced"
    return all(
        [
            sent["task_id"] in {None, row.task_id},
            sent["project_id"] in {None, project.pk},
            sent["client_id"] in {None, project.client_id},
            sent["user_id"] in {None, wire_id(row.user_id)},
            sent["status"] in {None, row.status},
            sent["billing_status"] in {None, billing},
            sent["date_start"] is None or row.work_date >= JUNE_2,
            sent["date_end"] is None or row.work_date <= JUNE_2,
        ]
    )


@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        ({"sort": "timer_created"}, "d c b a"),
        ({"sort": "timer_created", "order": "desc"}, "d c b a"),
        ({"sort": "timer_created", "order": "asc"}, "a b c d"),
        ({"order": "asc"}, "a b c d"),
        ({"sort": "timer_time"}, "c a b d"),
        ({"sort": "timer_time", "order": "asc"}, "d b a c"),
    ],
    ids=str,
)
def test_list_is_sorted_as_asked(api, times, parameters, held):
    expected = [timer.pk for timer in times.named(held)]
    assert ids(api.get("/timesheets", status="stopped", **parameters)) == expected
    pages = [
        ids(api.get("/timesheets", status="stopped", limit=1, page=page, **parameters))
        for page in range(1, 6)
    ]
    assert pages == [[pk] for pk in expected] + [[]]


def test_list_by_time_takes_a_running_timer_as_none(api, times):
    held = ids(api.get("/timesheets", sort="timer_time", order="asc"))
    assert held == [timer.pk for timer in times.named("running d b a c")]


def test_equal_days_and_times_are_sorted_by_id_in_the_same_direction(api, db):
    task = make_task()
    made = [make_time(task, work_date=JUNE_1).pk for _ in range(4)]
    for sort in ("timer_created", "timer_time"):
        assert ids(api.get("/timesheets", sort=sort, order="asc")) == made
        assert ids(api.get("/timesheets", sort=sort, order="desc")) == made[::-1]


@pytest.mark.parametrize("filters", [{}, SINCE_JUNE, {"by task": True}])
def test_list_is_in_pages_and_the_total_is_of_all(api, times, filters):
    task = make_task()
    made = [make_time(task, seconds=60, work_date=JUNE_3) for _ in range(30)][::-1]
    if filters == {"by task": True}:
        filters, others, more = {"task_id": task.pk}, [], 0
    else:
        others, more = times.named("d c b a"), 45 + 5400 + 90 + 3600
        filters = filters | {"status": "stopped"}
    rows, seconds = [*made, *others], 1800 + more
    total = len(rows)
    for page, limit in [(1, 25), (2, 25), (3, 25), (2, 10), (1, 100), (7, 1), (10**9, 3)]:
        held = rows[(page - 1) * limit : page * limit]
        expected = answer(held, total=total, page=page, limit=limit, seconds=seconds)
        expect(api.get("/timesheets", **filters, page=page, limit=limit), 200, expected)
    expected = answer(rows, total=total, limit=100, seconds=seconds)
    expect(api.get("/timesheets", **filters, limit=1000), 200, expected)


def test_of_a_repeated_parameter_the_last_counts(api, times):
    r = api.request("GET", "/timesheets?status=stopped&status=running")
    assert ids(r) == [times.running.pk]


def test_time_may_be_long(api, db):
    task = make_task()
    for _ in range(3):
        make_stopped_timer(task, seconds=2**31 - 1)
    for filters in ({}, {"task_id": task.pk}):
        r = api.get("/timesheets", **filters).json()
        assert r["meta"]["time_seconds"] == 3 * (2**31 - 1)


INTEGER, SELECTED = "The {} must be an integer.", "The selected {} is invalid."
DATE = "The {} is not a valid date."


@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("task_id=x", {"task_id": INTEGER.format("task id")}),
        ("task_id=1.0", {"task_id": INTEGER.format("task id")}),
        ("project_id=-1", {"project_id": INTEGER.format("project id")}),
        ("project_id=1%00", {"project_id": INTEGER.format("project id")}),
        ("client_id=%F0%9F%98%80", {"client_id": INTEGER.format("client id")}),
        ("client_id=null", {"client_id": INTEGER.format("client id")}),
        ("status=Running", {"status": SELECTED.format("status")}),
        ("status=1", {"status": SELECTED.format("status")}),
        ("status=running%00", {"status": SELECTED.format("status")}),
        ("billing_status=paid", {"billing_status": SELECTED.format("billing status")}),
        ("date_start=2026-6-1", {"date_start": DATE.format("date start")}),
        ("date_start=2026-02-30", {"date_start": DATE.format("date start")}),
        ("date_start=2026-06-01T00:00", {"date_start": DATE.format("date start")}),
        ("date_start=20260601", {"date_start": DATE.format("date start")}),
        ("date_end=0000-01-01", {"date_end": DATE.format("date end")}),
        ("date_end=today", {"date_end": DATE.format("date end")}),
        ("date_end=2026-06-01%00", {"date_end": DATE.format("date end")}),
        ("date_end=2026-06-01%0A", {"date_end": DATE.format("date end")}),
        ("date_end=%D9%A2026-06-01", {"date_end": DATE.format("date end")}),
        ("sort=id", {"sort": SELECTED.format("sort")}),
        ("sort=seconds", {"sort": SELECTED.format("sort")}),
        ("order=up", {"order": SELECTED.format("order")}),
        ("page=0", {"page": "The page must be at least 1."}),
        ("limit=ten", {"limit": INTEGER.format("limit")}),
        (
            "task_id=x&status=x&date_end=x&sort=x",
            {
                "task_id": INTEGER.format("task id"),
                "status": SELECTED.format("status"),
                "date_end": DATE.format("date end"),
                "sort": SELECTED.format("sort"),
            },
        ),
    ],
)
def test_list_with_wrong_parameters_is_invalid(api, times, query, errors):
    r = api.request("GET", f"/timesheets?{query}")
    expect_errors(r, {name: [text] for name, text in errors.items()})


@pytest.mark.parametrize("value", ["x", "1.5", "%00", "%F0%9F%98%80"])
def test_list_of_a_person_that_can_be_none_is_invalid(api, times, value):
    r = api.request("GET", f"/timesheets?user_id={value}")
    expect_errors(r, {"user_id": [not_an_id("user id")]})
