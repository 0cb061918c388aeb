"""How many queries an endpoint takes, and that this does not grow with what hangs on the task."""

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.database import alias
from tasks.people import wire_id
from tasks.services.assignees import set_assignees
from tasks.services.tagging import set_tags
from tasks.testing import make_task, make_user
from tests.api.endpoints import WRITES

#: Every request reads its key; every write locks its task and leaves a row of history; every
#: answer but that of a deletion reads the task, its assignees, those people and its tags.
QUERIES = {
    "retrieve": 1 + 4,
    # Status, priority, project, milestone; end of the column, task, history. Nobody is assigned
    # to a new task, so no people are read.
    "create": 1 + 4 + 3 + 3,
    # Task, status, priority; lock, the old priority's name, task, history.
    "update": 1 + 3 + 4 + 4,
    "merge": 1 + 3 + 4 + 4,
    # Task, status; lock, the old status' name, end of the column, task, history.
    "status": 1 + 2 + 5 + 4,
    # Task, who is assigned, who is on the team; lock, both again, rows out, rows in, names, task,
    # history.
    "assigned": 1 + 3 + 8 + 4,
    # Task; lock, tags it has, rows out, known tags, new tags, their ids, rows in, task, history.
    "tags": 1 + 1 + 9 + 4,
    # Task, status, project; lock, milestone, end of the column, task, assignees and tags read and
    # written, history.
    "clone": 1 + 3 + 9 + 4,
    # Task; lock, task, history.
    "archive": 1 + 1 + 3 + 4,
    # The task is active already: lock.
    "activate": 1 + 1 + 1 + 4,
    # Task; lock, time that may forbid it, files, history, then a statement a table that refers to
    # it.
    "delete": 1 + 1 + 11,
}
#: What opens and closes a transaction inside another is none of the endpoint's work.
BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def count(send):
    with CaptureQueriesContext(connections[alias()]) as captured:
        response = send()
    assert response.status_code in {200, 201}, response.content
    statements = [query["sql"] for query in captured.captured_queries]
    return len([sql for sql in statements if not sql.startswith(BRACKETS)])


def send(api, world, endpoint):
    if endpoint == "retrieve":
        return api.get(f"/tasks/{world.task.pk}")
    fields = {}
    if endpoint == "assigned":
        fields = {"assigned": [wire_id(user.pk) for user in world.newcomers]}
    if endpoint == "tags":
        fields = {"tags": [f"new {n}" for n in range(len(world.newcomers))]}
    return world.write(endpoint).send(api, **fields)


@pytest.mark.parametrize("endpoint", ["retrieve", *WRITES])
@pytest.mark.parametrize("amount", [1, 25])
def test_endpoint_takes_its_queries_however_much_there_is(api, world, endpoint, amount):
    api.get("/tasks")  # notes the use of the key, which happens once a minute
    actor = Actor()
    people = [make_user() for _ in range(amount)]
    world.newcomers = [make_user() for _ in range(amount)]
    pk = world.task.pk
    set_assignees(actor=actor, task_id=pk, user_ids=[user.pk for user in people])
    set_tags(actor=actor, task_id=pk, names=[f"tag {n}" for n in range(amount)])
    for _ in range(amount):
        make_task(project=world.project)
    assert count(lambda: send(api, world, endpoint)) <= QUERIES[endpoint]
