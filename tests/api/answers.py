"""What answers are compared with: the whole of them, always."""

import json
from typing import Any

from django.http import HttpResponse

from tasks.models import Task
from tasks.people import ids_are_integers, person_name, users, wire_id
from tests.moments import moment_text

INVALID = "The given data was invalid."
UNAUTHORIZED = {"message": "Unauthorized. A valid API key is required."}
READ_ONLY = {"message": "This API key is read-only."}
NOT_FOUND = {"message": "Not found."}
TASK_NOT_FOUND = {"message": "Task not found."}
METHOD = {"message": "Method not allowed."}
UNPARSABLE = {"message": "The request body could not be parsed."}
MEDIA_TYPE = {"message": "Unsupported media type."}
FOREIGN_MILESTONE = {"message": "The selected milestone does not belong to the project."}
NO_DEFAULT_MILESTONE = {"message": "The project has no default milestone."}
CONFLICT = {"message": "The request conflicts with another change. Try again."}
UNAVAILABLE = {"message": "Service unavailable. Try again."}
SERVER_ERROR = {"message": "Server error."}


def expect(response: HttpResponse, status: int, body: Any, **headers: str) -> None:
    """The status, the whole body (1 is neither 1.0 nor true), the type, and the named headers."""
    got = json.loads(response.content)
    assert (response.status_code, got) == (status, body)
    assert json.dumps(got, sort_keys=True) == json.dumps(body, sort_keys=True)
    assert response["Content-Type"] == "application/json"
    for name, value in headers.items():
        assert response[name.replace("_", "-")] == value
    if status != 401:
        assert "WWW-Authenticate" not in response


def expect_invalid(response: HttpResponse, **errors: str) -> None:
    """A 422 with exactly these errors, one a field. ``assigned_0`` can't be one: pass a dict."""
    expect_errors(response, {name: [text] for name, text in errors.items()})


def expect_errors(response: HttpResponse, errors: dict[str, list[str]]) -> None:
    """A 422 with exactly these errors."""
    expect(response, 422, {"message": INVALID, "errors": errors})


def shown(task: Task | int) -> dict[str, Any]:
    """The documented task object of what the database holds now, read row by row."""
    pk = task if isinstance(task, int) else task.pk
    row = Task.objects.get(pk=pk)
    client = row.project.client
    people = sorted(
        users().filter(pk__in=row.assignees.values("user_id")), key=lambda user: user.pk
    )
    return {
        "id": row.pk,
        "title": row.title,
        "description": row.description,
        "status": {"id": row.status.pk, "title": row.status.title, "color": row.status.color},
        "priority": {
            "id": row.priority.pk,
            "title": row.priority.title,
            "color": row.priority.color,
        },
        "active_state": "archived" if row.is_archived else "active",
        "client_visibility": "yes" if row.is_client_visible else "no",
        "billable": "yes" if row.is_billable else "no",
        "project": {"id": row.project.pk, "title": row.project.title},
        "client": client and {"id": client.pk, "name": client.name},
        "milestone": {"id": row.milestone.pk, "name": row.milestone.title},
        "dates": {
            "start": row.start_date and f"{row.start_date:%Y-%m-%d}",
            "due": row.due_date and f"{row.due_date:%Y-%m-%d}",
            "created": moment_text(row.created_at),
            "updated": moment_text(row.updated_at),
        },
        "time_logged": 0,
        "assigned": [{"id": wire_id(user.pk), "name": person_name(user)} for user in people],
        "tags": sorted(tag.tag.name for tag in row.task_tags.all()),
    }


def not_an_id(name: str) -> str:
    """What is said of a person's id that has not the form of the site's ids."""
    if ids_are_integers():
        return f"The {name} must be an integer."
    return f"The {name} must be a valid user id."
