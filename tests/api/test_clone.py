import pytest

from tasks.models import HistoryEntry, Milestone, Task
from tasks.people import has_field, user_model
from tests.api.answers import expect, shown
from tests.api.encodings import ENCODINGS
from tests.api.endpoints import COMPLETED, IN_PROGRESS, TO_DO
from tests.moments import utc

OLD = utc(2026, 1, 1)
MESSAGE = "Task cloned successfully."


def clone(api, world, encoding="json", **fields):
    return world.write("clone").send(api, encoding, **fields)


def row_of(response):
    return Task.objects.get(pk=response.json()["data"]["id"])


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_clone_into_another_project_copies_all_that_a_clone_takes(api, world, encoding):
    Task.objects.update(created_at=OLD, updated_at=OLD)
    source = shown(world.task)
    response = clone(api, world, encoding, task_title=" Copy ", task_status=IN_PROGRESS)
    row = row_of(response)
    data = source | {
        "id": row.pk,
        "title": "Copy",
        "status": {"id": 3, "title": "In progress", "color": "#f5a623"},
        "project": {"id": world.foreign.pk, "title": "Rebranding"},
        "client": {"id": world.foreign.client.pk, "name": "Globex"},
        "milestone": {"id": world.foreign_milestone.pk, "name": "Uncategorised"},
    }
    created = shown(row)["dates"]["created"]
    data["dates"] |= {"created": created, "updated": created}
    expect(response, 201, {"data": data, "message": MESSAGE})
    assert row.pk != world.task.pk
    assert row.created_at > OLD
    assert row.status_changed_at == row.created_at
    assert (row.previous_status_id, row.version) == (None, 1)
    assert row.created_by_id == api.key.user.pk
    assert data["assigned"]
    assert data["tags"]


def test_clone_leaves_the_source_and_all_other_tasks_alone(api, world):
    before = {task.pk: (shown(task), task.version) for task in Task.objects.all()}
    new = row_of(clone(api, world)).pk
    after = {task.pk: (shown(task), task.version) for task in Task.objects.all()}
    assert {pk: value for pk, value in after.items() if pk != new} == before


def test_clone_into_the_same_project_and_another_milestone_succeeds(api, world):
    other = Milestone.objects.create(project=world.project, title="Relaunch")
    response = clone(api, world, project_id=world.project.pk, task_milestoneid=other.pk)
    data = response.json()["data"]
    assert data["project"]["id"] == world.project.pk
    assert data["milestone"] == {"id": other.pk, "name": "Relaunch"}


def test_clone_of_an_archived_task_is_active(api, world):
    world.write("archive").send(api)
    response = clone(api, world)
    assert response.json()["data"]["active_state"] == "active"
    assert shown(world.task)["active_state"] == "archived"


def test_clone_of_a_completed_task_is_not_completed(api, world):
    api.put(f"/tasks/{world.task.pk}/status", {"status": COMPLETED})
    row = row_of(clone(api, world, task_status=TO_DO))
    assert (row.completed_at, row.completed_by_id, row.previous_status_id) == (None, None, None)
    assert world.reload().completed_at is not None


def test_clone_into_the_completed_status_is_completed_by_who_clones(api, make_api, world):
    api.put(f"/tasks/{world.task.pk}/status", {"status": COMPLETED})
    other = make_api()
    row = row_of(clone(other, world, task_status=COMPLETED))
    assert row.completed_by_id == other.key.user.pk
    assert row.completed_at == row.status_changed_at == row.created_at
    assert world.reload().completed_by_id == api.key.user.pk


@pytest.mark.parametrize("flags", [(True, False), (False, True)])
def test_clone_copies_the_switches(api, world, flags):
    Task.objects.filter(pk=world.task.pk).update(is_client_visible=flags[0], is_billable=flags[1])
    row = row_of(clone(api, world))
    assert (row.is_client_visible, row.is_billable) == flags


def test_clone_of_a_bare_task_copies_its_nothing(api, world):
    bare = api.post(
        "/tasks",
        {
            "task_title": "Bare",
            "task_projectid": world.project.pk,
            "task_status": 1,
            "task_priority": 1,
        },
    ).json()["data"]
    write = world.write("clone")
    data = api.post(f"/tasks/{bare['id']}/clone", write.fields).json()["data"]
    assert (data["description"], data["assigned"], data["tags"]) == (None, [], [])
    assert (data["dates"]["start"], data["dates"]["due"]) == (None, None)


def test_clone_goes_to_the_end_of_its_column(api, world):
    ids = [row_of(clone(api, world, task_status=IN_PROGRESS)).pk for _ in range(3)]
    response = api.get("/tasks", status=IN_PROGRESS, sort="task_position", order="asc")
    assert [task["id"] for task in response.json()["data"]] == ids


def test_clone_is_independent_of_its_source(api, world):
    row = row_of(clone(api, world))
    before = shown(row)
    api.put(f"/tasks/{world.task.pk}/tags", {"tags": []})
    api.put(f"/tasks/{world.task.pk}/assigned", {"assigned": []})
    api.delete(f"/tasks/{world.task.pk}")
    assert shown(row) == before


def test_clone_keeps_an_assignee_who_has_left_the_team(api, world):
    if not has_field("is_staff"):
        pytest.skip("the user model knows no staff")
    user_model()._base_manager.filter(pk=world.person.pk).update(is_staff=False)
    assert len(clone(api, world).json()["data"]["assigned"]) == 1


def test_clone_of_a_clone_succeeds(api, world):
    row = row_of(clone(api, world))
    response = api.post(f"/tasks/{row.pk}/clone", world.write("clone").fields)
    assert response.status_code == 201
    assert response.json()["data"]["tags"] == ["Web", "priority"]


def test_clone_names_its_source_in_history(api, world):
    row = row_of(clone(api, world))
    entry = HistoryEntry.objects.get(subject_type="task", subject_id=row.pk)
    assert entry.verb == "cloned"
    origin = {"id": world.task.pk, "name": "Design homepage"}
    assert entry.changes == {"source": [None, origin]}
