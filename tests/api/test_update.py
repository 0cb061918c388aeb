"""``PATCH``: the documented full update, and the merge patch."""

import json

import pytest

from tasks.models import HistoryEntry, Task
from tests.api.answers import expect, expect_invalid, shown
from tests.api.encodings import ENCODINGS, MERGE_PATCH
from tests.api.endpoints import COMPLETED, HIGH, NORMAL, TO_DO, URGENT
from tests.moments import utc

MESSAGE = "Task updated successfully."
OLD = utc(2026, 1, 1)
#: What the task that has everything would be told to stay as it is.
SAME = {
    "task_title": "Design homepage",
    "task_status": TO_DO,
    "task_priority": HIGH,
    "task_date_start": "2026-06-01",
    "task_date_due": "2026-06-30",
    "task_description": "First draft.",
    "task_client_visibility": "on",
    "task_billable": "off",
}
#: A new value for each field: what is sent, where it shows, and what is shown then.
CHANGES = {
    "task_title": ("Redesign", "title", "Redesign"),
    "task_status": (COMPLETED, "status", {"id": 2, "title": "Completed", "color": "#2fb573"}),
    "task_priority": (URGENT, "priority", {"id": 3, "title": "Urgent", "color": "#c81e5b"}),
    "task_description": ("Second draft.", "description", "Second draft."),
    "task_client_visibility": ("off", "client_visibility", "no"),
    "task_billable": ("on", "billable", "yes"),
}
DATES = {"task_date_start": ("2026-06-02", "start"), "task_date_due": ("2026-07-01", "due")}


def as_patch(fields):
    return json.dumps(fields), MERGE_PATCH


def age(world):
    Task.objects.update(updated_at=OLD, created_at=OLD)
    return world.reload().version


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_update_with_required_fields_keeps_all_others(api, world, encoding):
    before = shown(world.task)
    response = world.write("update").send(api, encoding)
    data = shown(world.task)
    expect(response, 200, {"data": data, "message": MESSAGE})
    changed = {
        "title": "Plan",
        "priority": {"id": 1, "title": "Normal", "color": "#8a94a6"},
        "dates": before["dates"] | {"updated": data["dates"]["updated"]},
    }
    assert data == before | changed
    assert data["dates"]["updated"] > before["dates"]["updated"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_update_with_every_field_changes_all_of_them(api, world, encoding):
    before = shown(world.task)
    sent = {name: value for name, (value, *_) in {**CHANGES, **DATES}.items()}
    response = world.write("update").send(
        api, encoding, **sent, task_milestoneid=world.milestone.pk
    )
    data = before | {key: value for _, key, value in CHANGES.values()}
    data["milestone"] = {"id": world.milestone.pk, "name": "Uncategorised"}
    data["dates"] |= {key: value for value, key in DATES.values()}
    data["dates"]["updated"] = shown(world.task)["dates"]["updated"]
    expect(response, 200, {"data": data, "message": MESSAGE})


@pytest.mark.parametrize("kind", ["update", "merge"])
@pytest.mark.parametrize("field", [*CHANGES, *DATES, "task_milestoneid"])
def test_update_of_one_field_moves_updated_and_version_and_nothing_else(api, world, kind, field):
    version = age(world)
    before = shown(world.task)
    bystander = shown(world.bystander)
    if field == "task_milestoneid":
        sent, expected = world.milestone.pk, {"milestone": shown(world.bystander)["milestone"]}
    elif field in DATES:
        sent, expected = DATES[field][0], {}
    else:
        sent, key, value = CHANGES[field]
        expected = {key: value}
    fields = SAME if kind == "update" else dict.fromkeys(SAME, ...)
    response = world.write(kind).send(api, **(fields | {field: sent}))
    data = before | expected
    if field in DATES:
        data["dates"] |= {DATES[field][1]: sent}
    data["dates"]["updated"] = shown(world.task)["dates"]["updated"]
    expect(response, 200, {"data": data, "message": MESSAGE})
    task = world.reload()
    assert task.version == version + 1
    assert task.updated_at > OLD
    assert task.created_at == OLD
    assert shown(world.bystander) == bystander
    assert HistoryEntry.objects.filter(verb="updated", subject_id=task.pk).count() == 1


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_update_with_the_values_that_are_there_changes_nothing(api, world, unchanged, encoding):
    with unchanged():
        response = world.write("update").send(
            api, encoding, **SAME, task_milestoneid=world.stage.pk
        )
    expect(response, 200, {"data": shown(world.task), "message": MESSAGE})


@pytest.mark.parametrize(
    "patch",
    [
        {},
        {"task_title": "Design homepage"},
        {"task_title": "  Design homepage "},
        {"task_status": TO_DO},
        {"task_date_due": "2026-06-30"},
        {"task_client_visibility": True},
        {"task_billable": None},
        SAME,
        {"unknown": None, "status": 2, "tags": [], "assigned": []},
    ],
    ids=str,
)
def test_merge_patch_with_nothing_new_changes_nothing(api, world, unchanged, patch):
    with unchanged():
        response = api.request("PATCH", f"/tasks/{world.task.pk}", *as_patch(patch))
    expect(response, 200, {"data": shown(world.task), "message": MESSAGE})


@pytest.mark.parametrize("project", ["foreign", "unknown", "wrong", "null", "same"])
@pytest.mark.parametrize("kind", ["update", "merge"])
def test_update_ignores_the_project(api, world, kind, project):
    value = {
        "foreign": world.foreign.pk,
        "unknown": 987654321,
        "wrong": ["x"],
        "null": None,
        "same": world.project.pk,
    }[project]
    response = world.write(kind).send(api, task_projectid=value)
    assert response.status_code == 200
    assert response.json()["data"]["project"]["id"] == world.project.pk


@pytest.mark.parametrize("field", ["task_title", "task_status", "task_priority"])
def test_merge_patch_with_null_for_what_may_not_be_null_is_invalid(api, world, unchanged, field):
    with unchanged():
        response = api.request("PATCH", f"/tasks/{world.task.pk}", *as_patch({field: None}))
    expect_invalid(response, **{field: f"The {field.replace('_', ' ')} field is required."})


def test_merge_patch_with_null_clears_what_may_be_null(api, world):
    before = shown(world.task)
    patch = {"task_description": None, "task_date_start": None, "task_date_due": None}
    response = api.request("PATCH", f"/tasks/{world.task.pk}", *as_patch(patch))
    data = before | {"description": None}
    updated = shown(world.task)["dates"]["updated"]
    data["dates"] |= {"start": None, "due": None, "updated": updated}
    expect(response, 200, {"data": data, "message": MESSAGE})


@pytest.mark.parametrize("content_type", [MERGE_PATCH, MERGE_PATCH.upper(), MERGE_PATCH + ";q=1"])
def test_merge_patch_requires_nothing(api, world, content_type):
    response = api.patch(f"/tasks/{world.task.pk}", '{"task_priority": 3}', content_type)
    assert response.status_code == 200
    assert response.json()["data"]["priority"]["id"] == URGENT


def test_update_in_json_is_no_merge_patch(api, world, unchanged):
    with unchanged():
        response = api.patch(f"/tasks/{world.task.pk}", {"task_priority": NORMAL})
    expect_invalid(
        response,
        task_title="The task title field is required.",
        task_status="The task status field is required.",
    )


def test_update_of_an_archived_task_succeeds_and_leaves_it_archived(api, world):
    api.put(f"/tasks/{world.task.pk}/archive")
    response = world.write("update").send(api)
    assert response.json()["data"]["active_state"] == "archived"
