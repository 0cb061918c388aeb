"""The document itself: valid, whole, the same for everybody, and up to date."""

import json
from io import StringIO
from pathlib import Path

import jsonschema_rs
import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import get_resolver
from openapi_spec_validator import OpenAPIV31SpecValidator

from tasks import extensions
from tasks.api.reference import PART, document
from tasks.people import ids_are_integers
from tests.api.encodings import FORM, JSON, MERGE_PATCH
from tests.conftest import API
from tests.reference.validation import closed, reference

MULTIPART = "multipart/form-data"
ERRORS = {"400", "401", "500", "503"}
#: Where files are made, and where the stand-alone site has its own pages.
stand_alone = pytest.mark.skipif(not apps.is_installed("config"), reason="the stand-alone site's")


@pytest.fixture(scope="module")
def whole():
    return document(API.prefix)


def operations(whole):
    return [
        (method, path, operation)
        for path, methods in whole["paths"].items()
        for method, operation in methods.items()
    ]


def contents(node):
    """Every media type of the document: a schema with an example or several."""
    if isinstance(node, dict):
        if "schema" in node and {"example", "examples"} & node.keys():
            yield node
        for value in node.values():
            yield from contents(value)
    elif isinstance(node, list):
        for value in node:
            yield from contents(value)


def test_document_is_valid(whole):
    assert whole["openapi"] == "3.1.0"
    OpenAPIV31SpecValidator(whole).validate()


def test_document_is_asked_for_without_a_key():
    response = Client().get(f"{API.prefix}/schema")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert response.json() == document(API.prefix)
    assert response.json()["servers"] == [{"url": API.prefix}]
    assert Client().get(f"{API.prefix}/schema/").json() == response.json()


def test_document_is_for_reading_only():
    client = Client()
    head = client.head(f"{API.prefix}/schema")
    assert (head.status_code, head.content) == (200, b"")
    for method in ("post", "put", "patch", "delete", "options"):
        response = getattr(client, method)(f"{API.prefix}/schema")
        assert response.status_code == 405
        assert response.json() == {"message": "Method not allowed."}


def test_document_is_that_of_the_prefix_it_was_asked_at():
    client = Client(SCRIPT_NAME="/inner")
    asked = client.get(f"{API.prefix}/schema").json()
    assert asked["servers"] == [{"url": f"/inner{API.prefix}"}]
    assert document("")["servers"] == [{"url": "/"}]


def test_examples_are_what_their_schemas_say(whole):
    components = {"schemas": whole["components"]["schemas"]}
    found = list(contents(whole))
    assert len(found) > 200
    for content in found:
        schema = closed({**content["schema"], "components": components})
        validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
        named = content.get("examples", {}).values()
        for value in [example["value"] for example in named] or [content["example"]]:
            validator.validate(value)


def test_every_operation_tells_all_that_there_is_to_tell(whole):
    tags = {tag["name"] for tag in whole["tags"]}
    ids = [operation["operationId"] for _, _, operation in operations(whole)]
    assert len(ids) == len(set(ids))
    assert {"tasks_list", "tasks_set_status", "task_comments_create"} <= set(ids)
    for method, path, operation in operations(whole):
        told = set(operation["responses"])
        expected = set(ERRORS) | ({"403", "409", "404"} if method != "get" else set())
        expected |= {"404"} if "{" in path else set()
        expected |= {"415", "422"} if "requestBody" in operation else set()
        assert expected <= told, (method, path, expected - told)
        assert set(operation["tags"]) <= tags
        assert operation["security"] == [{"key": []}]
        assert operation["summary"]
        success = operation["responses"]["201" if "201" in told else "200"]
        schema = success["content"][JSON]["schema"]
        assert {"data", "message"} <= set(schema["required"])
        assert ("meta" in schema["required"]) == (
            schema["properties"]["data"].get("type") == "array"
        )


def test_bodies_are_told_in_every_type_that_is_taken(whole):
    for _method, path, operation in operations(whole):
        if "requestBody" in operation:
            taken = set(operation["requestBody"]["content"])
            assert taken - {MERGE_PATCH} == {FORM, MULTIPART, JSON}
            if MERGE_PATCH in taken:
                merged = operation["requestBody"]["content"][MERGE_PATCH]
                assert "required" not in merged["schema"], path
    update = whole["paths"]["/tasks/{task_id}"]["patch"]
    assert MERGE_PATCH in update["requestBody"]["content"]


def test_links_lead_to_operations_on_what_was_made(whole):
    known = {operation["operationId"] for _, _, operation in operations(whole)}
    made = whole["paths"]["/tasks"]["post"]["responses"]["201"]["links"]
    assert {"tasks_retrieve", "tasks_update", "tasks_destroy", "tasks_clone"} <= set(made)
    assert {"task_comments_create", "task_timers_list"} <= set(made)
    clone = whole["paths"]["/tasks/{task_id}/clone"]["post"]["responses"]["201"]["links"]
    assert clone == made
    comment = whole["paths"]["/tasks/{subject_id}/comments"]["post"]["responses"]["201"]["links"]
    assert comment["task_comments_destroy"]["parameters"] == {
        "subject_id": "$request.path.subject_id",
        "comment_id": "$response.body#/data/id",
    }
    for _, _, operation in operations(whole):
        for answer in operation["responses"].values():
            assert set(answer.get("links", ())) <= known


def test_ids_of_people_are_those_of_the_sites_users(whole):
    schemas = whole["components"]["schemas"]
    expected = {"type": "integer", "minimum": 1} if ids_are_integers() else None
    assert schemas["PersonId"] == (expected or {"type": "string", "format": "uuid"})
    assert "{PersonId" not in json.dumps(whole)


def test_paths_of_the_reference_are_those_that_are_served(whole):
    patterns = [
        str(pattern.pattern)
        for included in get_resolver().url_patterns
        if getattr(included, "namespace", "")
        in {"taskdock", "taskdock_comments", "taskdock_timers"}
        for pattern in included.url_patterns
    ]
    # All but the document's own.
    assert len(whole["paths"]) == len(patterns) - 1


def test_apps_that_are_not_there_are_not_told_of(monkeypatch):
    monkeypatch.setattr(extensions, "_registered", {})
    alone = document("/api")
    OpenAPIV31SpecValidator(alone).validate()
    assert not [path for path in alone["paths"] if "comments" in path or "timers" in path]
    assert not {"Comment", "Timer", "Timesheet"} & alone["components"]["schemas"].keys()
    links = alone["paths"]["/tasks"]["post"]["responses"]["201"]["links"]
    assert "tasks_retrieve" in links
    assert "task_comments_list" not in links


def test_users_with_ids_of_any_text_have_a_document(monkeypatch):
    monkeypatch.setattr("tasks.people._key_type", lambda: str)
    alone = document("/api")
    OpenAPIV31SpecValidator(alone).validate()
    assert alone["components"]["schemas"]["PersonId"] == {"type": "string", "minLength": 1}


@stand_alone
def test_files_are_what_the_views_declare():
    call_command("openapi", check=True, stdout=StringIO())


@stand_alone
def test_check_of_a_file_that_is_out_of_date_fails_and_changes_nothing(monkeypatch, tmp_path):
    stale = tmp_path / "openapi.json"
    stale.write_text("{}")
    monkeypatch.setattr("config.openapi.parts.reference_files", lambda: {stale: "new", PART: ""})
    with pytest.raises(CommandError, match="Make it anew"):
        call_command("openapi", check=True, stdout=StringIO())
    assert stale.read_text() == "{}"


@stand_alone
def test_command_writes_what_is_out_of_date(monkeypatch, tmp_path):
    stale = tmp_path / "openapi.json"
    monkeypatch.setattr("config.openapi.parts.reference_files", lambda: {stale: "new"})
    call_command("openapi", stdout=StringIO())
    assert stale.read_text() == "new"
    call_command("openapi", check=True, stdout=StringIO())


def test_generator_of_a_host_lists_none_of_ours():
    from drf_spectacular.generators import SchemaGenerator

    from tests.reference.host import host_patterns

    theirs = SchemaGenerator(patterns=host_patterns()).get_schema(request=None, public=True)
    assert set(theirs["paths"]) == {"/hosts-own"}


def test_site_runs_without_the_tools_that_make_the_reference():
    root = Path(settings.BASE_DIR) if hasattr(settings, "BASE_DIR") else Path(__file__).parents[2]
    for path in (root / "config").glob("*.py"):
        assert "openapi" not in path.read_text().replace("openapi.json", ""), path


def test_reference_of_the_tests_is_the_one_that_is_served():
    assert reference(API.prefix) == Client().get(f"{API.prefix}/schema").json()
