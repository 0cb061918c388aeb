import pytest

from tasks.models import Milestone
from tests.api.answers import FOREIGN_MILESTONE, NO_DEFAULT_MILESTONE, expect, expect_invalid
from tests.api.encodings import ENCODINGS

ENDPOINTS = ("create", "update", "merge")
IN_FORMS = ("create", "update", "clone")
INTEGER = "The task milestoneid must be an integer."
REQUIRED = "The task milestoneid field is required."

WRONG_TEXTS = [
    "abc",
    " ",
    "1.0",
    "1_0",
    "+1",
    "-1",
    " 1 ",
    "1\n",
    "\u0661",
    "0x1",
    "1e0",
    "\x00",
    "😀",
]
WRONG_VALUES = [*WRONG_TEXTS, 1.0, 1.5, True, False, [], [1], {}, {"id": 1}, "\ud800"]
NOWHERE = [0, -1, 987654321, 2**31, 2**63 - 1, 2**63, -(2**63) - 1, 2**64, 2**64 + 1, 10**30]


def milestone_of(response):
    data = response.json()["data"]
    return data["milestone"]["id"]


@pytest.mark.parametrize("value", WRONG_VALUES, ids=ascii)
def test_write_with_wrong_milestone_is_invalid(api, world, unchanged, value):
    with unchanged():
        for endpoint in (*ENDPOINTS, "clone"):
            response = world.write(endpoint).send(api, task_milestoneid=value)
            expect_invalid(response, task_milestoneid=INTEGER)


@pytest.mark.parametrize("value", [*WRONG_TEXTS, ["1"]], ids=ascii)
def test_write_with_wrong_milestone_in_a_form_is_invalid(api, world, unchanged, value):
    with unchanged():
        for encoding in ["form", "multipart"]:
            for endpoint in IN_FORMS:
                response = world.write(endpoint).send(api, encoding, task_milestoneid=value)
                expect_invalid(response, task_milestoneid=INTEGER)


@pytest.mark.parametrize("value", [*NOWHERE, *(str(number) for number in NOWHERE if number >= 0)])
def test_write_with_unknown_milestone_conflicts(api, world, unchanged, value):
    with unchanged():
        for endpoint in (*ENDPOINTS, "clone"):
            response = world.write(endpoint).send(api, task_milestoneid=value)
            expect(response, 409, FOREIGN_MILESTONE)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_with_milestone_of_another_project_conflicts(api, world, unchanged, encoding):
    foreign = dict.fromkeys(ENDPOINTS, world.foreign_milestone.pk) | {"clone": world.stage.pk}
    with unchanged():
        for endpoint, pk in foreign.items():
            response = world.write(endpoint).send(api, encoding, task_milestoneid=pk)
            expect(response, 409, FOREIGN_MILESTONE)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("form", [int, str])
def test_write_with_milestone_of_the_project_keeps_it(api, world, endpoint, form):
    other = Milestone.objects.create(project=world.project, title="Relaunch")
    response = world.write(endpoint).send(api, task_milestoneid=form(other.pk))
    assert response.json()["data"]["milestone"] == {"id": other.pk, "name": "Relaunch"}


def test_create_without_milestone_takes_the_default(api, world):
    response = world.write("create").send(api)
    expected = {"id": world.milestone.pk, "name": "Uncategorised"}
    assert response.json()["data"]["milestone"] == expected


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("empty", ["", None])
def test_write_with_empty_milestone_takes_the_default(api, world, endpoint, empty):
    response = world.write(endpoint).send(api, task_milestoneid=empty)
    assert milestone_of(response) == world.milestone.pk


@pytest.mark.parametrize("endpoint", ["create", "update"])
@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_write_with_empty_milestone_in_a_form_takes_the_default(api, world, endpoint, encoding):
    response = world.write(endpoint).send(api, encoding, task_milestoneid="")
    assert milestone_of(response) == world.milestone.pk


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_without_milestone_keeps_it(api, world, endpoint):
    assert milestone_of(world.write(endpoint).send(api)) == world.stage.pk


@pytest.mark.parametrize("sent", [{}, {"task_milestoneid": ""}, {"task_milestoneid": None}])
def test_create_in_a_project_without_default_conflicts(api, world, unchanged, sent):
    Milestone.objects.filter(project=world.project).update(is_default=None)
    with unchanged():
        expect(world.write("create").send(api, **sent), 409, NO_DEFAULT_MILESTONE)


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_with_empty_milestone_in_a_project_without_default_conflicts(
    api, world, unchanged, endpoint
):
    Milestone.objects.filter(project=world.project).update(is_default=None)
    with unchanged():
        response = world.write(endpoint).send(api, task_milestoneid="")
        expect(response, 409, NO_DEFAULT_MILESTONE)
    # What names a milestone, or leaves it alone, needs no default.
    assert milestone_of(world.write(endpoint).send(api)) == world.stage.pk


def test_create_with_milestone_in_a_project_without_default_succeeds(api, world):
    Milestone.objects.filter(project=world.project).update(is_default=None)
    response = world.write("create").send(api, task_milestoneid=world.stage.pk)
    assert milestone_of(response) == world.stage.pk


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("missing", [..., ""])
def test_clone_without_milestone_is_invalid(api, world, unchanged, encoding, missing):
    with unchanged():
        response = world.write("clone").send(api, encoding, task_milestoneid=missing)
    expect_invalid(response, task_milestoneid=REQUIRED)


def test_clone_with_null_milestone_is_invalid(api, world, unchanged):
    with unchanged():
        response = world.write("clone").send(api, task_milestoneid=None)
    expect_invalid(response, task_milestoneid=REQUIRED)
