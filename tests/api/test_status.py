import pytest

from tasks.models import HistoryEntry, Task, TaskStatus
from tasks.testing import make_task
from tests.api.answers import expect, shown
from tests.api.encodings import ENCODINGS
from tests.api.endpoints import COMPLETED, IN_PROGRESS, TO_DO
from tests.moments import utc

MESSAGE = "Task status updated successfully."
OLD = utc(2026, 1, 1)

#: The ways by which the API changes a status; each follows the one rule.
WAYS = ("status", "update", "merge")


def move(api, world, status, way="status", encoding="json"):
    field = "status" if way == "status" else "task_status"
    return world.write(way).send(api, encoding, **{field: status})


def age(world, **fields):
    Task.objects.filter(pk=world.task.pk).update(updated_at=OLD, status_changed_at=OLD, **fields)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_status_change_answers_the_whole_task(api, world, encoding):
    before = shown(world.task)
    response = move(api, world, IN_PROGRESS, encoding=encoding)
    data = before | {"status": {"id": 3, "title": "In progress", "color": "#f5a623"}}
    data["dates"]["updated"] = shown(world.task)["dates"]["updated"]
    expect(response, 200, {"data": data, "message": MESSAGE})


@pytest.mark.parametrize("way", WAYS)
def test_status_change_stamps_its_date_and_remembers_the_status_before(api, world, way):
    age(world)
    version = world.reload().version
    move(api, world, IN_PROGRESS, way)
    task = world.reload()
    assert task.status_changed_at > OLD
    assert task.updated_at > OLD
    assert (task.status_id, task.previous_status_id) == (IN_PROGRESS, TO_DO)
    assert (task.completed_at, task.completed_by_id) == (None, None)
    assert task.version == version + 1


@pytest.mark.parametrize("way", WAYS)
def test_status_change_into_completed_records_who_and_when(api, world, way):
    age(world)
    move(api, world, COMPLETED, way)
    task = world.reload()
    assert task.completed_at == task.status_changed_at > OLD
    assert task.completed_by_id == api.key.user.pk


@pytest.mark.parametrize("way", WAYS)
def test_status_change_out_of_completed_clears_both(api, world, way):
    move(api, world, COMPLETED)
    move(api, world, IN_PROGRESS, way)
    task = world.reload()
    assert (task.completed_at, task.completed_by_id) == (None, None)
    assert task.previous_status_id == COMPLETED


@pytest.mark.parametrize("way", WAYS)
def test_status_change_into_completed_again_is_by_who_does_it_then(api, make_api, world, way):
    move(api, world, COMPLETED)
    first = world.reload().completed_at
    move(api, world, TO_DO)
    other = make_api()
    move(other, world, COMPLETED, way)
    task = world.reload()
    assert task.completed_by_id == other.key.user.pk
    assert task.completed_at > first


@pytest.mark.parametrize("status", [TO_DO, COMPLETED])
def test_status_that_it_already_has_changes_nothing(api, make_api, world, unchanged, status):
    move(api, world, status)
    age(world)
    other = make_api()
    with unchanged():
        response = move(other, world, status)
    expect(response, 200, {"data": shown(world.task), "message": MESSAGE})


@pytest.mark.parametrize("way", ["update", "merge"])
def test_update_with_the_status_that_it_has_keeps_the_stamps(api, make_api, world, way):
    move(api, world, COMPLETED)
    age(world, completed_at=OLD)
    move(make_api(), world, COMPLETED, way)
    task = world.reload()
    assert task.title == "Plan"
    assert (task.status_changed_at, task.completed_at) == (OLD, OLD)
    assert task.completed_by_id == api.key.user.pk
    assert task.previous_status_id == TO_DO


def test_status_change_follows_the_flag_not_the_id(api, world):
    TaskStatus.objects.filter(pk=COMPLETED).update(is_completed=None)
    TaskStatus.objects.filter(pk=IN_PROGRESS).update(is_completed=True)
    move(api, world, COMPLETED)
    assert world.reload().completed_at is None
    move(api, world, IN_PROGRESS)
    assert world.reload().completed_at is not None


@pytest.mark.parametrize("way", WAYS)
def test_status_change_goes_to_the_end_of_the_column(api, world, way):
    others = [make_task(status=TaskStatus.objects.get(pk=IN_PROGRESS)).pk for _ in range(3)]
    move(api, world, IN_PROGRESS, way)
    response = api.get("/tasks", status=IN_PROGRESS, sort="task_position", order="asc")
    assert [task["id"] for task in response.json()["data"]] == [*others, world.task.pk]


def test_status_that_it_already_has_keeps_its_place(api, world):
    place = world.reload().position
    make_task(project=world.project)
    move(api, world, TO_DO)
    assert world.reload().position == place


def test_status_change_back_and_forth_writes_one_history_row_each(api, world):
    for status in [IN_PROGRESS, IN_PROGRESS, COMPLETED, TO_DO, TO_DO]:
        move(api, world, status)
    entries = HistoryEntry.objects.filter(verb="updated", subject_id=world.task.pk)
    assert entries.count() == 3


def test_status_change_of_an_archived_task_succeeds(api, world):
    api.put(f"/tasks/{world.task.pk}/archive")
    assert move(api, world, COMPLETED).json()["data"]["active_state"] == "archived"
