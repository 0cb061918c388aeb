from typing import Any

import pytest

from tasks.models import HistoryEntry, Tag, Task, TaskTag
from tests.api.answers import expect, expect_errors, expect_invalid, shown
from tests.api.encodings import ENCODINGS, FORM
from tests.api.texts import INVISIBLE
from tests.moments import utc

OLD = utc(2026, 1, 1)


def put(api, world, value, encoding="json"):
    return world.write("tags").send(api, encoding, tags=value)


def tags_of(response):
    assert response.status_code == 200, response.content
    return response.json()["data"]["tags"]


GOOD = {
    "one": (["urgent"], ["urgent"]),
    "one character": (["x"], ["x"]),
    "trimmed": (["  urgent\t\n"], ["urgent"]),
    "unicode space": (["\u3000urgent\u00a0"], ["urgent"]),
    "space inside": (["to  do"], ["to  do"]),
    "comma": (["a, b"], ["a, b"]),
    "quotes": (['"a"', "'b'"], ['"a"', "'b'"]),
    "duplicates": (["a", "a", " a "], ["a"]),
    "told apart by case": (["web", "Web", "WEB"], ["WEB", "Web", "web"]),
    "told apart by accent": (["resume", "résumé"], ["resume", "résumé"]),
    "one, composed and decomposed": (["cafe\u0301", "x", "caf\u00e9"], ["cafe\u0301", "x"]),
    "as first sent": (["B\u00fcro", "Bu\u0308ro"], ["B\u00fcro"]),
    "told apart by ß": (["strasse", "straße"], ["strasse", "straße"]),
    "by code point": (
        ["😀", "ä", "a", "Z", "10", "9", "é", "\uffee", "~"],
        ["10", "9", "Z", "a", "~", "ä", "é", "\uffee", "😀"],
    ),
    "100": (["x" * 100], ["x" * 100]),
    "100 within space": ([" " * 50 + "x" * 100 + " " * 50], ["x" * 100]),
    "100 emoji": (["😀" * 100], ["😀" * 100]),
    "right to left": (["مرحبا"], ["مرحبا"]),
    "looks like a number": (["1", "01", "1.0"], ["01", "1", "1.0"]),
    "looks like markup": (["<b>", "%s", "{x}", "\\"], ["%s", "<b>", "\\", "{x}"]),
    "many": ([f"tag {n:03}" for n in range(300)], [f"tag {n:03}" for n in range(300)]),
}


@pytest.mark.parametrize(("sent", "expected"), GOOD.values(), ids=GOOD)
def test_tag_replaces_the_set_and_answers_the_task(api, world, sent, expected):
    for encoding in ENCODINGS:
        put(api, world, ["before"])
        response = put(api, world, sent, encoding)
        data = shown(world.task)
        expect(response, 200, {"data": data, "message": "Task tags updated successfully."})
        assert data["tags"] == expected
    # The other task keeps its own.
    assert shown(world.bystander)["tags"] == ["priority"]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"tags": []}', "application/json"),
        ("tags=", FORM),
        ("tags[]=", FORM),
        ("tags%5B%5D=", FORM),
        ("tags[0]=", FORM),
        ("tags", FORM),
    ],
)
def test_tag_with_nothing_clears_the_set(api, world, body, content_type):
    response = api.put(f"/tasks/{world.task.pk}/tags", body, content_type)
    data = shown(world.task)
    expect(response, 200, {"data": data, "message": "Task tags updated successfully."})
    assert data["tags"] == []
    assert shown(world.bystander)["tags"] == ["priority"]


@pytest.mark.parametrize("value", [None, ...])
def test_tag_without_an_array_is_invalid(api, world, unchanged, value):
    with unchanged():
        expect_invalid(put(api, world, value), tags="The tags field is required.")


@pytest.mark.parametrize("encoding", ["form", "multipart"])
def test_tag_without_an_array_in_a_form_is_invalid(api, world, unchanged, encoding):
    with unchanged():
        expect_invalid(put(api, world, ..., encoding), tags="The tags field is required.")


@pytest.mark.parametrize("value", ["", "a", "a,b", 5, 0, True, False, {"a": "a"}], ids=ascii)
def test_tag_with_no_array_is_invalid(api, world, unchanged, value):
    with unchanged():
        expect_invalid(put(api, world, value), tags="The tags must be an array.")


@pytest.mark.parametrize("body", ["tags=a", "tags=a,b", "tags=%20", "tags[x]=a", "tags[-1]=a"])
def test_tag_with_no_array_in_a_form_is_invalid(api, world, unchanged, body):
    with unchanged():
        response = api.put(f"/tasks/{world.task.pk}/tags", body)
    expect_invalid(response, tags="The tags must be an array.")


REQUIRED = "The tags.1 field is required."
STRING = "The tags.1 must be a string."
LONG = "The tags.1 may not be greater than 100 characters."
CHARACTERS = "The tags.1 contains characters that can't be stored."
WRONG_TEXTS = {
    "empty": ("", REQUIRED),
    "space": (" \t", REQUIRED),
    **{f"invisible {text!a}": (text, REQUIRED) for text in INVISIBLE},
    "101": ("x" * 101, LONG),
    "101 emoji": ("😀" * 101, LONG),
    "NUL": ("a\x00", CHARACTERS),
}
WRONG_VALUES: dict[str, tuple[Any, str]] = WRONG_TEXTS | {
    "null": (None, REQUIRED),
    "integer": (1, STRING),
    "float": (1.5, STRING),
    "true": (True, STRING),
    "false": (False, STRING),
    "list": (["a"], STRING),
    "object": ({}, STRING),
    "surrogate": ("\ud800", CHARACTERS),
}


@pytest.mark.parametrize(("value", "error"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_tag_with_wrong_item_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        response = put(api, world, ["good", value])
    expect_errors(response, {"tags.1": [error]})


@pytest.mark.parametrize(("value", "error"), WRONG_TEXTS.values(), ids=WRONG_TEXTS)
def test_tag_with_wrong_item_in_a_form_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for encoding in ["form", "multipart"]:
            response = put(api, world, ["good", value], encoding)
            expect_errors(response, {"tags.1": [error]})


def test_tag_with_several_wrong_items_reports_all_of_them(api, world, unchanged):
    with unchanged():
        response = put(api, world, [1, "good", "", "x" * 101])
    expect_errors(
        response,
        {
            "tags.0": ["The tags.0 must be a string."],
            "tags.2": ["The tags.2 field is required."],
            "tags.3": ["The tags.3 may not be greater than 100 characters."],
        },
    )


@pytest.mark.parametrize("names", [["priority", "Web"], ["Web", " priority ", "Web"]])
def test_tag_with_the_same_set_again_changes_nothing(api, world, unchanged, names):
    with unchanged():
        response = put(api, world, names)
    assert tags_of(response) == ["Web", "priority"]


def test_tag_in_another_case_is_a_change(api, world):
    assert tags_of(put(api, world, ["Priority", "web"])) == ["Priority", "web"]
    assert set(Tag.objects.values_list("name", flat=True)) >= {"priority", "Priority", "Web", "web"}


def test_tag_moves_updated_and_version_once(api, world):
    Task.objects.filter(pk=world.task.pk).update(updated_at=OLD)
    version = world.reload().version
    put(api, world, ["a", "b", "c"])
    task = world.reload()
    assert task.version == version + 1
    assert task.updated_at > OLD
    assert HistoryEntry.objects.filter(verb="tagged", subject_id=task.pk).count() == 1


def test_tag_with_a_known_name_makes_no_second_tag(api, world):
    put(api, world, ["priority", "new"])
    assert Tag.objects.filter(name="priority").count() == 1
    assert TaskTag.objects.filter(tag__name="priority").count() == 2


def test_tag_with_1001_items_is_invalid(api, world, unchanged):
    with unchanged():
        response = put(api, world, ["a"] * 1001)
    expect_invalid(response, tags="The tags may not have more than 1000 items.")
