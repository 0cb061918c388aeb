import pytest

from tasks.folding import fold
from tasks.models import Task
from tests.api.answers import expect_invalid
from tests.api.encodings import ENCODINGS
from tests.api.texts import INVISIBLE

ENDPOINTS = ("create", "update", "merge", "clone")
IN_FORMS = ("create", "update", "clone")

GOOD = {
    "plain": ("Plan", "Plan"),
    "one character": ("x", "x"),
    "zero": ("0", "0"),
    "space around": ("  Plan \t\r\n", "Plan"),
    "unicode space around": ("\u3000Plan\u00a0", "Plan"),
    "space inside": ("a  b\nc", "a  b\nc"),
    "255": ("x" * 255, "x" * 255),
    "255 and space": (" " * 300 + "x" * 255 + " " * 300, "x" * 255),
    "255 emoji": ("😀" * 255, "😀" * 255),
    "family emoji": ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"),
    "right to left": ("مرحبا \u202eabc", "مرحبا \u202eabc"),
    "combining": ("Cafe\u0301", "Cafe\u0301"),
    "composed": ("Caf\u00e9", "Caf\u00e9"),
    "casefolds longer": ("ß" * 255, "ß" * 255),
    "folds twice as long": ("\u1fb7" * 255, "\u1fb7" * 255),
    "normalized three times as long": ("\ufb2c" * 255, "\ufb2c" * 255),
    "invisible around": ("\u200bPlan\u2060", "\u200bPlan\u2060"),
    "markup": ("<b>&amp;</b>", "<b>&amp;</b>"),
    "form characters": ("a+b=c&d%20;e", "a+b=c&d%20;e"),
    "sql": ("'\"; DROP TABLE x; --\\", "'\"; DROP TABLE x; --\\"),
    "brackets": ("[x]", "[x]"),
    "control": ("a\x01\x7fb", "a\x01\x7fb"),
    "noncharacter": ("\uffff", "\uffff"),
}
REQUIRED = "The task title field is required."
STRING = "The task title must be a string."
LONG = "The task title may not be greater than 255 characters."
CHARACTERS = "The task title contains characters that can't be stored."
WRONG_TEXTS = {
    "empty": ("", REQUIRED),
    "spaces": ("   ", REQUIRED),
    "white space": ("\t\r\n\u3000", REQUIRED),
    **{f"invisible {text!a}": (text, REQUIRED) for text in INVISIBLE},
    "256": ("x" * 256, LONG),
    "256 emoji": ("😀" * 256, LONG),
    "256 within space": (" " + "x" * 256 + " ", LONG),
    "64 KiB": ("x" * 65_536, LONG),
    "NUL": ("\x00", CHARACTERS),
    "NUL inside": ("a\x00b", CHARACTERS),
}
WRONG_VALUES = {
    "null": (None, REQUIRED),
    "integer": (7, STRING),
    "zero": (0, STRING),
    "float": (1.5, STRING),
    "true": (True, STRING),
    "false": (False, STRING),
    "list": (["a"], STRING),
    "empty list": ([], STRING),
    "object": ({"a": 1}, STRING),
    "empty object": ({}, STRING),
    "high surrogate": ("a\ud800", CHARACTERS),
    "low surrogate": ("\udfffa", CHARACTERS),
    "surrogates in the wrong order": ("\udc00\ud800", CHARACTERS),
}


@pytest.mark.parametrize(("sent", "stored"), GOOD.values(), ids=GOOD)
def test_write_with_good_title_keeps_it_trimmed(api, world, sent, stored):
    for endpoint in ENDPOINTS:
        for encoding in ENCODINGS if endpoint in IN_FORMS else ["json"]:
            response = world.write(endpoint).send(api, encoding, task_title=sent)
            data = response.json()["data"]
            assert data["title"] == stored
            row = Task.objects.get(pk=data["id"])
            assert (row.title, row.folded_title) == (stored, fold(stored))


@pytest.mark.parametrize(("value", "error"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_write_with_wrong_value_for_the_title_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for endpoint in ENDPOINTS:
            response = world.write(endpoint).send(api, task_title=value)
            expect_invalid(response, task_title=error)


@pytest.mark.parametrize(("value", "error"), WRONG_TEXTS.values(), ids=WRONG_TEXTS)
def test_write_with_wrong_title_is_invalid(api, world, unchanged, value, error):
    with unchanged():
        for encoding in ENCODINGS:
            for endpoint in IN_FORMS:
                response = world.write(endpoint).send(api, encoding, task_title=value)
                expect_invalid(response, task_title=error)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_without_title_is_invalid(api, world, unchanged, encoding):
    with unchanged():
        for endpoint in IN_FORMS:
            response = world.write(endpoint).send(api, encoding, task_title=...)
            expect_invalid(response, task_title=REQUIRED)


@pytest.mark.parametrize("name", ["task_title[]", "task_title[0]", "task_title[a]"])
def test_write_with_array_for_the_title_in_a_form_is_invalid(api, world, unchanged, name):
    with unchanged():
        for endpoint in IN_FORMS:
            response = world.write(endpoint).send(api, "form", task_title=..., **{name: "Plan"})
            expect_invalid(response, task_title=STRING)


@pytest.mark.parametrize("endpoint", ENDPOINTS)
def test_write_with_too_long_title_reports_it_beside_other_errors(api, world, unchanged, endpoint):
    with unchanged():
        response = world.write(endpoint).send(api, task_title="x" * 256, task_status=0)
    expect_invalid(response, task_title=LONG, task_status="The selected task status is invalid.")
