import pytest

from tasks.models import Task
from tests.api.answers import expect_invalid

SWITCHES = {"task_client_visibility": "is_client_visible", "task_billable": "is_billable"}
COPIES = ("copy_checklist", "copy_files")

TEXTS = {
    "on": True,
    "yes": True,
    "1": True,
    "true": True,
    "off": False,
    "no": False,
    "0": False,
    "false": False,
    "": False,
}
VALUES = [
    *TEXTS.items(),
    (True, True),
    (1, True),
    (False, False),
    (0, False),
    (None, False),
]
WRONG_TEXTS = ["ON", "Yes", "TRUE", " on", "on ", "2", "-1", "00", "01", "1.0", "y", "null", "ein"]
WRONG_TEXTS += ["\x00", "on\x00", "\u0661", "😀"]
WRONG_VALUES = [*WRONG_TEXTS, 2, -1, 1.0, 0.0, 2**64, [], [True], ["on"], {}, {"on": 1}, "\ud800"]


def error_of(field):
    return {field: f"The {field.replace('_', ' ')} field must be on or off."}


def check(  # noqa: PLR0917 (a table's columns)
    api, world, endpoint, encoding, field, value, expected
):
    column = SWITCHES[field]
    # From the other position, so that nothing that stays as it was can pass.
    Task.objects.filter(pk=world.task.pk).update(**{column: not expected})
    response = world.write(endpoint).send(api, encoding, **{field: value})
    data = response.json()["data"]
    assert data[field.removeprefix("task_")] == ("yes" if expected else "no")
    assert getattr(Task.objects.get(pk=data["id"]), column) is expected


@pytest.mark.parametrize("field", SWITCHES)
@pytest.mark.parametrize(("value", "expected"), VALUES)
def test_write_with_switch_in_json_turns_it(api, world, field, value, expected):
    for endpoint in ["create", "update", "merge"]:
        check(api, world, endpoint, "json", field, value, expected)


@pytest.mark.parametrize("field", SWITCHES)
@pytest.mark.parametrize("endpoint", ["create", "update"])
@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_write_with_switch_in_a_form_turns_it(api, world, field, endpoint, encoding):
    for value, expected in TEXTS.items():
        check(api, world, endpoint, encoding, field, value, expected)


@pytest.mark.parametrize("value", WRONG_VALUES, ids=ascii)
def test_write_with_wrong_switch_is_invalid(api, world, unchanged, value):
    with unchanged():
        for endpoint in ["create", "update", "merge"]:
            for field in SWITCHES:
                response = world.write(endpoint).send(api, **{field: value})
                expect_invalid(response, **error_of(field))


@pytest.mark.parametrize("value", [*WRONG_TEXTS, ["on"]], ids=ascii)
def test_write_with_wrong_switch_in_a_form_is_invalid(api, world, unchanged, value):
    with unchanged():
        for endpoint in ["create", "update"]:
            for field in SWITCHES:
                for encoding in ["form", "multipart"]:
                    response = world.write(endpoint).send(api, encoding, **{field: value})
                    expect_invalid(response, **error_of(field))


@pytest.mark.parametrize("endpoint", ["update", "merge"])
@pytest.mark.parametrize("is_on", [True, False])
def test_update_without_switches_keeps_them(api, world, endpoint, is_on):
    Task.objects.filter(pk=world.task.pk).update(is_client_visible=is_on, is_billable=is_on)
    data = world.write(endpoint).send(api).json()["data"]
    assert [data["client_visibility"], data["billable"]] == ["yes" if is_on else "no"] * 2


def test_create_without_switches_has_them_off(api, world):
    data = world.write("create").send(api).json()["data"]
    assert [data["client_visibility"], data["billable"]] == ["no", "no"]


@pytest.mark.parametrize("field", COPIES)
def test_clone_with_switch_is_accepted(api, world, field):
    for value, _ in VALUES:
        assert world.write("clone").send(api, **{field: value}).status_code == 201


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_clone_with_switches_in_a_form_is_accepted(api, world, encoding):
    for text in TEXTS:
        response = world.write("clone").send(api, encoding, copy_checklist=text, copy_files=text)
        assert response.status_code == 201


@pytest.mark.parametrize("field", COPIES)
def test_clone_with_wrong_switch_is_invalid(api, world, unchanged, field):
    with unchanged():
        for value in WRONG_VALUES:
            response = world.write("clone").send(api, **{field: value})
            expect_invalid(response, **error_of(field))
