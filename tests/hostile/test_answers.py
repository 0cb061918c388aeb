"""What a program sees of the API is the same on every host."""

import json
import re
from uuid import UUID

import pytest
from django.test import Client, override_settings

from tasks.people import ids_are_uuids, wire_id
from tasks.testing import make_milestone, make_project, make_task, make_user
from tests.conftest import API
from tests.moments import moment_text

needs_uuids = pytest.mark.skipif(not ids_are_uuids(), reason="people have other keys here")
FORM = "application/x-www-form-urlencoded"
TIMESTAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
WANTS_GERMAN_PAGES = {"Accept": "text/html;version=9", "Accept-Language": "de"}


def test_task_object_is_the_documented_one(api):
    person = make_user()
    task = make_task(
        title="Startseite",
        project=make_project("Relaunch"),
        assigned=[person],
        tags=["b", "B", "a"],
        description="Ein Entwurf.",
    )

    response = api.get(f"/tasks/{task.pk}")

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    body = response.json()
    dates = body["data"].pop("dates")
    assert body == {
        "data": {
            "id": task.pk,
            "title": "Startseite",
            "description": "Ein Entwurf.",
            "status": {"id": 1, "title": "To do", "color": "#4f8cff"},
            "priority": {"id": 1, "title": "Normal", "color": "#8a94a6"},
            "active_state": "active",
            "client_visibility": "no",
            "billable": "no",
            "project": {"id": task.project_id, "title": "Relaunch"},
            "client": {"id": task.project.client_id, "name": "Acme Inc"},
            "milestone": {"id": task.milestone_id, "name": "Uncategorised"},
            "time_logged": 0,
            "assigned": [{"id": wire_id(person.pk), "name": person.get_username()}],
            "tags": ["B", "a", "b"],
        },
        "message": "Task retrieved successfully.",
    }
    assert dates["start"] is None
    assert dates["due"] is None
    assert TIMESTAMP.fullmatch(dates["created"])
    assert dates["created"] == moment_text(task.created_at)
    assert TIMESTAMP.fullmatch(dates["updated"])


def test_list_pages_are_ours_and_not_the_hosts(api):
    for _ in range(3):
        make_task()
    body = api.get("/tasks", limit=2, format="xml", version="9", suche="x").json()
    assert len(body["data"]) == 2
    assert body["meta"] == {"current_page": 1, "per_page": 2, "total": 3, "last_page": 2}
    assert body["message"] == "Tasks retrieved successfully."


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status", "answer"),
    [
        pytest.param(
            "POST",
            "/tasks",
            "",
            FORM,
            422,
            {
                "message": "The given data was invalid.",
                "errors": {
                    name: [f"The {name.replace('_', ' ')} field is required."]
                    for name in ("task_projectid", "task_title", "task_status", "task_priority")
                },
            },
            id="validation",
        ),
        pytest.param("GET", "/tasks/1", "", FORM, 404, {"message": "Task not found."}, id="404"),
        pytest.param("PUT", "/tasks", "", FORM, 405, {"message": "Method not allowed."}, id="405"),
        pytest.param(
            "POST", "/tasks", "<a/>", "application/xml", 415, {"message": "Unsupported media type."}
        ),
        pytest.param(
            "POST",
            "/tasks",
            "{",
            "application/json",
            400,
            {"message": "The request body could not be parsed."},
        ),
        pytest.param(
            "GET",
            "/tasks?sort=id",
            "",
            FORM,
            422,
            {
                "message": "The given data was invalid.",
                "errors": {"sort": ["The selected sort is invalid."]},
            },
            id="sort",
        ),
    ],
)
def test_failures_are_english_json_whoever_asks(  # noqa: PLR0917 (a table's columns)
    api, method, path, body, content_type, status, answer
):
    response = api.request(method, path, body, content_type, **WANTS_GERMAN_PAGES)
    assert (response.status_code, response["Content-Type"]) == (status, "application/json")
    assert response.json() == answer


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/tasks", "/tasks/", "/tasks/1", "/tasks/1/status"])
def test_no_key_is_401_and_no_login_page(anonymous, method, path):
    response = anonymous.request(method, path, **WANTS_GERMAN_PAGES)
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == "Bearer"
    assert response.json() == {"message": "Unauthorized. A valid API key is required."}


def test_session_of_the_host_is_no_key(db):
    client = Client()
    client.force_login(make_user(is_superuser=True))
    assert client.get(f"{API.prefix}/tasks").status_code == 401


def test_pages_of_the_host_stay_behind_its_login(anonymous):
    assert Client().get("/").status_code == 302
    assert anonymous.client.get("/").status_code == 302


def test_paths_beside_ours_are_the_hosts(api):
    response = api.get("/nothing")
    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")


def test_server_error_is_english_json(api, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("not for the eyes of callers")

    monkeypatch.setattr("tasks.platform.listing.ListSpec.parse", fail)
    response = api.get("/tasks")
    assert (response.status_code, response.json()) == (500, {"message": "Server error."})


@pytest.mark.parametrize("encoding", ["form", "multipart", "json"])
def test_body_that_middleware_has_read_is_read_again(api, encoding):
    milestone = make_milestone(make_project())
    fields = {
        "task_projectid": milestone.project_id,
        "task_milestoneid": milestone.pk,
        "task_title": "Größe & Maß",
        "task_status": 1,
        "task_priority": 2,
        "task_billable": "on",
    }
    url = f"{api.prefix}/tasks"
    if encoding == "multipart":
        response = api.client.post(url, fields)
    elif encoding == "json":
        response = api.client.post(url, json.dumps(fields), content_type="application/json")
    else:
        response = api.post(
            "/tasks", "&".join(f"{k}={v}" for k, v in fields.items()).replace(" & ", "+%26+")
        )
    assert response.status_code == 201, response.content
    data = response.json()["data"]
    assert (data["title"], data["billable"]) == ("Größe & Maß", "yes")
    assert data["milestone"]["id"] == milestone.pk


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"no boundary to be seen", id="no multipart"),
        pytest.param(b'--b\r\nContent-Disposition: form-data; name="task_title"\r\n', id="cut off"),
    ],
)
@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=b", "multipart/form-data"])
def test_broken_multipart_that_middleware_has_read_is_400(api, body, content_type):
    response = api.request("POST", "/tasks", body, content_type)
    assert response.json() == {"message": "The request body could not be parsed."}
    assert response.status_code == 400


@pytest.mark.parametrize(
    ("setting", "value"),
    [("DATA_UPLOAD_MAX_NUMBER_FIELDS", 2), ("DATA_UPLOAD_MAX_MEMORY_SIZE", 20)],
)
def test_upload_limits_of_the_host_are_answered_in_the_envelope(api, setting, value):
    fields = {"task_title": "A" * 30, "task_status": 1, "task_priority": 1}
    with override_settings(**{setting: value}):
        response = api.client.post(f"{api.prefix}/tasks", fields)
    assert response.json() == {"message": "The request body could not be parsed."}
    assert response.status_code == 400


@needs_uuids
def test_people_are_told_by_their_uuid(api):
    one, other = sorted([make_user(), make_user()], key=lambda user: user.pk)
    task = make_task()

    response = api.put(
        f"/tasks/{task.pk}/assigned", f"assigned[]={str(other.pk).upper()}&assigned[]={one.pk}"
    )

    assert response.status_code == 200
    assigned = response.json()["data"]["assigned"]
    assert assigned == [
        {"id": str(one.pk), "name": one.email},
        {"id": str(other.pk), "name": other.email},
    ]
    assert [UUID(person["id"]) for person in assigned] == [one.pk, other.pk]
    assert wire_id(one.pk) == str(one.pk)
    found = api.get("/tasks", assigned_user_id=str(one.pk)).json()["data"]
    assert [row["id"] for row in found] == [task.pk]


@needs_uuids
@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("5", "The assigned.0 must be a valid user id."),
        ("not-a-uuid", "The assigned.0 must be a valid user id."),
        ("6f1c2a34-9b1d-4c07-8f55-0d7f2f0a9e11", "The selected assigned.0 is invalid."),
    ],
)
def test_ids_that_are_nobodys_are_422(api, value, sentence):
    task = make_task()
    response = api.put(f"/tasks/{task.pk}/assigned", {"assigned": [value]})
    assert response.status_code == 422
    assert response.json()["errors"] == {"assigned.0": [sentence]}


def test_inactive_people_are_shown_where_the_hosts_manager_hides_them(api):
    person = make_user()
    task = make_task(assigned=[person])
    type(person)._base_manager.filter(pk=person.pk).update(is_active=False)
    assigned = api.get(f"/tasks/{task.pk}").json()["data"]["assigned"]
    assert assigned == [{"id": wire_id(person.pk), "name": person.get_username()}]


def test_tags_are_told_apart_by_case_whatever_taggit_is_told(api):
    task = make_task()
    body = api.put(f"/tasks/{task.pk}/tags", {"tags": ["Web", "web", "WEB", "web"]}).json()
    assert body["data"]["tags"] == ["WEB", "Web", "web"]
