"""What is refused leaves every row as it was."""

import uuid
from itertools import product

import pytest
from django.conf import settings

from tasks.people import ids_are_integers
from tests.api.answers import (
    INVALID,
    MEDIA_TYPE,
    METHOD,
    READ_ONLY,
    UNAUTHORIZED,
    UNPARSABLE,
    expect,
    expect_errors,
    not_an_id,
)
from tests.api.encodings import ENCODINGS, FORM, JSON, MERGE_PATCH
from tests.api.path_ids import UNKNOWN
from tests.api.projects.values import (
    REQUIRED,
    SELECTED,
    STRING,
    WRONG_DAYS,
    WRONG_IDS,
    WRONG_PERCENTAGES,
    WRONG_SWITCHES,
    WRONG_TEXTS,
    WRONG_TITLES,
    WRONG_WORDS,
    in_forms,
    worded,
)
from tests.api.projects.world import (
    IN_EVERY_ENCODING,
    NOT_FOUND,
    OF_A_PROJECT,
    READS,
    WITH_BODY,
    WRITES,
)

ENCODED = pytest.mark.parametrize("encoding", ENCODINGS)
UPDATES = ("create", "update", "merge")
SWITCHES = (
    *((endpoint, "project_progress_manually") for endpoint in UPDATES),
    *(
        ("clone", f"copy_{what}")
        for what in ("milestones", "tasks", "tasks_checklist", "tasks_files", "files")
    ),
)
MISSING = [("", REQUIRED), (None, REQUIRED)]
#: Kinds of fields: where they are, and what none of them takes.
TABLES = {
    "title": (
        [(endpoint, "project_title") for endpoint in (*UPDATES, "clone")],
        WRONG_TITLES,
    ),
    "start": ([(e, "project_date_start") for e in (*UPDATES, "clone")], WRONG_DAYS),
    "no start": ([(e, "project_date_start") for e in (*UPDATES, "clone")], MISSING),
    "due": ([(e, "project_date_due") for e in (*UPDATES, "clone")], WRONG_DAYS),
    "description": ([(e, "project_description") for e in UPDATES], WRONG_TEXTS),
    "client": ([(e, "project_clientid") for e in ("create", "clone")], WRONG_IDS),
    "no client": (
        [(e, "project_clientid") for e in ("create", "clone")],
        MISSING,
    ),
    "no creator": ([("create", "project_creatorid")], MISSING),
    "switch": (SWITCHES, WRONG_SWITCHES),
    "status": ([("status", "status")], [*WRONG_WORDS, *MISSING]),
    "progress": (
        [("progress", "progress")],
        [*WRONG_PERCENTAGES, *MISSING],
    ),
}


@pytest.mark.parametrize("kind", TABLES)
def test_write_with_a_wrong_value_is_invalid(api, site, unchanged, kind):
    places, values = TABLES[kind]
    with unchanged():
        for (endpoint, field), (value, template) in product(places, values):
            says_it = endpoint != "merge" and in_forms(value)
            for encoding in ENCODINGS if says_it else ["json"]:
                r = site.write(endpoint).send(api, encoding, **{field: value})
                expect_errors(r, {field: [worded(template, field)]})


def test_write_with_an_array_for_a_value_in_a_form_is_invalid(api, site, unchanged):
    names = ("project_title", "project_date_start", "project_clientid")
    with unchanged():
        r = site.write("create").send(api, "form", **{name: ["1"] for name in names})
    templates = (STRING, "The {} is not a valid date.", "The {} must be an integer.")
    expect_errors(
        r, {name: [worded(text, name)] for name, text in zip(names, templates, strict=True)}
    )


@pytest.mark.parametrize("endpoint", WITH_BODY)
def test_write_without_fields_reports_all_that_are_required(api, site, unchanged, endpoint):
    write = site.write(endpoint)
    left_out = dict.fromkeys(write.fields, ...)
    errors = {name: [worded(REQUIRED, name)] for name in write.fields}
    if endpoint == "merge":
        with unchanged():
            assert write.send(api, **left_out).status_code == 200
        return
    with unchanged():
        for encoding in ENCODINGS:
            expect_errors(write.send(api, encoding, **left_out), errors)
        expect_errors(api.request(write.method, write.path), errors)


def test_create_reports_all_errors_together(api, site, unchanged):
    sent = {
        "project_clientid": 0,
        "project_title": " ",
        "project_date_start": "soon",
        "project_date_due": "late",
        "project_description": 5,
        "project_progress_manually": "maybe",
        "project_creatorid": [],
    }
    with unchanged():
        r = site.write("create").send(api, **sent)
    expect_errors(
        r,
        {
            "project_clientid": ["The selected project clientid is invalid."],
            "project_title": ["The project title field is required."],
            "project_date_start": ["The project date start is not a valid date."],
            "project_date_due": ["The project date due is not a valid date."],
            "project_description": ["The project description must be a string."],
            "project_progress_manually": ["The project progress manually field must be on or off."],
            "project_creatorid": [not_an_id("project creatorid")],
        },
    )


@pytest.mark.parametrize("endpoint", ["create", "update", "merge"])
def test_write_reports_the_order_of_days_beside_a_wrong_title(api, site, unchanged, endpoint):
    with unchanged():
        r = site.write(endpoint).send(api, project_title="", project_date_due="2026-06-01")
    message = "The project date due must be a date after or equal to project date start."
    errors = {"project_title": [worded(REQUIRED, "project_title")], "project_date_due": [message]}
    expect_errors(r, errors)


def test_create_for_a_creator_who_is_nobody_is_invalid(api, site, unchanged):
    unknown = [0, 987654321, 2**63, 2**64] if ids_are_integers() else [str(uuid.uuid4())]
    field = "project_creatorid"
    with unchanged():
        for value in unknown:
            for encoding in ENCODINGS:
                r = site.write("create").send(api, encoding, project_creatorid=value)
                expect_errors(r, {field: [worded(SELECTED, field)]})
        for value in ("x", "1.0", " ", "-1", "\x00", True, 1.5, [], {}, "\ud800"):
            r = site.write("create").send(api, project_creatorid=value)
            expect_errors(r, {field: [not_an_id("project creatorid")]})


PATHS = {
    "/projects/{id}": {"GET", "HEAD", "PATCH", "DELETE"},
    "/projects/{id}/assign": {"PUT"},
    "/projects/{id}/manager": {"PUT"},
    "/projects/{id}/status": {"PUT"},
    "/projects/{id}/progress": {"PUT"},
    "/projects/{id}/tags": {"PUT"},
    "/projects/{id}/archive": {"PUT"},
    "/projects/{id}/restore": {"PUT"},
    "/projects/{id}/stop-timers": {"PUT"},
    "/projects/{id}/clone": {"POST"},
}
ALLOWED = {"/projects": {"GET", "HEAD", "POST"}, **PATHS}


@pytest.mark.parametrize("path", PATHS)
def test_path_that_names_no_project_is_not_found(api, site, unchanged, path):
    with unchanged():
        for method, text in product(PATHS[path] - {"HEAD"}, UNKNOWN.values()):
            named = path.format(id=text.format(id=site.project.pk))
            expect(api.request(method, named), 404, NOT_FOUND)


@pytest.mark.parametrize("path", ALLOWED)
@pytest.mark.parametrize("is_read_only", [False, True])
def test_method_that_is_none_of_the_paths_is_not_allowed(
    make_api, site, unchanged, path, is_read_only
):
    api = make_api(is_read_only=is_read_only)
    others = {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - ALLOWED[path]
    with unchanged():
        for method, slash, pk in product(sorted(others), ["", "/"], [site.project.pk, "x"]):
            r = api.request(method, path.format(id=pk) + slash)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == ALLOWED[path]


def send(site, endpoint, api):
    if endpoint == "list":
        return api.get("/projects")
    if endpoint == "retrieve":
        return api.get(f"/projects/{site.project.pk}")
    return site.write(endpoint).send(api)


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_request_without_key_is_unauthorized(anonymous, site, unchanged, endpoint):
    with unchanged():
        r = send(site, endpoint, anonymous)
    expect(r, 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@pytest.mark.parametrize("endpoint", [*READS, *WRITES])
def test_read_only_key_reads_and_writes_nothing(make_api, site, unchanged, endpoint):
    api = make_api(is_read_only=True)
    with unchanged():
        r = send(site, endpoint, api)
    if endpoint in READS:
        assert r.status_code == 200
    else:
        expect(r, 403, READ_ONLY)


@pytest.mark.parametrize("endpoint", OF_A_PROJECT)
def test_write_of_an_unknown_project_is_not_found_before_its_body_is_read(
    api, site, unchanged, endpoint
):
    write = site.write(endpoint)
    path = write.path.replace(str(site.project.pk), "987654321")
    with unchanged():
        for body, content_type in [("{", JSON), ("x", "text/plain"), ("", FORM)]:
            expect(api.request(write.method, path, body, content_type), 404, NOT_FOUND)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        *((body, JSON) for body in ("{", "[]", '"a"', "null", "1", '{"a": NaN}')),
        ("project_title=%ff", FORM),
        ("project_title=%ed%a0%80", FORM),
    ],
)
def test_write_with_a_body_that_is_none_is_refused(api, site, unchanged, body, content_type):
    with unchanged():
        for write in map(site.write, WITH_BODY):
            r = api.request(write.method, write.path, body, content_type)
            expect(r, 400, UNPARSABLE)
        if content_type == JSON:
            write = site.write("merge")
            expect(api.request(write.method, write.path, body, MERGE_PATCH), 400, UNPARSABLE)


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", MERGE_PATCH])
def test_write_of_another_media_type_is_refused(api, site, unchanged, content_type):
    with unchanged():
        for write in map(site.write, IN_EVERY_ENCODING):
            if content_type == MERGE_PATCH and write.method == "PATCH":
                continue
            r = api.request(write.method, write.path, "{}", content_type)
            expect(r, 415, MEDIA_TYPE)


def test_errors_come_in_the_contracts_order(make_api, anonymous, site, unchanged):
    api, reader = make_api(), make_api(is_read_only=True)
    path, unknown = f"/projects/{site.project.pk}", "/projects/987654321"
    no_title = {"project_title": ["The project title field is required."]}
    with unchanged():
        expect(anonymous.request("PUT", path), 401, UNAUTHORIZED)
        expect(anonymous.patch(unknown, "{", JSON), 401, UNAUTHORIZED)
        expect(reader.request("PUT", unknown), 405, METHOD)
        expect(reader.patch(unknown, "{", JSON), 403, READ_ONLY)
        expect(reader.patch("/projects/x", "x", "text/plain"), 403, READ_ONLY)
        expect(api.patch(unknown, "x", "text/plain"), 404, NOT_FOUND)
        expect(api.patch(path, "{", "text/plain"), 415, MEDIA_TYPE)
        expect(api.patch(path, "{", JSON), 400, UNPARSABLE)
        r = api.patch(path, "project_date_start=2026-06-01")
        expect(r, 422, {"message": INVALID, "errors": no_title})


@pytest.mark.skipif(settings.ROOT_URLCONF != "config.urls", reason="the host's to answer")
@pytest.mark.parametrize(
    "path", ["/projects/1/nothing", "/projects/1/assigned", "/projects//status", "/project"]
)
def test_paths_beside_ours_are_none(api, db, path):
    expect(api.put(path), 404, {"message": "Not found."})
