"""What a request asks of the database once its statements are compiled, the key's look-up included.

Where a number grows every answer gets slower; ``benchmarks/`` says by how much.
"""

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.testing import make_task

#: What brackets a transaction or a part of one.
BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
READS = {
    "/tasks": 1,
    "/tasks?project_id={project}": 1,
    "/tasks?project_id={project}&status=1": 3,
    "/tasks?search=design&sort=task_title&limit=100": 3,
    "/tasks/{task}": 1,
    "/projects/{project}": 1,
}
NEW = {"task_projectid": 0, "task_title": "New", "task_status": 1, "task_priority": 1}
WRITES = [
    ("PUT", "/tasks/{task}/status", {"status": 2}, 6),
    ("PUT", "/tasks/{task}/archive", {}, 5),
    ("PATCH", "/tasks/{task}", {**NEW, "task_title": "Other"}, 7),
    ("POST", "/tasks", NEW, 6),
]


def count(send):
    with CaptureQueriesContext(connection()) as captured:
        response = send()
    assert response.status_code in {200, 201}, response.content
    return len([q for q in captured.captured_queries if not q["sql"].startswith(BRACKETS)])


@pytest.mark.parametrize(("path", "queries"), READS.items())
def test_read_takes_its_number_of_queries_whatever_the_rows(api, path, queries):
    task = make_task(tags=["a"])
    path = path.format(task=task.pk, project=task.project_id)
    api.request("GET", path)  # the first use of a key within a minute is written down

    assert count(lambda: api.request("GET", path)) == queries
    for number in range(24):
        make_task(project=task.project, tags=["a", str(number)])
    assert count(lambda: api.request("GET", path)) == queries


@pytest.mark.parametrize(("method", "path", "body", "queries"), WRITES)
def test_write_takes_its_number_of_queries(api, method, path, body, queries):
    task = make_task()
    api.request("GET", "/tasks")
    path = path.format(task=task.pk)
    if "task_projectid" in body:
        body = {**body, "task_projectid": task.project_id}

    assert count(lambda: api.request(method, path, body)) == queries
