"""Fields that name a row that must exist: projects, statuses, priorities."""

import pytest

from tasks.models import Project
from tests.api.answers import expect_invalid
from tests.api.encodings import JSON

FIELDS = [
    ("create", "task_projectid"),
    ("create", "task_status"),
    ("create", "task_priority"),
    ("update", "task_status"),
    ("update", "task_priority"),
    ("merge", "task_status"),
    ("merge", "task_priority"),
    ("status", "status"),
    ("clone", "task_status"),
    ("clone", "project_id"),
]
IN_FORMS = [case for case in FIELDS if case[0] != "merge"]

REQUIRED = "The {name} field is required."
INTEGER = "The {name} must be an integer."
SELECTED = "The selected {name} is invalid."

TEXTS = {
    "empty": ("", REQUIRED),
    "space": (" ", INTEGER),
    "word": ("abc", INTEGER),
    "float": ("1.0", INTEGER),
    "underscore": ("1_0", INTEGER),
    "plus": ("+1", INTEGER),
    "minus": ("-1", INTEGER),
    "spaces around": (" 1 ", INTEGER),
    "newline after": ("1\n", INTEGER),
    "arabic digit": ("\u0661", INTEGER),
    "superscript": ("²", INTEGER),
    "fullwidth digit": ("\uff11", INTEGER),
    "hex": ("0x1", INTEGER),
    "exponent": ("1e0", INTEGER),
    "two": ("1,2", INTEGER),
    "NUL": ("1\x00", INTEGER),
    "emoji": ("😀", INTEGER),
    "true": ("true", INTEGER),
    "null": ("null", INTEGER),
    "zero": ("0", SELECTED),
    "unknown": ("987654321", SELECTED),
    "2**31": (str(2**31), SELECTED),
    "2**63 - 1": (str(2**63 - 1), SELECTED),
    "2**63": (str(2**63), SELECTED),
    "2**64": (str(2**64), SELECTED),
    "2**64 + 1": (str(2**64 + 1), SELECTED),
    "10**30": (str(10**30), SELECTED),
}
VALUES = {
    "null": (None, REQUIRED),
    "list": ([1], INTEGER),
    "empty list": ([], INTEGER),
    "object": ({"id": 1}, INTEGER),
    "empty object": ({}, INTEGER),
    "true": (True, INTEGER),
    "false": (False, INTEGER),
    "1.0": (1.0, INTEGER),
    "1.5": (1.5, INTEGER),
    "surrogate": ("\ud800", INTEGER),
    "zero": (0, SELECTED),
    "-1": (-1, SELECTED),
    "unknown": (987654321, SELECTED),
    "2**31": (2**31, SELECTED),
    "-2**31 - 1": (-(2**31) - 1, SELECTED),
    "2**63": (2**63, SELECTED),
    "-2**63 - 1": (-(2**63) - 1, SELECTED),
    "2**64": (2**64, SELECTED),
    "2**64 + 1": (2**64 + 1, SELECTED),
    "10**30": (10**30, SELECTED),
}


def worded(template, field):
    return template.format(name=field.replace("_", " "))


@pytest.mark.parametrize(("value", "error"), VALUES.values(), ids=VALUES)
def test_write_with_wrong_value_for_an_id_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for endpoint, field in FIELDS:
            response = world.write(endpoint).send(api, **{field: value})
            expect_invalid(response, **{field: worded(error, field)})


@pytest.mark.parametrize(("value", "error"), TEXTS.values(), ids=TEXTS)
def test_write_with_wrong_text_for_an_id_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for encoding in ["form", "multipart", "json"]:
            for endpoint, field in IN_FORMS:
                response = world.write(endpoint).send(api, encoding, **{field: value})
                expect_invalid(response, **{field: worded(error, field)})


@pytest.mark.parametrize("encoding", ["form", "multipart", "json"])
def test_write_without_an_id_is_invalid(api, world, unchanged, encoding):
    with unchanged():
        for endpoint, field in IN_FORMS:
            response = world.write(endpoint).send(api, encoding, **{field: ...})
            expect_invalid(response, **{field: worded(REQUIRED, field)})


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_write_with_an_array_for_an_id_in_a_form_is_invalid(api, world, unchanged, encoding):
    with unchanged():
        for endpoint, field in IN_FORMS:
            response = world.write(endpoint).send(api, encoding, **{field: ["1"]})
            expect_invalid(response, **{field: worded(INTEGER, field)})


def test_write_with_5000_digits_for_an_id_is_invalid(api, world, unchanged):
    with unchanged():
        for endpoint, field in FIELDS:
            write = world.write(endpoint)
            body, content_type = write.body(**{field: 0})
            body = body.replace(f'"{field}": 0', f'"{field}": {"9" * 5000}')
            response = api.request(write.method, write.path, body, content_type)
            expect_invalid(response, **{field: worded(SELECTED, field)})


@pytest.mark.parametrize("text", ["{}", "0{}", "00000000000000000000{}"])
def test_status_with_digits_succeeds(api, world, text):
    response = api.put(f"/tasks/{world.task.pk}/status", {"status": text.format(3)})
    assert response.status_code == 200
    assert response.json()["data"]["status"] == world.status(3)


def test_create_in_an_archived_project_succeeds(api, world):
    Project.objects.filter(pk=world.project.pk).update(is_archived=True)
    assert world.write("create").send(api).status_code == 201


def test_write_with_wrong_ids_reports_all_of_them(api, world, unchanged):
    with unchanged():
        response = api.post(
            "/tasks",
            {
                "task_projectid": 0,
                "task_status": "one",
                "task_priority": None,
                "task_title": 5,
                "task_milestoneid": "1.0",
                "task_date_start": "today",
                "task_date_due": 20260601,
                "task_description": ["a"],
                "task_client_visibility": "maybe",
                "task_billable": 2,
            },
            JSON,
        )
    expect_invalid(
        response,
        task_projectid="The selected task projectid is invalid.",
        task_status="The task status must be an integer.",
        task_priority="The task priority field is required.",
        task_title="The task title must be a string.",
        task_milestoneid="The task milestoneid must be an integer.",
        task_date_start="The task date start is not a valid date.",
        task_date_due="The task date due is not a valid date.",
        task_description="The task description must be a string.",
        task_client_visibility="The task client visibility field must be on or off.",
        task_billable="The task billable field must be on or off.",
    )


ALL_REQUIRED = {
    "create": ["task_title", "task_status", "task_priority", "task_projectid"],
    "update": ["task_title", "task_status", "task_priority"],
    "status": ["status"],
    "assigned": ["assigned"],
    "tags": ["tags"],
    "clone": ["task_title", "task_status", "project_id", "task_milestoneid"],
}


@pytest.mark.parametrize(("endpoint", "fields"), ALL_REQUIRED.items(), ids=ALL_REQUIRED)
def test_write_without_anything_reports_all_that_is_required(
    api, world, unchanged, endpoint, fields
):
    write = world.write(endpoint)
    with unchanged():
        response = api.request(write.method, write.path)
    expect_invalid(response, **{name: worded(REQUIRED, name) for name in fields})
