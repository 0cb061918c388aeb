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
from tests.api.comments.world import KINDS, not_found
from tests.api.encodings import ENCODINGS, FORM, JSON
from tests.api.path_ids import UNKNOWN
from tests.api.texts import WRONG_TEXTS, WRONG_VALUES, worded

NO_COMMENT = {"message": "Comment not found."}
OF_EACH_KIND = pytest.mark.parametrize("kind", KINDS)
ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
REQUIRED = {"comment": ["The comment field is required."]}


@pytest.mark.parametrize(("text", "error"), WRONG_TEXTS.values(), ids=WRONG_TEXTS)
def test_add_with_wrong_text_is_invalid(api, talk, unchanged, text, error):
    with unchanged():
        for kind, encode in product(KINDS, ENCODINGS.values()):
            r = api.post(talk.path(kind), *encode({"comment": text}))
            expect_errors(r, {"comment": [worded(error, "comment")]})


@pytest.mark.parametrize(("value", "error"), WRONG_VALUES.values(), ids=WRONG_VALUES)
def test_add_with_wrong_value_is_invalid(api, talk, unchanged, value, error):
    with unchanged():
        for kind in KINDS:
            r = api.post(talk.path(kind), {"comment": value})
            expect_errors(r, {"comment": [worded(error, "comment")]})


@pytest.mark.parametrize(
    "text",
    ["x" * 50_001, "😀" * 50_001, " " * 50_000 + "x", "x" * 200_000],
    ids=["one more", "one emoji more", "white space counts", "many more"],
)
def test_add_of_more_than_50000_characters_is_invalid(api, talk, unchanged, text):
    message = "The comment may not be greater than 50000 characters."
    with unchanged():
        for kind, encode in product(KINDS, ENCODINGS.values()):
            r = api.post(talk.path(kind), *encode({"comment": text}))
            expect_errors(r, {"comment": [message]})


@OF_EACH_KIND
@pytest.mark.parametrize("body", ["", "text=x", "Comment=x", "comment[]=", "comment[]=a"])
def test_add_without_a_text_in_a_form_is_invalid(api, talk, unchanged, kind, body):
    with unchanged():
        r = api.post(talk.path(kind), body)
    array = {"comment": ["The comment must be a string."]}
    expect_errors(r, array if "[]" in body else REQUIRED)


@OF_EACH_KIND
@ENCODED
def test_add_without_a_field_is_invalid(api, talk, unchanged, kind, encoding):
    with unchanged():
        r = api.post(talk.path(kind), *ENCODINGS[encoding]({"text": "x"}))
    expect_errors(r, REQUIRED)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("{", JSON),
        ("[]", JSON),
        ('"Yes"', JSON),
        ('{"comment": "x"', JSON),
        ("comment=%ff", FORM),
        ("comment=%ed%a0%80", FORM),
    ],
)
def test_add_with_a_body_that_is_none_is_refused(api, talk, unchanged, body, content_type):
    with unchanged():
        for kind in KINDS:
            expect(api.request("POST", talk.path(kind), body, content_type), 400, UNPARSABLE)


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/merge-patch+json"]
)
def test_add_of_another_media_type_is_refused(api, talk, unchanged, content_type):
    with unchanged():
        for kind in KINDS:
            r = api.request("POST", talk.path(kind), '{"comment": "x"}', content_type)
            expect(r, 415, MEDIA_TYPE)


@OF_EACH_KIND
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_path_that_names_no_subject_is_not_found(api, talk, unchanged, kind, method):
    resource = talk.path(kind).split("/")[1]
    comment = talk.comments[kind][0].pk
    with unchanged():
        for text in UNKNOWN.values():
            path = f"/{resource}/{text.format(id=talk.subjects[kind].pk)}/comments"
            if method == "DELETE":
                path += f"/{comment}"
            expect(api.request(method, path, "comment=x"), 404, not_found(kind))


@OF_EACH_KIND
def test_path_that_names_no_comment_is_not_found(api, talk, unchanged, kind):
    with unchanged():
        for text in UNKNOWN.values():
            path = talk.path(kind, text.format(id=talk.comments[kind][0].pk))
            expect(api.delete(path), 404, NO_COMMENT)


@OF_EACH_KIND
@pytest.mark.parametrize("other", KINDS)
def test_comment_of_another_subject_is_not_found(api, talk, unchanged, kind, other):
    comments = [talk.strangers[other]]
    if other != kind:
        comments += talk.comments[other]
    with unchanged():
        for comment in comments:
            expect(api.delete(talk.path(kind, comment)), 404, NO_COMMENT)


@OF_EACH_KIND
def test_add_to_an_unknown_subject_is_not_found_before_the_body_is_read(api, talk, unchanged, kind):
    path = talk.path(kind).replace(str(talk.subjects[kind].pk), "987654321")
    with unchanged():
        for body, content_type in [("{", JSON), ("x", "text/plain"), ("", FORM)]:
            expect(api.request("POST", path, body, content_type), 404, not_found(kind))


def requests(talk, kind):
    return {
        "list": ("GET", talk.path(kind)),
        "add": ("POST", talk.path(kind)),
        "delete": ("DELETE", talk.path(kind, talk.comments[kind][0])),
    }


@OF_EACH_KIND
@pytest.mark.parametrize("name", ["list", "add", "delete"])
def test_request_without_key_is_unauthorized(anonymous, talk, unchanged, kind, name):
    with unchanged():
        r = anonymous.request(*requests(talk, kind)[name], "comment=x")
    expect(r, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@OF_EACH_KIND
def test_read_only_key_reads_and_writes_nothing(make_api, talk, unchanged, kind):
    api = make_api(is_read_only=True)
    with unchanged():
        assert api.get(talk.path(kind)).status_code == 200
        for name in ("add", "delete"):
            expect(api.request(*requests(talk, kind)[name], "comment=x"), 403, READ_ONLY)


@pytest.mark.parametrize(
    ("is_one", "allowed"), [(False, {"GET", "HEAD", "POST"}), (True, {"DELETE"})]
)
def test_method_that_is_none_of_the_paths_is_not_allowed(api, talk, unchanged, is_one, allowed):
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - allowed
    with unchanged():
        for kind, method, slash in product(KINDS, sorted(others), ["", "/"]):
            path = talk.path(kind, talk.comments[kind][0] if is_one else None)
            r = api.request(method, path + slash, "comment=x")
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == allowed
