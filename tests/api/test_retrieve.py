from django.utils import timezone

from tests.api.answers import TASK_NOT_FOUND, expect, shown
from tests.moments import moment_text

MESSAGE = "Task retrieved successfully."


def test_retrieve_answers_the_whole_task(api, world):
    data = shown(world.task)
    expect(api.get(f"/tasks/{world.task.pk}"), 200, {"data": data, "message": MESSAGE})
    assert (data["title"], data["description"]) == ("Design homepage", "First draft.")
    assert (data["client_visibility"], data["billable"]) == ("yes", "no")
    assert data["tags"] == ["Web", "priority"]
    assert data["dates"]["start"] == "2026-06-01"
    assert data["milestone"] == {"id": world.stage.pk, "name": "Launch"}
    assert len(data["assigned"]) == 1


def test_retrieve_changes_nothing(api, world, unchanged):
    with unchanged():
        api.get(f"/tasks/{world.task.pk}")
        api.request("HEAD", f"/tasks/{world.task.pk}")


def test_retrieve_writes_moments_in_utc_whatever_the_zone(api, world):
    expected = shown(world.task)["dates"]["created"]
    with timezone.override("Asia/Kathmandu"):
        assert api.get(f"/tasks/{world.task.pk}").json()["data"]["dates"]["created"] == expected


def test_retrieve_writes_whole_seconds_with_microseconds(api, world):
    moment = world.task.created_at.replace(microsecond=0)
    type(world.task).objects.filter(pk=world.task.pk).update(created_at=moment)
    created = api.get(f"/tasks/{world.task.pk}").json()["data"]["dates"]["created"]
    assert created == moment_text(moment)
    assert created.endswith(".000000Z")


def test_retrieve_of_an_archived_task_succeeds(api, world):
    api.put(f"/tasks/{world.task.pk}/archive")
    assert api.get(f"/tasks/{world.task.pk}").json()["data"]["active_state"] == "archived"


def test_retrieve_of_an_unknown_task_is_not_found(api, world):
    expect(api.get("/tasks/987654321"), 404, TASK_NOT_FOUND)
