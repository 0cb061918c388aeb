import pytest

from tasks.models import Task
from tests.api.answers import expect_invalid
from tests.api.encodings import ENCODINGS

ENDPOINTS = ("create", "update", "merge")
IN_FORMS = ("create", "update")

GOOD = {
    "plain": "As agreed.",
    "space around": "  as given \n",
    "spaces alone": "   ",
    "lines": "one\r\ntwo\n\nthree\t.",
    "markup": "<script>alert(1)</script>",
    "emoji": "😀👩‍👩‍👧‍👦",
    "right to left": "مرحبا",
    "combining": "e\u0301",
    "long": "äöü😀 " * 20_000,
}
STRING = "The task description must be a string."
CHARACTERS = "The task description contains characters that can't be stored."
WRONG = {
    "integer": (7, STRING),
    "float": (0.0, STRING),
    "true": (True, STRING),
    "false": (False, STRING),
    "list": (["a"], STRING),
    "empty list": ([], STRING),
    "object": ({}, STRING),
    "NUL": ("a\x00", CHARACTERS),
    "surrogate": ("\ud800", CHARACTERS),
}


def stored(response):
    row = Task.objects.get(pk=response.json()["data"]["id"])
    assert response.json()["data"]["description"] == row.description
    return row.description


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_write_with_description_keeps_it_as_given(api, world, text):
    for endpoint in ENDPOINTS:
        for encoding in ENCODINGS if endpoint in IN_FORMS else ["json"]:
            write = world.write(endpoint)
            assert stored(write.send(api, encoding, task_description=text)) == text


@pytest.mark.parametrize("endpoint", ENDPOINTS)
@pytest.mark.parametrize("empty", ["", None])
def test_write_with_empty_description_clears_it(api, world, endpoint, empty):
    assert stored(world.write(endpoint).send(api, task_description=empty)) is None


@pytest.mark.parametrize("endpoint", IN_FORMS)
@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_write_with_empty_description_in_a_form_clears_it(api, world, endpoint, encoding):
    assert stored(world.write(endpoint).send(api, encoding, task_description="")) is None


@pytest.mark.parametrize("endpoint", ["update", "merge"])
def test_update_without_description_keeps_it(api, world, endpoint):
    assert stored(world.write(endpoint).send(api)) == "First draft."


def test_create_without_description_has_none(api, world):
    assert stored(world.write("create").send(api)) is None


@pytest.mark.parametrize(("value", "error"), WRONG.values(), ids=WRONG)
def test_write_with_wrong_description_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for endpoint in ENDPOINTS:
            response = world.write(endpoint).send(api, task_description=value)
            expect_invalid(response, task_description=error)


@pytest.mark.parametrize(("value", "error"), [("a\x00", CHARACTERS), (["a"], STRING)])
def test_write_with_wrong_description_in_a_form_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for encoding in ["form", "multipart"]:
            for endpoint in IN_FORMS:
                response = world.write(endpoint).send(api, encoding, task_description=value)
                expect_invalid(response, task_description=error)
