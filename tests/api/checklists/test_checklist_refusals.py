"""What is refused leaves every row as it was."""

from itertools import product

import pytest

from tests.api.answers import (
    MEDIA_TYPE,
    METHOD,
    READ_ONLY,
    UNAUTHORIZED,
    UNPARSABLE,
    expect,
    expect_errors,
)
from tests.api.checklists.world import READS, WITH_BODY, WRITES
from tests.api.encodings import ENCODINGS, FORM, JSON
from tests.api.path_ids import UNKNOWN
from tests.api.texts import WRONG_TEXTS, WRONG_VALUES, worded

NOT_FOUND = {"message": "Checklist not found."}
ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
TYPE, ID = "checklistresource_type", "checklistresource_id"
REQUIRED = {
    "create": [TYPE, ID, "checklist_text"],
    "update": ["checklist_text"],
    "status": ["status"],
    "positions": ["checklist_ids"],
}


@pytest.mark.parametrize(("text", "error"), WRONG_TEXTS.values(), ids=WRONG_TEXTS)
def test_write_with_wrong_text_is_invalid(api, lists, unchanged, text, error):
    with unchanged():
        for endpoint, encoding in product(["create", "update"], ENCODINGS):
            r = lists.write(endpoint).send(api, encoding, checklist_text=text)
            expect_errors(r, {"checklist_text": [worded(error, "checklist_text")]})


@pytest.mark.parametrize(("value", "error"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_write_with_wrong_value_for_the_text_is_invalid(api, lists, unchanged, value, error):
    with unchanged():
        for endpoint in ("create", "update"):
            r = lists.write(endpoint).send(api, checklist_text=value)
            expect_errors(r, {"checklist_text": [worded(error, "checklist_text")]})


@pytest.mark.parametrize("endpoint", ["create", "update"])
def test_write_with_an_array_for_the_text_in_a_form_is_invalid(api, lists, unchanged, endpoint):
    with unchanged():
        r = lists.write(endpoint).send(api, "form", checklist_text=["a"])
    expect_errors(r, {"checklist_text": ["The checklist text must be a string."]})


@pytest.mark.parametrize("endpoint", WITH_BODY)
@ENCODED
def test_write_without_fields_reports_all_that_are_required(
    api, lists, unchanged, endpoint, encoding
):
    write = lists.write(endpoint)
    with unchanged():
        missing = write.send(api, encoding, **dict.fromkeys(write.fields, ...))
        bodiless = api.request(write.method, write.path)
        empty = write.send(api, encoding, **dict.fromkeys(write.fields, ""))
    errors = {name: [worded("required", name)] for name in REQUIRED[endpoint]}
    expect_errors(missing, errors)
    expect_errors(bodiless, errors)
    if endpoint == "positions" and encoding == "json":
        errors = {"checklist_ids": ["The checklist ids must be an array."]}
    expect_errors(empty, errors)


SELECTED = "The selected {} is invalid."
INTEGER = "The {} must be an integer."


@pytest.mark.parametrize(
    "value",
    ["client", "Task", "tasks", " task", "task ", "task\x00", "📋", "1", "null", ["task"]],
)
def test_create_with_wrong_type_is_invalid(api, lists, unchanged, value):
    with unchanged():
        for encoding in ENCODINGS:
            r = lists.write("create").send(api, encoding, checklistresource_type=value)
            expect_errors(r, {TYPE: ["The selected checklistresource type is invalid."]})


@pytest.mark.parametrize("value", [1, 0, True, 1.5, {}, {"a": 1}, "\ud800"])
def test_create_with_a_type_that_is_no_word_is_invalid(api, lists, unchanged, value):
    with unchanged():
        r = lists.write("create").send(api, checklistresource_type=value)
    expect_errors(r, {TYPE: ["The selected checklistresource type is invalid."]})


@pytest.mark.parametrize(
    ("value", "wording"),
    [
        ("abc", INTEGER),
        ("1.0", INTEGER),
        ("-1", INTEGER),
        ("+1", INTEGER),
        (" 1", INTEGER),
        ("1_0", INTEGER),
        ("٣", INTEGER),
        ("true", INTEGER),
        ("1\x00", INTEGER),
        ("😀", INTEGER),
        (["1"], INTEGER),
        ("0", SELECTED),
        ("987654321", SELECTED),
        (str(2**31), SELECTED),
        (str(2**63 - 1), SELECTED),
        (str(2**63), SELECTED),
        (str(2**64), SELECTED),
        ("9" * 900, SELECTED),
    ],
)
def test_create_with_wrong_parent_is_invalid(api, lists, unchanged, value, wording):
    with unchanged():
        for kind, encoding in product(["task", "project"], ENCODINGS):
            fields = {TYPE: kind, ID: value}
            r = lists.write("create").send(api, encoding, **fields)
            expect_errors(r, {ID: [wording.format("checklistresource id")]})


@pytest.mark.parametrize(
    ("value", "wording"),
    [
        (None, "The {} field is required."),
        (True, INTEGER),
        (1.0, INTEGER),
        ({}, INTEGER),
        ([], INTEGER),
        ("\ud800", INTEGER),
        (0, SELECTED),
        (-1, SELECTED),
        (-(2**63) - 1, SELECTED),
        (2**31, SELECTED),
        (2**63, SELECTED),
        (2**64, SELECTED),
        (10**30, SELECTED),
    ],
)
def test_create_with_a_value_for_the_parent_that_is_no_id_is_invalid(
    api, lists, unchanged, value, wording
):
    with unchanged():
        r = lists.write("create").send(api, checklistresource_id=value)
    expect_errors(r, {ID: [wording.format("checklistresource id")]})


def test_create_reports_all_errors_together(api, lists, unchanged):
    with unchanged():
        r = lists.write("create").send(
            api, checklistresource_type="client", checklistresource_id="x", checklist_text=5
        )
    expect_errors(
        r,
        {
            TYPE: ["The selected checklistresource type is invalid."],
            ID: ["The checklistresource id must be an integer."],
            "checklist_text": ["The checklist text must be a string."],
        },
    )


def test_create_reports_a_missing_parent_beside_a_wrong_text(api, lists, unchanged):
    with unchanged():
        r = lists.write("create").send(api, checklistresource_id=0, checklist_text=" ")
    expect_errors(
        r,
        {
            ID: ["The selected checklistresource id is invalid."],
            "checklist_text": ["The checklist text field is required."],
        },
    )


@pytest.mark.parametrize(
    "value", ["done", "Completed", " pending", "true", "1", "on", "pending\x00", "✅", ["pending"]]
)
def test_status_with_another_word_is_invalid(api, lists, unchanged, value):
    with unchanged():
        for encoding in ENCODINGS:
            r = lists.write("status").send(api, encoding, status=value)
            expect_errors(r, {"status": ["The selected status is invalid."]})


@pytest.mark.parametrize("value", [1, 0, 2, True, False, 1.5, {}, [], "\ud800"])
def test_status_with_a_value_that_is_no_word_is_invalid(api, lists, unchanged, value):
    with unchanged():
        r = lists.write("status").send(api, status=value)
    expect_errors(r, {"status": ["The selected status is invalid."]})


def test_status_null_is_invalid(api, lists, unchanged):
    with unchanged():
        r = lists.write("status").send(api, status=None)
    expect_errors(r, {"status": ["The status field is required."]})


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/checklists/{}"),
        ("PATCH", "/checklists/{}"),
        ("DELETE", "/checklists/{}"),
        ("PUT", "/checklists/{}/status"),
    ],
)
def test_path_that_names_no_item_is_not_found(api, lists, unchanged, method, path):
    with unchanged():
        for text in UNKNOWN.values():
            r = api.request(method, path.format(text.format(id=lists.a.pk)))
            expect(r, 404, NOT_FOUND)


@pytest.mark.parametrize("endpoint", ["update", "status", "delete"])
def test_write_of_an_unknown_item_is_not_found_before_its_body_is_read(
    api, lists, unchanged, endpoint
):
    write = lists.write(endpoint)
    path = write.path.replace(str(lists.a.pk), "987654321")
    with unchanged():
        for body, content_type in [("{", JSON), ("x", "text/plain"), ("", FORM)]:
            expect(api.request(write.method, path, body, content_type), 404, NOT_FOUND)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", JSON),
        ("[]", JSON),
        ('"a"', JSON),
        ("null", JSON),
        ("checklist_text=%ff", FORM),
        ("checklist_text=%ed%a0%80", FORM),
    ],
)
def test_write_with_a_body_that_is_none_is_refused(api, lists, unchanged, body, content_type):
    with unchanged():
        for write in map(lists.write, WITH_BODY):
            r = api.request(write.method, write.path, body, content_type)
            expect(r, 400, UNPARSABLE)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/merge-patch+json"]
)
def test_write_of_another_media_type_is_refused(api, lists, unchanged, content_type):
    with unchanged():
        for write in map(lists.write, WITH_BODY):
            r = api.request(write.method, write.path, "{}", content_type)
            expect(r, 415, MEDIA_TYPE)


def send(lists, endpoint, api):
    if endpoint == "list":
        return api.get("/checklists", resource_type="task", resource_id=lists.task.pk)
    if endpoint == "retrieve":
        return api.get(f"/checklists/{lists.a.pk}")
    return lists.write(endpoint).send(api)


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_request_without_key_is_unauthorized(anonymous, lists, unchanged, endpoint):
    with unchanged():
        r = send(lists, endpoint, anonymous)
    expect(r, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_read_only_key_reads_and_writes_nothing(make_api, lists, unchanged, endpoint):
    api = make_api(is_read_only=True)
    with unchanged():
        r = send(lists, endpoint, api)
    if endpoint in READS:
        assert r.status_code == 200
    else:
        expect(r, 403, READ_ONLY)


ALLOWED = {
    "/checklists": {"GET", "HEAD", "POST"},
    "/checklists/positions": {"PUT"},
    "/checklists/{id}": {"GET", "HEAD", "PATCH", "DELETE"},
    "/checklists/{id}/status": {"PUT"},
}


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize("is_read_only", [False, True])
def test_method_that_is_none_of_the_paths_is_not_allowed(
    make_api, lists, unchanged, path, is_read_only
):
    api = make_api(is_read_only=is_read_only)
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - ALLOWED[path]
    with unchanged():
        for method, slash in product(sorted(others), ["", "/"]):
            r = api.request(method, path.format(id=lists.a.pk) + slash)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == ALLOWED[path]


@pytest.mark.parametrize("path", ["/checklists/x/y", "/checklists//status", "/checklists/{id}/"])
def test_paths_beside_ours_are_none(api, lists, path):
    r = api.request("PUT", path.format(id=lists.a.pk) + "/nothing")
    assert r.status_code == 404
