"""Tasks made at once."""

import pytest

from tasks.models import Task, TaskStatus
from tasks.services.tasks import POSITION_GAP
from tasks.testing import make_project, make_task

pytestmark = pytest.mark.server

THREADS, EACH = 8, 25


def test_creates_in_one_column_at_once_lose_none_and_keep_one_order(together, make_api):
    first = make_task()
    project = make_project()
    apis = [make_api() for _ in range(THREADS)]

    def create_some(api, thread):
        return [
            api.post(
                "/tasks",
                f"task_projectid={project.pk}&task_title={thread}.{number}"
                "&task_status=1&task_priority=1",
            )
            for number in range(EACH)
        ]

    answers = [
        answer
        for some in together(
            *[
                lambda api=api, thread=thread: create_some(api, thread)
                for thread, api in enumerate(apis)
            ]
        )
        for answer in some
    ]
    assert {r.status_code for r in answers} == {201}
    made = {r.json()["data"]["id"]: r.json()["data"]["title"] for r in answers}
    assert len(made) == THREADS * EACH
    stored = Task.objects.filter(project=project).order_by("position", "id")
    assert dict(stored.values_list("id", "title")) == made
    assert all(
        position > first.position and position % POSITION_GAP == 0
        for position in stored.values_list("position", flat=True)
    )
    # Whoever creates one task after the other finds them in that order.
    titles = [*stored.values_list("title", flat=True)]
    for thread in range(THREADS):
        own = [title for title in titles if title.startswith(f"{thread}.")]
        assert own == [f"{thread}.{number}" for number in range(EACH)]
    query = {"sort": "task_position", "order": "asc", "limit": 30, "project_id": project.pk}
    walked = [
        task["id"] for page in range(1, 8)
        for task in apis[0].get("/tasks", **query, page=page).json()["data"]
    ]  # fmt: skip
    assert walked == [*stored.values_list("id", flat=True)]


def test_creates_and_moves_into_one_column_at_once_end_behind_what_was_there(together, make_api):
    apis = [make_api() for _ in range(4)]
    project = make_project()
    last = make_task(project=project, status=TaskStatus.objects.get(pk=3))
    moved = [make_task(project=project) for _ in range(2)]
    form = f"task_projectid={project.pk}&task_title=New&task_status=3&task_priority=1"
    answers = together(
        lambda: apis[0].put(f"/tasks/{moved[0].pk}/status", "status=3"),
        lambda: apis[1].put(f"/tasks/{moved[1].pk}/status", "status=3"),
        lambda: apis[2].post("/tasks", form),
        lambda: apis[3].post("/tasks", form),
    )
    assert [r.status_code for r in answers] == [200, 200, 201, 201]
    column = Task.objects.filter(status=3).order_by("position", "id")
    assert column.first() == last
    assert column.count() == 5
    assert column.filter(position__gt=last.position).count() == 4
