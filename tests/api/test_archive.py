import pytest

from tasks.models import HistoryEntry, Task
from tests.api.answers import expect, shown
from tests.moments import utc

OLD = utc(2026, 1, 1)
ACTIONS = {
    "archive": ("archived", "Task archived successfully.", False),
    "activate": ("active", "Task activated successfully.", True),
}


@pytest.mark.parametrize(
    ("action", "state", "message", "was"), [(name, *rest) for name, rest in ACTIONS.items()]
)
def test_action_changes_the_state_and_nothing_else(  # noqa: PLR0917 (a table's columns)
    api, world, action, state, message, was
):
    Task.objects.filter(pk=world.task.pk).update(is_archived=was, updated_at=OLD)
    before, bystander = shown(world.task), shown(world.bystander)
    version = world.reload().version
    response = world.write(action).send(api)
    task = world.reload()
    data = before | {"active_state": state}
    data["dates"]["updated"] = shown(world.task)["dates"]["updated"]
    expect(response, 200, {"data": data, "message": message})
    assert task.updated_at > OLD
    assert task.version == version + 1
    assert shown(world.bystander) == bystander
    entry = HistoryEntry.objects.get(subject_id=task.pk, verb=f"{action}d")
    assert entry.changes == {"is_archived": [was, not was]}


@pytest.mark.parametrize(
    ("action", "state", "message", "was"), [(name, *rest) for name, rest in ACTIONS.items()]
)
def test_action_on_a_task_in_that_state_changes_nothing(  # noqa: PLR0917 (a table's columns)
    api, world, unchanged, action, state, message, was
):
    Task.objects.filter(pk=world.task.pk).update(is_archived=not was, updated_at=OLD)
    with unchanged():
        response = world.write(action).send(api)
    data = shown(world.task)
    expect(response, 200, {"data": data, "message": message})
    assert data["active_state"] == state


def test_archive_keeps_status_and_place(api, world):
    before = world.reload()
    world.write("archive").send(api)
    after = world.reload()
    assert (after.status_id, after.position) == (before.status_id, before.position)
    assert after.status_changed_at == before.status_changed_at
