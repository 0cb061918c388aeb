"""PHP's arrays, as they come in forms and multipart bodies."""

from urllib.parse import urlencode

import pytest

from tests.api.answers import expect_errors, expect_invalid
from tests.api.encodings import FORM, MULTIPART, multipart_body

ARRAYS = {
    "empty brackets": ([("tags[]", "a"), ("tags[]", "b")], ["a", "b"]),
    "indices": ([("tags[0]", "a"), ("tags[1]", "b")], ["a", "b"]),
    "one index": ([("tags[0]", "a")], ["a"]),
    "sparse": ([("tags[3]", "a"), ("tags[70]", "b")], ["a", "b"]),
    "ids as indices": ([("tags[4294967296]", "a"), ("tags[1798761600000]", "b")], ["a", "b"]),
    "largest index of PHP": ([("tags[9223372036854775807]", "a")], ["a"]),
    "in reverse": ([("tags[1]", "b"), ("tags[0]", "a")], ["a", "b"]),
    "mixed": ([("tags[]", "a"), ("tags[5]", "b"), ("tags[]", "c")], ["a", "b", "c"]),
    "repeated index": ([("tags[0]", "a"), ("tags[1]", "b"), ("tags[0]", "c")], ["b", "c"]),
    "index taken by brackets": ([("tags[]", "a"), ("tags[0]", "b")], ["b"]),
    "with other fields between": ([("tags[]", "a"), ("x", "1"), ("tags[]", "b")], ["a", "b"]),
    "array after a plain value": ([("tags", "a"), ("tags[]", "b")], ["b"]),
    "array after an empty value": ([("tags", ""), ("tags[]", "b")], ["b"]),
    "another array beside": ([("tags[]", "a"), ("tag[]", "b")], ["a"]),
    "empty plain value": ([("tags", "")], []),
    "empty brackets' value": ([("tags[]", "")], []),
    "empty value after an array": ([("tags[]", "a"), ("tags", "")], []),
}
WRONG = {
    "plain": ([("tags", "a")], "tags"),
    "plain twice": ([("tags", "a"), ("tags", "b")], "tags"),
    "plain after an array": ([("tags[]", "a"), ("tags", "b")], "tags"),
    "named key": ([("tags[a]", "a")], "tags"),
    "named key among indices": ([("tags[]", "a"), ("tags[x]", "b")], "tags"),
    "negative index": ([("tags[-1]", "a")], "tags"),
    "enormous index": ([("tags[99999999999999999999]", "a")], "tags"),
    "spaced index": ([("tags[ 0 ]", "a")], "tags"),
    "nested": ([("tags[0][1]", "a")], "tags.0"),
    "nested brackets": ([("tags[][]", "a")], "tags.0"),
    "nested beside a good one": ([("tags[0]", "a"), ("tags[1][x]", "b")], "tags.1"),
    "deep": ([("tags[0]" + "[0]" * 50, "a")], "tags.0"),
}
ABSENT = {
    "no closing bracket": [("tags[", "a")],
    "text after the bracket": [("tags[0]x", "a")],
    "text between brackets": [("tags[0]x[1]", "a")],
    "no name": [("[tags]", "a")],
    "other case": [("Tags[]", "a")],
    "dots": [("tags.0", "a")],
}


def bodies(pairs):
    yield urlencode(pairs), FORM
    yield urlencode(pairs, safe="[]"), FORM
    yield multipart_body(pairs), MULTIPART


@pytest.mark.parametrize(("pairs", "expected"), ARRAYS.values(), ids=ARRAYS)
def test_tag_with_array_of_a_form_takes_its_items(api, world, pairs, expected):
    for body, content_type in bodies(pairs):
        api.put(f"/tasks/{world.task.pk}/tags", {"tags": ["before"]})
        response = api.put(f"/tasks/{world.task.pk}/tags", body, content_type)
        assert response.status_code == 200, response.content
        assert response.json()["data"]["tags"] == expected


@pytest.mark.parametrize(("pairs", "field"), WRONG.values(), ids=WRONG)
def test_tag_with_no_list_of_a_form_is_invalid(api, world, unchanged, pairs, field):
    kind = "an array" if field == "tags" else "a string"
    with unchanged():
        for body, content_type in bodies(pairs):
            response = api.put(f"/tasks/{world.task.pk}/tags", body, content_type)
            expect_errors(response, {field: [f"The {field} must be {kind}."]})


@pytest.mark.parametrize("pairs", ABSENT.values(), ids=ABSENT)
def test_tag_with_a_name_that_is_no_array_is_missing(api, world, unchanged, pairs):
    with unchanged():
        for body, content_type in bodies(pairs):
            response = api.put(f"/tasks/{world.task.pk}/tags", body, content_type)
            expect_invalid(response, tags="The tags field is required.")


def test_form_with_array_of_10000_items_is_read(api, world, unchanged):
    with unchanged():
        response = api.put(f"/tasks/{world.task.pk}/tags", "&".join(["tags[]=a"] * 10_000))
    expect_invalid(response, tags="The tags may not have more than 1000 items.")
