import datetime as dt

import pytest
from django.utils import timezone

from tasks.models import Task, TaskStatus
from tasks.services.projects import create_project
from tasks.testing import make_actor, make_task
from tests.api.answers import expect, shown
from tests.api.encodings import ENCODINGS
from tests.api.endpoints import COMPLETED, HIGH, IN_PROGRESS, TO_DO, World
from tests.moments import as_kept


def create(api, world: World, encoding="json", **fields):
    return world.write("create").send(api, encoding, **fields)


def row_of(response):
    return Task.objects.get(pk=response.json()["data"]["id"])


def moment(text):
    assert text.endswith("Z")
    assert len(text) == len("2026-06-17T09:30:00.000000Z")
    return dt.datetime.fromisoformat(text)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_create_with_required_fields_answers_the_whole_task(api, world, encoding):
    before = timezone.now()
    response = create(api, world, encoding, task_title="Größe 😀")
    row = row_of(response)
    created = response.json()["data"]["dates"]["created"]
    client = world.project.client
    expect(
        response,
        201,
        {
            "data": {
                "id": row.pk,
                "title": "Größe 😀",
                "description": None,
                "status": {"id": 1, "title": "To do", "color": "#4f8cff"},
                "priority": {"id": 1, "title": "Normal", "color": "#8a94a6"},
                "active_state": "active",
                "client_visibility": "no",
                "billable": "no",
                "project": {"id": world.project.pk, "title": "Website Redesign"},
                "client": {"id": client.pk, "name": "Acme Inc"},
                "milestone": {"id": world.milestone.pk, "name": "Uncategorised"},
                "dates": {"start": None, "due": None, "created": created, "updated": created},
                "time_logged": 0,
                "assigned": [],
                "tags": [],
            },
            "message": "Task created successfully.",
        },
    )
    assert before <= as_kept(moment(created)) == row.created_at <= timezone.now()
    assert row.status_changed_at == row.created_at
    assert row.created_by_id == api.key.user.pk
    assert (row.previous_status_id, row.completed_at, row.completed_by_id) == (None, None, None)
    assert row.version == 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_create_with_every_field_answers_the_whole_task(api, world, encoding):
    response = create(
        api,
        world,
        encoding,
        task_title="Launch party",
        task_status=COMPLETED,
        task_priority=HIGH,
        task_milestoneid=world.stage.pk,
        task_date_start="2026-06-01",
        task_date_due="2026-06-30",
        task_description="With cake.",
        task_client_visibility="on",
        task_billable="on",
    )
    row = row_of(response)
    expected = {
        "title": "Launch party",
        "description": "With cake.",
        "status": {"id": 2, "title": "Completed", "color": "#2fb573"},
        "priority": {"id": 2, "title": "High", "color": "#ff5b5b"},
        "client_visibility": "yes",
        "billable": "yes",
        "milestone": {"id": world.stage.pk, "name": "Launch"},
    }
    data = shown(row) | expected
    data["dates"] |= {"start": "2026-06-01", "due": "2026-06-30"}
    expect(response, 201, {"data": data, "message": "Task created successfully."})
    # It entered the completed status as it was made.
    assert row.completed_at == row.status_changed_at
    assert row.completed_by_id == api.key.user.pk


def test_create_is_what_a_get_then_shows(api, world):
    data = create(api, world).json()["data"]
    response = api.get(f"/tasks/{data['id']}")
    expect(response, 200, {"data": data, "message": "Task retrieved successfully."})


def test_create_in_a_project_without_client_shows_null(api, world):
    project = create_project(actor=make_actor(), title="Our own")
    data = create(api, world, task_projectid=project.pk).json()["data"]
    assert (data["client"], data["project"]) == (None, {"id": project.pk, "title": "Our own"})


def test_create_goes_to_the_end_of_its_column(api, world):
    ids = [create(api, world, task_status=IN_PROGRESS).json()["data"]["id"] for _ in range(3)]
    make_task(status=TaskStatus.objects.get(pk=TO_DO))
    ids.append(create(api, world, task_status=IN_PROGRESS).json()["data"]["id"])
    response = api.get("/tasks", status=IN_PROGRESS, sort="task_position", order="asc")
    assert [task["id"] for task in response.json()["data"]] == ids


def test_create_adds_one_task_and_leaves_others_alone(api, world):
    before = {task.pk: shown(task) for task in Task.objects.all()}
    new = create(api, world).json()["data"]
    after = {task.pk: shown(task) for task in Task.objects.all()}
    assert after == before | {new["id"]: new}
