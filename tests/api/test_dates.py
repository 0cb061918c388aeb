import datetime as dt

import pytest

from tasks.models import Task
from tests.api.answers import expect_errors, expect_invalid
from tests.api.encodings import ENCODINGS

ENDPOINTS = ("create", "update", "merge")
IN_FORMS = ("create", "update")
FIELDS = {"task_date_start": "start", "task_date_due": "due"}

GOOD = ["2026-06-15", "2024-02-29", "2026-12-31", "0001-01-01", "9999-12-31", "1969-12-31"]
WRONG_TEXTS = [
    "2026-02-30",
    "2025-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-06-00",
    "0000-00-00",
    "2026-6-1",
    "26-06-01",
    "20260601",
    "2026-06-01T00:00:00",
    "2026-06-01 00:00:00",
    "2026-06-01T00:00:00Z",
    "2026-06-01Z",
    " 2026-06-01",
    "2026-06-01 ",
    "2026-06-01\n",
    "2026-06-01\x00",
    "2026/06/01",
    "01.06.2026",
    "06/01/2026",
    "2026-W23-1",
    "2026-W231",
    "2026-152",
    "2026-06",
    "10000-01-01",
    "+2026-06-01",
    "-2026-06-01",
    "\u0662\u0660\u0662\u0666-\u0660\u0666-\u0660\u0661",
    "\uff12\uff10\uff12\uff16-\uff10\uff16-\uff10\uff11",
    "2026\u201006\u201001",
    "today",
    "now",
    "null",
    "1780272000",
    " ",
    "😀",
]
WRONG_VALUES = [*WRONG_TEXTS, 20260601, 0, 2**64, 1.5, True, False, [], ["2026-06-01"], {}]
WRONG_VALUES += ["\ud800"]


def error_of(field):
    return {field: f"The {field.replace('_', ' ')} is not a valid date."}


ORDER = {"task_date_due": "The task date due must be a date after or equal to task date start."}


@pytest.mark.parametrize("day", GOOD)
def test_write_with_date_keeps_it(api, world, day):
    for endpoint in ENDPOINTS:
        for encoding in ENCODINGS if endpoint in IN_FORMS else ["json"]:
            write = world.write(endpoint)
            response = write.send(api, encoding, task_date_start=day, task_date_due=day)
            data = response.json()["data"]
            assert (data["dates"]["start"], data["dates"]["due"]) == (day, day)
            row = Task.objects.get(pk=data["id"])
            assert (row.start_date, row.due_date) == (dt.date.fromisoformat(day),) * 2


@pytest.mark.parametrize("value", WRONG_VALUES, ids=ascii)
def test_write_with_wrong_date_is_invalid(api, world, unchanged, value):
    with unchanged():
        for endpoint in ENDPOINTS:
            for field in FIELDS:
                response = world.write(endpoint).send(api, **{field: value})
                expect_invalid(response, **error_of(field))


@pytest.mark.parametrize("value", [*WRONG_TEXTS, ["2026-06-01"]], ids=ascii)
def test_write_with_wrong_date_in_a_form_is_invalid(api, world, unchanged, value):
    with unchanged():
        for endpoint in IN_FORMS:
            for encoding in ["form", "multipart"]:
                response = world.write(endpoint).send(api, encoding, task_date_due=value)
                expect_invalid(response, **error_of("task_date_due"))


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("empty", ["", None])
@pytest.mark.parametrize("field", FIELDS)
def test_write_with_empty_date_clears_it_and_no_other(api, world, endpoint, empty, field):
    kept = {} if endpoint == "create" else {"start": "2026-06-01", "due": "2026-06-30"}
    dates = world.write(endpoint).send(api, **{field: empty}).json()["data"]["dates"]
    expected = {"start": None, "due": None} | kept | {FIELDS[field]: None}
    assert {name: dates[name] for name in ("start", "due")} == expected


@pytest.mark.parametrize("encoding", ["form", "multipart"])
@pytest.mark.parametrize("field", FIELDS)
def test_update_with_empty_date_in_a_form_clears_it(api, world, encoding, field):
    data = world.write("update").send(api, encoding, **{field: ""}).json()["data"]
    assert data["dates"][FIELDS[field]] is None


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_without_dates_keeps_them(api, world, endpoint):
    dates = world.write(endpoint).send(api).json()["data"]["dates"]
    assert (dates["start"], dates["due"]) == ("2026-06-01", "2026-06-30")


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_with_due_before_start_is_invalid(api, world, unchanged, endpoint, encoding):
    with unchanged():
        response = world.write(endpoint).send(
            api, encoding, task_date_start="2026-06-02", task_date_due="2026-06-01"
        )
    expect_invalid(response, **ORDER)


@pytest.mark.parametrize("endpoint", ["update", "merge"])
@pytest.mark.parametrize(
    "sent",
    [
        {"task_date_due": "2026-05-31"},
        {"task_date_start": "2026-07-01"},
        {"task_date_start": "2026-07-02", "task_date_due": "2026-07-01"},
    ],
    ids=["due", "start", "both"],
)
def test_update_with_due_before_stored_start_is_invalid(api, world, unchanged, endpoint, sent):
    with unchanged():
        response = world.write(endpoint).send(api, **sent)
    expect_invalid(response, **ORDER)


@pytest.mark.parametrize("endpoint", ["update", "merge"])
@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        ({"task_date_due": "2026-06-01"}, ("2026-06-01", "2026-06-01")),
        ({"task_date_start": "2026-06-30"}, ("2026-06-30", "2026-06-30")),
        ({"task_date_start": "", "task_date_due": "2026-05-01"}, (None, "2026-05-01")),
        ({"task_date_start": "2026-08-01", "task_date_due": None}, ("2026-08-01", None)),
        (
            {"task_date_start": "2026-07-01", "task_date_due": "2026-07-02"},
            ("2026-07-01", "2026-07-02"),
        ),
        (
            {"task_date_start": "2026-05-01", "task_date_due": "2026-05-02"},
            ("2026-05-01", "2026-05-02"),
        ),
    ],
    ids=["due", "start", "due without start", "start without due", "both later", "both earlier"],
)
def test_update_with_dates_in_order_keeps_them(api, world, endpoint, sent, expected):
    dates = world.write(endpoint).send(api, **sent).json()["data"]["dates"]
    assert (dates["start"], dates["due"]) == expected


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_with_wrong_start_is_not_compared_with_the_stored_one(
    api, world, unchanged, endpoint
):
    with unchanged():
        response = world.write(endpoint).send(
            api, task_date_start="someday", task_date_due="2026-05-01"
        )
    expect_invalid(response, **error_of("task_date_start"))


def test_create_with_due_before_start_reports_it_beside_other_errors(api, world, unchanged):
    with unchanged():
        response = world.write("create").send(
            api, task_title="", task_date_start="2026-06-02", task_date_due="2026-06-01"
        )
    expect_errors(
        response,
        {
            "task_title": ["The task title field is required."],
            "task_date_due": [ORDER["task_date_due"]],
        },
    )


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_with_due_before_stored_start_reports_it_beside_other_errors(
    api, world, unchanged, endpoint
):
    with unchanged():
        response = world.write(endpoint).send(api, task_title="", task_date_due="2026-05-31")
    expect_invalid(response, task_title="The task title field is required.", **ORDER)
