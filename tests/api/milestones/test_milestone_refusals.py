"""What is refused leaves every row as it was."""

from itertools import product

import pytest

from tests.api.answers import (
    INVALID,
    MEDIA_TYPE,
    METHOD,
    READ_ONLY,
    UNAUTHORIZED,
    UNPARSABLE,
    expect,
    expect_errors,
)
from tests.api.encodings import ENCODINGS, FORM, JSON, MERGE_PATCH
from tests.api.milestones.world import (
    IN_EVERY_ENCODING,
    NOT_FOUND,
    OF_A_MILESTONE,
    READS,
    TAKEN,
    WITH_BODY,
    WRITES,
)
from tests.api.path_ids import UNKNOWN
from tests.api.projects.values import (
    ARRAY,
    INTEGER,
    REQUIRED,
    SELECTED,
    WRONG_IDS,
    WRONG_TITLES,
    in_forms,
    worded,
)


@pytest.mark.parametrize(
    ("endpoints", "field", "values"),
    [
        (("create", "update", "merge"), "milestone_title", WRONG_TITLES),
        (("create",), "milestone_projectid", [*WRONG_IDS, ("", REQUIRED), (None, REQUIRED)]),
    ],
)
def test_write_with_a_wrong_value_is_invalid(*, api, plan, unchanged, endpoints, field, values):
    with unchanged():
        for endpoint, (value, template) in product(endpoints, values):
            says_it = endpoint != "merge" and in_forms(value)
            for encoding in ENCODINGS if says_it else ["json"]:
                r = plan.write(endpoint).send(api, encoding, **{field: value})
                expect_errors(r, {field: [worded(template, field)]})


@pytest.mark.parametrize("endpoint", IN_EVERY_ENCODING)
def test_write_without_fields_reports_all_that_are_required(api, plan, unchanged, endpoint):
    write = plan.write(endpoint)
    errors = {name: [worded(REQUIRED, name)] for name in write.fields}
    with unchanged():
        for encoding in ENCODINGS:
            r = write.send(api, encoding, **dict.fromkeys(write.fields, ...))
            expect_errors(r, errors)
        expect_errors(api.request(write.method, write.path), errors)


def test_create_reports_all_errors_together(api, plan, unchanged):
    with unchanged():
        r = plan.write("create").send(
            api, milestone_projectid=0, milestone_title=" ", milestone_color="#fff"
        )
    errors = {
        "milestone_projectid": SELECTED,
        "milestone_title": REQUIRED,
        "milestone_color": SELECTED,
    }
    expect_errors(r, {name: [worded(text, name)] for name, text in errors.items()})


@pytest.mark.parametrize("value", [1, 0, True, 1.5, "1", "", "1,2", {"a": 1}], ids=ascii)
def test_positions_with_no_array_are_invalid(api, plan, unchanged, value):
    with unchanged():
        r = api.put("/milestones/positions", {"milestones": value})
    expect_errors(r, {"milestones": [worded(ARRAY, "milestones")]})


@pytest.mark.parametrize(
    ("body", "template"),
    [
        ('{"milestones": []}', REQUIRED),
        ('{"milestones": null}', REQUIRED),
        ("milestones=", REQUIRED),
        ("milestones[]=", REQUIRED),
        ("milestones", REQUIRED),
        ("milestones=5", ARRAY),
        ("milestones=5,6", ARRAY),
        ("milestones[a]=5", ARRAY),
    ],
)
def test_positions_without_ids_are_invalid(api, plan, unchanged, body, template):
    with unchanged():
        r = api.put("/milestones/positions", body, JSON if body.startswith("{") else FORM)
    expect_errors(r, {"milestones": [worded(template, "milestones")]})


@pytest.mark.parametrize(
    ("ids", "errors"),
    [
        ([987654321], {0: SELECTED}),
        ([987654321, 987654320], {0: SELECTED, 1: SELECTED}),
        (["a", 0], {1: SELECTED}),
        ([0, "a"], {0: SELECTED}),
        (["a", "b", "a"], {2: SELECTED}),
        (["a", "a", "a"], {1: SELECTED, 2: SELECTED}),
        ([0, 0], {0: SELECTED, 1: SELECTED}),
        (["a", "stranger"], {1: SELECTED}),
        (["stranger", "a", "b"], {1: SELECTED, 2: SELECTED}),
        (["a", 2**31, 2**63 - 1, 2**63, 2**64, 10**30], dict.fromkeys(range(1, 6), SELECTED)),
        (["a", -1, -(2**63) - 1, -(2**64)], dict.fromkeys(range(1, 4), SELECTED)),
        (
            ["a", "x", "1.0", "-1", "+1", " 1", "٣", "1\x00", "😀", "\ud800"],
            dict.fromkeys(range(1, 10), INTEGER),
        ),
        (["a", True, 1.0, {}, [], [1]], dict.fromkeys(range(1, 6), INTEGER)),
        (["a", None, ""], dict.fromkeys((1, 2), REQUIRED)),
    ],
)
def test_positions_with_ids_that_do_not_fit_are_invalid(api, plan, unchanged, ids, errors):
    known = {name: getattr(plan, name).pk for name in ("a", "b", "stranger")}
    sent = [known.get(value, value) if isinstance(value, str) else value for value in ids]
    with unchanged():
        r = api.put("/milestones/positions", {"milestones": sent})
    wrong = {f"milestones.{place}": text for place, text in errors.items()}
    expect_errors(r, {name: [text.format(name)] for name, text in wrong.items()})


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_positions_in_every_encoding_name_what_does_not_fit(api, plan, unchanged, encoding):
    ids = [plan.a.pk, plan.stranger.pk, plan.a.pk, 987654321]
    with unchanged():
        r = api.put("/milestones/positions", *ENCODINGS[encoding]({"milestones": ids}))
    names = [f"milestones.{place}" for place in (1, 2, 3)]
    expect_errors(r, {name: [SELECTED.format(name)] for name in names})


def test_positions_of_more_than_a_thousand_are_invalid(api, plan, unchanged):
    with unchanged():
        r = api.put("/milestones/positions", {"milestones": [*range(1001)]})
    message = "The milestones may not have more than 1000 items."
    expect_errors(r, {"milestones": [message]})


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_path_that_names_no_milestone_is_not_found(api, plan, unchanged, method):
    with unchanged():
        for text in UNKNOWN.values():
            r = api.request(method, f"/milestones/{text.format(id=plan.a.pk)}")
            expect(r, 404, NOT_FOUND)


@pytest.mark.parametrize("endpoint", OF_A_MILESTONE)
def test_write_of_an_unknown_milestone_is_not_found_before_its_body_is_read(
    api, plan, unchanged, endpoint
):
    write = plan.write(endpoint)
    with unchanged():
        for body, content_type in [("{", JSON), ("x", "text/plain"), ("", FORM)]:
            r = api.request(write.method, "/milestones/987654321", body, content_type)
            expect(r, 404, NOT_FOUND)


ALLOWED = {
    "/milestones": {"GET", "HEAD", "POST"},
    "/milestones/positions": {"PUT"},
    "/milestones/{id}": {"GET", "HEAD", "PATCH", "DELETE"},
}


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize("is_read_only", [False, True])
def test_method_that_is_none_of_the_paths_is_not_allowed(
    make_api, plan, unchanged, path, is_read_only
):
    api = make_api(is_read_only=is_read_only)
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - ALLOWED[path]
    with unchanged():
        for method, slash in product(sorted(others), ["", "/"]):
            r = api.request(method, path.format(id=plan.a.pk) + slash)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == ALLOWED[path]


def send(plan, endpoint, api):
    if endpoint == "list":
        return api.get("/milestones", project_id=plan.project.pk)
    if endpoint == "retrieve":
        return api.get(f"/milestones/{plan.a.pk}")
    return plan.write(endpoint).send(api)


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_request_without_key_is_unauthorized(anonymous, plan, unchanged, endpoint):
    with unchanged():
        r = send(plan, endpoint, anonymous)
    expect(r, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_read_only_key_reads_and_writes_nothing(make_api, plan, unchanged, endpoint):
    api = make_api(is_read_only=True)
    with unchanged():
        r = send(plan, endpoint, api)
    if endpoint in READS:
        assert r.status_code == 200
    else:
        expect(r, 403, READ_ONLY)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        *((body, JSON) for body in ("{", "[]", '"a"', "null", "1")),
        ("milestone_title=%ff", FORM),
        ("milestone_title=%ed%a0%80", FORM),
    ],
)
def test_write_with_a_body_that_is_none_is_refused(api, plan, unchanged, body, content_type):
    with unchanged():
        for write in map(plan.write, WRITES):
            # Also where the query has a mistake of its own.
            path = f"{write.path}?delete_tasks=maybe"
            expect(api.request(write.method, path, body, content_type), 400, UNPARSABLE)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml"])
def test_write_of_another_media_type_is_refused(api, plan, unchanged, content_type):
    with unchanged():
        for write in map(plan.write, WRITES):
            r = api.request(write.method, write.path, "{}", content_type)
            expect(r, 415, MEDIA_TYPE)
        for name in ("create", "positions"):
            write = plan.write(name)
            expect(api.request(write.method, write.path, "{}", MERGE_PATCH), 415, MEDIA_TYPE)


def test_errors_come_in_the_contracts_order(make_api, anonymous, plan, unchanged):
    api, reader = make_api(), make_api(is_read_only=True)
    path, unknown = f"/milestones/{plan.a.pk}", "/milestones/987654321"
    no_color = {"milestone_color": ["The milestone color field is required."]}
    with unchanged():
        expect(anonymous.put(path), 401, UNAUTHORIZED)
        expect(reader.put(unknown), 405, METHOD)
        expect(reader.patch(unknown, "{", JSON), 403, READ_ONLY)
        expect(api.patch(unknown, "x", "text/plain"), 404, NOT_FOUND)
        expect(api.patch(path, "{", "text/plain"), 415, MEDIA_TYPE)
        expect(api.patch(path, "{", JSON), 400, UNPARSABLE)
        # A title that is taken, without a colour.
        r = api.patch(path, "milestone_title=b")
        expect(r, 422, {"message": INVALID, "errors": no_color})
        expect(api.patch(path, "milestone_title=b&milestone_color=x"), 409, TAKEN)


@pytest.mark.parametrize("endpoint", WITH_BODY)
def test_write_ignores_unknown_fields(api, plan, endpoint):
    write = plan.write(endpoint)
    r = write.send(api, id=1, type="uncategorised", is_default=True, creator_id=[], whatever={})
    assert (r.status_code, r.json()["message"]) == (write.status, write.message)
    assert plan.project.milestones.filter(is_default=True).get() == plan.default
