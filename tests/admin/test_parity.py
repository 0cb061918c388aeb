"""Whatever the API may do to a task, the admin does: the same rows, the same history."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction

from tasks.models import HistoryEntry, Milestone, Tag, Task, TaskAssignee, TaskTag
from tasks.people import wire_id
from tasks.testing import make_milestone, make_project, make_task, make_user
from tests.hearing import hearing


@dataclass
class Scene:
    """What both doors find."""

    task: Task
    other: Task
    milestone: Milestone
    people: list[Any]
    api: Any
    admin: Any

    @property
    def form(self) -> Any:
        return self.admin.open(f"taskdock/task/{self.task.pk}/change/")

    def patch(self, **body: Any) -> Any:
        full = {"task_title": self.task.title, "task_status": 1, "task_priority": 1, **body}
        return self.api.patch(f"/tasks/{self.task.pk}", full)

    def put(self, action: str, **body: Any) -> Any:
        return self.api.put(f"/tasks/{self.task.pk}/{action}", body)

    def act(self, name: str) -> Any:
        return self.admin.action("taskdock/task/", name, [self.task], post="yes")


@pytest.fixture
def scene(admin, make_api) -> Scene:
    project = make_project()
    people = [make_user(), make_user(), make_user()]
    task = make_task(
        "Design homepage",
        project=project,
        description="First.\nSecond.",
        assigned=people[:2],
        tags=["priority", "a, b"],
    )
    return Scene(
        task=task,
        other=make_task("Beside it", project=project),
        milestone=make_milestone(project, "Launch"),
        people=people,
        api=make_api(user=admin.user),
        admin=admin,
    )


@dataclass(frozen=True)
class Same:
    """One operation by both doors."""

    name: str
    by_api: Callable[[Scene], Any]
    by_admin: Callable[[Scene], Any]
    changes_nothing: bool = False
    prepared_by: Callable[[Scene], Any] | None = None


def _create_by_api(scene: Scene) -> Any:
    return scene.api.post(
        "/tasks",
        {
            "task_projectid": scene.task.project_id,
            "task_title": "  Émigré \N{PARTY POPPER} ",
            "task_status": 3,
            "task_priority": 2,
            "task_milestoneid": scene.milestone.pk,
            "task_date_start": "2026-06-01",
            "task_date_due": "2026-06-30",
            "task_description": " Two\nlines ",
            "task_client_visibility": "on",
            "task_billable": "on",
        },
    )


def _create_by_admin(scene: Scene) -> Any:
    return scene.admin.open("taskdock/task/add/").submit(
        project=scene.task.project_id,
        title="  Émigré \N{PARTY POPPER} ",
        status=3,
        priority=2,
        milestone=scene.milestone.pk,
        start_date="2026-06-01",
        due_date="2026-06-30",
        description=" Two\nlines ",
        is_client_visible="on",
        is_billable="on",
    )


def _least_by_api(scene: Scene) -> Any:
    return scene.api.post(
        "/tasks",
        f"task_projectid={scene.task.project_id}&task_title=Least&task_status=1&task_priority=1",
    )


def _least_by_admin(scene: Scene) -> Any:
    form = scene.admin.open("taskdock/task/add/")
    return form.submit(project=scene.task.project_id, title="Least")


def _ids(people: list[Any]) -> list[Any]:
    return [wire_id(person.pk) for person in people]


SAME = [
    Same("create with all fields", _create_by_api, _create_by_admin),
    Same("create with required fields", _least_by_api, _least_by_admin),
    Same(
        "create completed",
        lambda s: s.api.post(
            "/tasks",
            f"task_projectid={s.task.project_id}&task_title=D&task_status=2&task_priority=1",
        ),
        lambda s: s.admin.open("taskdock/task/add/").submit(
            project=s.task.project_id, title="D", status=2
        ),
    ),
    Same(
        "update every field",
        lambda s: s.patch(
            task_title="New title",
            task_status=4,
            task_priority=3,
            task_milestoneid=s.milestone.pk,
            task_date_start="2026-01-02",
            task_date_due="2026-01-02",
            task_description="Else",
            task_client_visibility="on",
            task_billable="on",
        ),
        lambda s: s.form.submit(
            title="New title",
            status=4,
            priority=3,
            milestone=s.milestone.pk,
            start_date="2026-01-02",
            due_date="2026-01-02",
            description="Else",
            is_client_visible="on",
            is_billable="on",
        ),
    ),
    Same(
        "update the title",
        lambda s: s.patch(task_title="Straße"),
        lambda s: s.form.submit(title="Straße"),
    ),
    Same(
        "clear the description",
        lambda s: s.patch(task_description=""),
        lambda s: s.form.submit(description=""),
    ),
    Same(
        "clear the milestone",
        lambda s: s.patch(task_milestoneid=None),
        lambda s: s.form.submit(milestone=""),
        prepared_by=lambda s: s.patch(task_milestoneid=s.milestone.pk),
    ),
    Same(
        "clear the dates",
        lambda s: s.patch(task_date_start=None, task_date_due=None),
        lambda s: s.form.submit(start_date="", due_date=""),
        prepared_by=lambda s: s.patch(task_date_start="2026-05-01", task_date_due="2026-05-02"),
    ),
    Same("update nothing", lambda s: s.patch(), lambda s: s.form.submit(), changes_nothing=True),
    Same("complete", lambda s: s.put("status", status=2), lambda s: s.form.submit(status=2)),
    Same(
        "reopen",
        lambda s: s.put("status", status=3),
        lambda s: s.form.submit(status=3),
        prepared_by=lambda s: s.put("status", status=2),
    ),
    Same(
        "replace assignees",
        lambda s: s.put("assigned", assigned=_ids(s.people[1:])),
        lambda s: s.form.submit(assigned=_ids(s.people[1:])),
    ),
    Same(
        "clear assignees",
        lambda s: s.put("assigned", assigned=[]),
        lambda s: s.form.submit(assigned=None),
    ),
    Same(
        "replace tags",
        lambda s: s.put("tags", tags=["a, b", 'say "hi"', "Priority", "ü"]),
        lambda s: s.form.submit(tags='"a, b", "say ""hi""", Priority,  ü , ü'),
    ),
    Same("clear tags", lambda s: s.put("tags", tags=[]), lambda s: s.form.submit(tags="")),
    Same("archive", lambda s: s.put("archive"), lambda s: s.act("archive")),
    Same(
        "archive in the form", lambda s: s.put("archive"), lambda s: s.form.submit(is_archived="on")
    ),
    Same(
        "archive again",
        lambda s: s.put("archive"),
        lambda s: s.act("archive"),
        changes_nothing=True,
        prepared_by=lambda s: s.put("archive"),
    ),
    Same(
        "activate",
        lambda s: s.put("activate"),
        lambda s: s.act("activate"),
        prepared_by=lambda s: s.put("archive"),
    ),
    Same(
        "activate in the form",
        lambda s: s.put("activate"),
        lambda s: s.form.submit(is_archived=None),
        prepared_by=lambda s: s.put("archive"),
    ),
    Same(
        "delete",
        lambda s: s.api.delete(f"/tasks/{s.task.pk}"),
        lambda s: s.admin.open(f"taskdock/task/{s.task.pk}/delete/").submit(post="yes"),
    ),
    Same(
        "delete as one of several",
        lambda s: s.api.delete(f"/tasks/{s.task.pk}"),
        lambda s: s.admin.action("taskdock/task/", "delete_selected", [s.task], post="yes"),
    ),
]


def _timeless(value: Any) -> Any:
    return isinstance(value, dt.datetime) or value


def _tasks() -> list[dict[str, Any]]:
    rows = []
    for task in Task.objects.order_by("pk"):
        row = {
            field.attname: _timeless(getattr(task, field.attname)) for field in task._meta.fields
        }
        row.pop("id")
        row["assigned"] = sorted(task.assignees.values_list("user_id", flat=True))
        row["tags"] = sorted(task.task_tags.values_list("tag__name", flat=True))
        rows.append(row)
    return rows


def _history(since: int) -> list[dict[str, Any]]:
    rows = HistoryEntry.objects.filter(pk__gt=since).order_by("pk").values()
    # A row that was just made has another id each time.
    apart = {"id", "at", "door", "key_id", "key_name"}
    return [
        {
            name: value != 0 if name == "subject_id" and row["verb"] == "created" else value
            for name, value in row.items()
            if name not in apart
        }
        for row in rows
    ]


def _left_by(operation: Callable[[], Any]) -> tuple[Any, ...]:
    """All that the operation left behind, which is then taken back."""
    with transaction.atomic():
        last = HistoryEntry.objects.order_by("-pk").values_list("pk", flat=True)[0]
        response = operation()
        assert response.status_code < 400, response.content.decode()
        doors = set(HistoryEntry.objects.filter(pk__gt=last).values_list("door", flat=True))
        left = (
            _tasks(),
            _history(last),
            sorted(Tag.objects.values_list("name", flat=True)),
            TaskAssignee.objects.count(),
            TaskTag.objects.count(),
        )
        transaction.set_rollback(True)
    return doors, left


@pytest.mark.parametrize("same", SAME, ids=lambda same: same.name)
def test_operation_by_api_and_by_admin_leaves_the_same_rows_and_history(scene, same):
    if same.prepared_by is not None:
        same.prepared_by(scene)
        scene.task.refresh_from_db()
    before = _tasks()
    api_doors, by_api = _left_by(lambda: same.by_api(scene))
    assert _tasks() == before
    admin_doors, by_admin = _left_by(lambda: same.by_admin(scene))
    assert by_admin == by_api
    if same.changes_nothing:
        assert by_api[:2] == (before, [])
    else:
        assert by_api[0] != before
        assert (api_doors, admin_doors) == ({"api"}, {"admin"})


def _told_by(operation: Callable[[], Any], committing: Any, scene: Scene) -> list[Any]:
    """What receivers are told of the operation, which is then taken back."""
    with transaction.atomic(), hearing() as heard:
        with committing(execute=True):
            assert operation().status_code < 400
        transaction.set_rollback(True)
    # A row that was just made has another id each time.
    new = scene.other.pk
    return [(name, said | {"task_id": min(said["task_id"], new + 1)}) for name, said in heard]


@pytest.mark.parametrize("same", SAME, ids=lambda same: same.name)
def test_operation_by_api_and_by_admin_is_told_of_alike(
    scene, same, django_capture_on_commit_callbacks
):
    if same.prepared_by is not None:
        same.prepared_by(scene)
        scene.task.refresh_from_db()
    committing = django_capture_on_commit_callbacks
    by_api = _told_by(lambda: same.by_api(scene), committing, scene)
    by_admin = _told_by(lambda: same.by_admin(scene), committing, scene)
    assert by_admin == by_api
    assert bool(by_api) is not same.changes_nothing
