"""Each endpoint that writes tells a site's code what it did, once."""

import pytest

from tasks.actors import Door
from tests.api.endpoints import COMPLETED, WRITES
from tests.hearing import hearing

UPDATED = ["task_updated"]
MOVED = [*UPDATED, "task_status_changed"]
ASSIGNED = [*UPDATED, "task_assigned"]
#: What is told of the good request to each endpoint, and of the same request once more.
TOLD = {
    "create": (["task_created"], ["task_created"]),
    "update": (UPDATED, []),
    "merge": (UPDATED, []),
    "status": (MOVED, []),
    "assigned": (ASSIGNED, []),
    "tags": (UPDATED, []),
    "clone": (["task_created", "task_assigned"], ["task_created", "task_assigned"]),
    "archive": (UPDATED, []),
    "activate": ([], []),
    "delete": (["task_deleted"], []),
}


@pytest.fixture
def committing(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def test_endpoints_of_these_tests_are_all_that_write_tasks():
    assert set(TOLD) == set(WRITES)


@pytest.mark.parametrize("endpoint", TOLD)
def test_write_is_told_once_with_the_caller(api, world, committing, endpoint):
    for expected in TOLD[endpoint]:
        with hearing() as heard, committing():
            world.write(endpoint).send(api)
        assert heard.names == expected
        for actor in heard.actors:
            assert (actor.door, actor.key, actor.user) == (Door.API, api.key, api.key.user)


def test_completion_is_told_by_status_and_by_update(api, world, committing):
    for endpoint, fields in (
        ("status", {"status": COMPLETED}),
        ("merge", {"task_status": COMPLETED}),
    ):
        with hearing("task_completed") as heard, committing():
            world.write(endpoint).send(api, **fields)
            world.write("status").send(api)
        assert heard == [("task_completed", {"task_id": world.task.pk})]


def test_comment_is_told_of(api, world, committing):
    with hearing() as heard, committing():
        answer = api.post(f"/tasks/{world.task.pk}/comments", {"comment": "Good."}).json()
    said = {"task_id": world.task.pk, "comment_id": answer["data"]["id"]}
    assert heard == [("task_commented", said)]


@pytest.mark.parametrize("endpoint", [name for name in WRITES if name != "create"])
def test_write_that_fails_tells_nothing(api, world, committing, endpoint):
    write = world.write(endpoint)
    path = write.path.replace(f"/{world.task.pk}", "/987654321")
    with hearing() as heard, committing():
        assert api.request(write.method, path, *write.body()).status_code == 404
    assert heard == []
