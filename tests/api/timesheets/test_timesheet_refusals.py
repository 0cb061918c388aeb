"""What is refused leaves every row as it was."""

import uuid
from itertools import product

import pytest

from tasks.models import Task
from tasks.people import ids_are_integers, wire_id
from tasks.testing import make_user
from tests.api.answers import (
    MEDIA_TYPE,
    METHOD,
    READ_ONLY,
    TASK_NOT_FOUND,
    UNAUTHORIZED,
    UNPARSABLE,
    expect,
    expect_errors,
    not_an_id,
)
from tests.api.encodings import ENCODINGS, FORM, JSON, MERGE_PATCH
from tests.api.path_ids import UNKNOWN
from tests.api.timesheets.world import READS, WITH_BODY, WRITES

NOT_FOUND = {"message": "Timesheet not found."}
ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
REQUIRED = {
    "create": ["hours", "minutes", "task_id", "user_id", "timer_created"],
    "update": ["hours", "minutes"],
}
RANGE = {"minutes": ["The time must be between one minute and 24 hours."]}
NUMBER = "The {} must be a number of at least 0."
INVOICED = {"message": "The time entry is invoiced."}
RUNNING = {"message": "The time entry is running."}


def required(names):
    return {name: [f"The {name.replace('_', ' ')} field is required."] for name in names}


@pytest.mark.parametrize("endpoint", REQUIRED)
@ENCODED
def test_write_without_fields_reports_all_that_are_required(
    api, times, unchanged, endpoint, encoding
):
    write = times.write(endpoint)
    errors = required(REQUIRED[endpoint])
    with unchanged():
        expect_errors(write.send(api, encoding, **dict.fromkeys(write.fields, ...)), errors)
        expect_errors(api.request(write.method, write.path), errors)
        expect_errors(write.send(api, encoding, **dict.fromkeys(write.fields, "")), errors)
        for name in REQUIRED[endpoint]:
            expect_errors(write.send(api, encoding, **{name: ...}), required([name]))


@pytest.mark.parametrize("name", REQUIRED["create"])
def test_write_with_null_reports_it_as_missing(api, times, unchanged, name):
    with unchanged():
        expect_errors(times.write("create").send(api, **{name: None}), required([name]))
        if name in REQUIRED["update"]:
            for endpoint in ("update", "merge"):
                r = times.write(endpoint).send(api, **{name: None})
                expect_errors(r, required([name]))


@pytest.mark.parametrize(
    "value",
    [
        "abc",
        "-1",
        "+1",
        "1.",
        ".5",
        "1,5",
        "1e3",
        "1E0",
        "1_0",
        " 1",
        "1 ",
        "1\n",
        "0x1",
        "1:30",
        "NaN",
        "nan",
        "Infinity",
        "true",
        "null",
        "٣",
        "½",
        "1\x00",
        "1.5.0",
        "9" * 41,
        "1." + "0" * 41,
        "9" * 5000,
        "0" * 5000,
        "😀",
        ["1"],
    ],
    ids=lambda value: str(value)[:20],
)
def test_time_that_is_no_number_is_invalid(api, times, unchanged, value):
    with unchanged():
        for name, part in product(["create", "update"], ["hours", "minutes"]):
            for encoding in ENCODINGS:
                r = times.write(name).send(api, encoding, **{part: value})
                expect_errors(r, {part: [NUMBER.format(part)]})
        for part in ("hours", "minutes"):
            r = times.write("merge").send(api, **{part: value})
            expect_errors(r, {part: [NUMBER.format(part)]})


@pytest.mark.parametrize(
    "value", [True, False, -1, -0.5, -(10**30), {}, {"a": 1}, [], [1], "\ud800"], ids=str
)
def test_time_that_is_another_value_is_invalid(api, times, unchanged, value):
    with unchanged():
        for name, part in product(WITH_BODY, ["hours", "minutes"]):
            r = times.write(name).send(api, **{part: value})
            expect_errors(r, {part: [NUMBER.format(part)]})


@pytest.mark.parametrize("text", ["1e999", "-1e999"])
def test_time_that_no_float_holds_is_invalid(api, times, unchanged, text):
    with unchanged():
        for content_type in (JSON, MERGE_PATCH):
            r = api.patch(
                f"/timesheets/{times.a.pk}", f'{{"hours": {text}, "minutes": 1}}', content_type
            )
            expect_errors(r, {"hours": [NUMBER.format("hours")]})


@pytest.mark.parametrize(
    ("hours", "minutes"),
    [
        ("0", "0"),
        ("0", "0.99"),
        ("0", "0.9916"),
        ("0.0001", "0"),
        ("24", "0.01"),
        ("24.0002", "0"),
        ("24", "1"),
        ("25", "0"),
        ("0", "1441"),
        ("1", str(2**64)),
        ("9" * 40, "9" * 40),
        ("0." + "0" * 40, "0." + "9" * 2),
    ],
)
def test_time_out_of_range_is_invalid(api, times, unchanged, hours, minutes):
    with unchanged():
        for name, encoding in product(["create", "update"], ENCODINGS):
            r = times.write(name).send(api, encoding, hours=hours, minutes=minutes)
            expect_errors(r, RANGE)
        expect_errors(times.write("merge").send(api, hours=hours, minutes=minutes), RANGE)


@pytest.mark.parametrize("value", [1e308, 10**30, int("9" * 100), 86_401, 24.0002])
def test_time_of_a_number_out_of_range_is_invalid(api, times, unchanged, value):
    with unchanged():
        for name in WITH_BODY:
            expect_errors(times.write(name).send(api, hours=value), RANGE)


@pytest.mark.parametrize("sent", [{"hours": 25}, {"minutes": 1441}, {"hours": 0, "minutes": 0}])
def test_merge_patch_out_of_range_with_what_is_kept_is_invalid(api, times, unchanged, sent):
    fields = {"hours": ..., "minutes": ...} | sent
    with unchanged():
        expect_errors(times.write("merge").send(api, **fields), RANGE)


def test_merge_patch_that_leaves_no_time_is_invalid(api, times, unchanged):
    with unchanged():  # an hour and no minutes are stored
        expect_errors(times.write("merge").send(api, hours=0, minutes=...), RANGE)


INTEGER = "The task id must be an integer."


@pytest.mark.parametrize(
    "value", ["abc", "1.0", "-1", "+1", " 1", "1_0", "٣", "true", "1\x00", "😀", "9" * 5000, ["1"]]
)
def test_create_on_a_task_that_can_be_none_is_invalid(api, times, unchanged, value):
    with unchanged():
        for encoding in ENCODINGS:
            r = times.write("create").send(api, encoding, task_id=value)
            expect_errors(r, {"task_id": [INTEGER]})


@pytest.mark.parametrize("value", [True, 1.0, 1.5, {}, [], [1], "\ud800"], ids=str)
def test_create_on_a_task_of_another_type_is_invalid(api, times, unchanged, value):
    with unchanged():
        r = times.write("create").send(api, task_id=value)
    expect_errors(r, {"task_id": [INTEGER]})


@pytest.mark.parametrize(
    "value", ["0", "987654321", str(2**31), str(2**63 - 1), str(2**63), str(2**64), "9" * 900]
)
def test_create_on_an_unknown_task_is_not_found(api, times, unchanged, value):
    with unchanged():
        for encoding in ENCODINGS:
            r = times.write("create").send(api, encoding, task_id=value)
            expect(r, 404, TASK_NOT_FOUND)


@pytest.mark.parametrize("value", [0, -1, -(2**63) - 1, 2**63, 2**64, 10**90])
def test_create_on_an_unknown_task_as_a_number_is_not_found(api, times, unchanged, value):
    with unchanged():
        expect(times.write("create").send(api, task_id=value), 404, TASK_NOT_FOUND)


@pytest.mark.parametrize(
    "wrong", [{"hours": 25}, {"user_id": ...}, {"timer_created": "x"}, {"minutes": "x"}], ids=str
)
def test_create_on_an_unknown_task_with_another_mistake_is_invalid(api, times, unchanged, wrong):
    with unchanged():
        r = times.write("create").send(api, task_id=987654321, **wrong)
    assert r.status_code == 422
    assert "task_id" not in r.json()["errors"]


def test_create_for_somebody_outside_the_team_is_invalid(api, times, unchanged):
    inactive = make_user(is_active=False)
    nobody = 987654321 if ids_are_integers() else str(uuid.UUID(int=7))
    errors = {"user_id": ["The selected user id is invalid."]}
    with unchanged():
        for user_id in (wire_id(times.outsider.pk), wire_id(inactive.pk), nobody):
            for encoding in ENCODINGS:
                r = times.write("create").send(api, encoding, user_id=user_id)
                expect_errors(r, errors)
        if ids_are_integers():
            for user_id in (0, -1, 2**63, 2**64, 10**90):
                expect_errors(times.write("create").send(api, user_id=user_id), errors)


@pytest.mark.parametrize(
    "value", ["abc", "1.0", True, 1.5, {}, [], ["1"], "\ud800", "1\x00", "😀"], ids=str
)
def test_create_for_what_is_no_person_is_invalid(api, times, unchanged, value):
    with unchanged():
        r = times.write("create").send(api, user_id=value)
    expect_errors(r, {"user_id": [not_an_id("user id")]})


@pytest.mark.parametrize(
    "value",
    [
        "2026-6-17",
        "2026-02-30",
        "0000-01-01",
        "17.06.2026",
        "2026-06-17T00:00:00Z",
        "2026-06-17 ",
        "20260617",
        "2026-W25-3",
        "today",
        "٣026-06-17",
        "2026-06-17\x00",
        ["2026-06-17"],
    ],
)
def test_create_with_a_wrong_day_is_invalid(api, times, unchanged, value):
    with unchanged():
        for encoding in ENCODINGS:
            r = times.write("create").send(api, encoding, timer_created=value)
            expect_errors(r, {"timer_created": ["The timer created is not a valid date."]})


@pytest.mark.parametrize("value", [20260617, 1.5, True, {}, [], "\ud800"], ids=str)
def test_create_with_a_day_of_another_type_is_invalid(api, times, unchanged, value):
    with unchanged():
        r = times.write("create").send(api, timer_created=value)
    expect_errors(r, {"timer_created": ["The timer created is not a valid date."]})


def test_create_reports_all_errors_together(api, times, unchanged):
    with unchanged():
        r = times.write("create").send(
            api, task_id="x", user_id=wire_id(times.outsider.pk), hours=-1, minutes="x"
        )
    expect_errors(
        r,
        {
            "task_id": [INTEGER],
            "user_id": ["The selected user id is invalid."],
            "hours": [NUMBER.format("hours")],
            "minutes": [NUMBER.format("minutes")],
        },
    )


def test_create_reports_a_time_out_of_range_beside_other_mistakes(api, times, unchanged):
    with unchanged():
        r = times.write("create").send(api, hours=0, minutes=0, timer_created=...)
    expect_errors(r, {**RANGE, **required(["timer_created"])})


def test_invoiced_time_is_neither_changed_nor_deleted(api, times, unchanged):
    path = f"/timesheets/{times.b.pk}"
    body = {"hours": 2, "minutes": 0}
    with unchanged():
        for encode in ENCODINGS.values():
            expect(api.patch(path, *encode(body)), 409, INVOICED)
        for patch in ('{"hours": 2}', "{}"):
            expect(api.patch(path, patch, MERGE_PATCH), 409, INVOICED)
        expect(api.delete(path), 409, INVOICED)
        # What is wrong in itself is told first.
        expect_errors(api.patch(path, {"hours": 25, "minutes": 0}), RANGE)
        expect_errors(api.patch(path, {}), required(["hours", "minutes"]))


def test_running_time_is_not_changed(api, times, unchanged):
    path = f"/timesheets/{times.running.pk}"
    with unchanged():
        for encode in ENCODINGS.values():
            expect(api.patch(path, *encode({"hours": 2, "minutes": 0})), 409, RUNNING)
        for patch in ('{"hours": 2}', "{}"):
            expect(api.patch(path, patch, MERGE_PATCH), 409, RUNNING)
        expect_errors(
            api.patch(path, {"hours": "x", "minutes": 0}), {"hours": [NUMBER.format("hours")]}
        )


def test_task_with_invoiced_time_is_not_deleted_and_stays_counted(api, times, unchanged):
    with unchanged():
        r = api.delete(f"/tasks/{times.task.pk}")
        expect(r, 409, {"message": "The task has invoiced time."})


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_path_that_names_no_entry_is_not_found(api, times, unchanged, method):
    with unchanged():
        for text in UNKNOWN.values():
            path = f"/timesheets/{text.format(id=times.a.pk)}"
            expect(api.request(method, path), 404, NOT_FOUND)


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_write_of_an_unknown_entry_is_not_found_before_its_body_is_read(
    api, times, unchanged, method
):
    with unchanged():
        for body, content_type in [("{", JSON), ("x", "text/plain"), ("", FORM)]:
            r = api.request(method, "/timesheets/987654321", body, content_type)
            expect(r, 404, NOT_FOUND)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", JSON),
        ("[]", JSON),
        ('"a"', JSON),
        ("null", JSON),
        ('{"hours": NaN, "minutes": 1}', JSON),
        ('{"hours": Infinity, "minutes": 1}', JSON),
        ("hours=%ff", FORM),
    ],
)
def test_write_with_a_body_that_is_none_is_refused(api, times, unchanged, body, content_type):
    with unchanged():
        for write in map(times.write, ["create", "update"]):
            expect(api.request(write.method, write.path, body, content_type), 400, UNPARSABLE)


def test_write_of_another_media_type_is_refused(api, times, unchanged):
    with unchanged():
        for content_type, endpoints in [
            ("text/plain", ["create", "update"]),
            ("application/xml", ["create", "update"]),
            (MERGE_PATCH, ["create"]),
        ]:
            for write in map(times.write, endpoints):
                r = api.request(write.method, write.path, "{}", content_type)
                expect(r, 415, MEDIA_TYPE)


def send(times, endpoint, api):
    if endpoint == "list":
        return api.get("/timesheets")
    if endpoint == "retrieve":
        return api.get(f"/timesheets/{times.a.pk}")
    return times.write(endpoint).send(api)


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_request_without_key_is_unauthorized(anonymous, times, unchanged, endpoint):
    with unchanged():
        r = send(times, endpoint, anonymous)
    expect(r, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_read_only_key_reads_and_writes_nothing(make_api, times, unchanged, endpoint):
    api = make_api(is_read_only=True)
    with unchanged():
        r = send(times, endpoint, api)
    if endpoint in READS:
        assert r.status_code == 200
    else:
        expect(r, 403, READ_ONLY)


ALLOWED = {
    "/timesheets": {"GET", "HEAD", "POST"},
    "/timesheets/{id}": {"GET", "HEAD", "PATCH", "DELETE"},
}


@pytest.mark.parametrize("path", ALLOWED)
def test_method_that_is_none_of_the_paths_is_not_allowed(api, times, unchanged, path):
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - ALLOWED[path]
    with unchanged():
        for method, slash in product(sorted(others), ["", "/"]):
            r = api.request(method, path.format(id=times.a.pk) + slash)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == ALLOWED[path]


@pytest.mark.parametrize(
    "path", ["/timesheet", "/timesheets/1/2", "/timesheets//", "/timesheets/1/stop"]
)
def test_paths_beside_ours_are_none(api, db, path):
    assert api.get(path).status_code == 404
    assert not Task.objects.exists()
