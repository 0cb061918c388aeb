"""Every endpoint of the Tasks API that writes, with a request to it that is good."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpResponse
from django.utils import timezone

from tasks.models import (
    Client,
    Milestone,
    Project,
    Tag,
    Task,
    TaskAssignee,
    TaskStatus,
    TaskTag,
)
from tasks.people import wire_id
from tasks.testing import make_user
from tests.api.encodings import ENCODINGS, Body, merge_patch
from tests.conftest import API

TO_DO, COMPLETED, IN_PROGRESS = 1, 2, 3
NORMAL, HIGH, URGENT = 1, 2, 3


@dataclass(frozen=True)
class Write:
    """A request that succeeds as it stands."""

    method: str
    path: str
    status: int
    message: str
    fields: dict[str, Any] = field(default_factory=dict)
    is_merge_patch: bool = False

    def body(self, encoding: str = "json", **changes: Any) -> Body:
        """The fields with ``changes``; one that is set to ``...`` is left out."""
        sent = {k: v for k, v in (self.fields | changes).items() if v is not ...}
        return merge_patch(sent) if self.is_merge_patch else ENCODINGS[encoding](sent)

    def send(self, api: API, encoding: str = "json", **changes: Any) -> HttpResponse:
        return api.request(self.method, self.path, *self.body(encoding, **changes))


#: With a body whose fields are checked. "merge" is the merge patch, which is JSON alone.
WITH_BODY = ("create", "update", "merge", "status", "assigned", "tags", "clone")
IN_EVERY_ENCODING = tuple(name for name in WITH_BODY if name != "merge")
WRITES = (*WITH_BODY, "archive", "activate", "delete")


class World:
    """A project with a task that has everything, a foreign project, and somebody else's task."""

    def __init__(self) -> None:
        # Rows as the services leave them, written directly: nearly every test here begins so.
        acme, globex = Client.objects.bulk_create([Client(name="Acme Inc"), Client(name="Globex")])
        self.project, self.foreign = Project.objects.bulk_create(
            [
                Project(title="Website Redesign", client=acme),
                Project(title="Rebranding", client=globex),
            ]
        )
        self.milestone, self.stage, self.foreign_milestone = Milestone.objects.bulk_create(
            [
                Milestone(project=self.project, title="Uncategorised", position=1, is_default=True),
                Milestone(project=self.project, title="Launch", position=2),
                Milestone(project=self.foreign, title="Uncategorised", position=1, is_default=True),
            ]
        )
        self.person: AbstractBaseUser = make_user(first_name="Sam", last_name="Lee")
        self.colleague: AbstractBaseUser = make_user(first_name="Ada", last_name="Byron")
        self.outsider: AbstractBaseUser = make_user(is_staff=False)
        now = timezone.now()
        stamps = {"status_changed_at": now, "created_at": now, "updated_at": now}
        self.task, self.bystander = Task.objects.bulk_create(
            [
                Task(
                    title="Design homepage",
                    project=self.project,
                    milestone=self.stage,
                    status_id=TO_DO,
                    priority_id=HIGH,
                    description="First draft.",
                    start_date=dt.date(2026, 6, 1),
                    due_date=dt.date(2026, 6, 30),
                    is_client_visible=True,
                    position=1024,
                    **stamps,
                ),
                Task(
                    title="Write texts",
                    project=self.project,
                    milestone=self.milestone,
                    status_id=TO_DO,
                    priority_id=NORMAL,
                    position=2048,
                    **stamps,
                ),
            ]
        )
        TaskAssignee.objects.bulk_create(
            [
                TaskAssignee(task=self.task, user_id=self.person.pk),
                TaskAssignee(task=self.bystander, user_id=self.colleague.pk),
            ]
        )
        priority, web = Tag.objects.bulk_create([Tag(name="priority"), Tag(name="Web")])
        TaskTag.objects.bulk_create(
            [
                TaskTag(content_object=self.task, tag=priority),
                TaskTag(content_object=self.task, tag=web),
                TaskTag(content_object=self.bystander, tag=priority),
            ]
        )

    def status(self, pk: int) -> dict[str, Any]:
        """A status as a task shows it."""
        row = TaskStatus.objects.get(pk=pk)
        return {"id": row.pk, "title": row.title, "color": row.color}

    def reload(self) -> Task:
        return Task.objects.get(pk=self.task.pk)

    def write(self, name: str) -> Write:
        """The good request to an endpoint, about the task that has everything."""
        task = f"/tasks/{self.task.pk}"
        required = {"task_title": "Plan", "task_status": TO_DO, "task_priority": NORMAL}
        requests: Mapping[str, Write] = {
            "create": Write(
                "POST",
                "/tasks",
                201,
                "Task created successfully.",
                required | {"task_projectid": self.project.pk},
            ),
            "update": Write("PATCH", task, 200, "Task updated successfully.", required),
            "merge": Write(
                "PATCH", task, 200, "Task updated successfully.", required, is_merge_patch=True
            ),
            "status": Write(
                "PUT",
                f"{task}/status",
                200,
                "Task status updated successfully.",
                {"status": IN_PROGRESS},
            ),
            "assigned": Write(
                "PUT",
                f"{task}/assigned",
                200,
                "Task assignees updated successfully.",
                {"assigned": [wire_id(self.colleague.pk)]},
            ),
            "tags": Write(
                "PUT", f"{task}/tags", 200, "Task tags updated successfully.", {"tags": ["urgent"]}
            ),
            "clone": Write(
                "POST",
                f"{task}/clone",
                201,
                "Task cloned successfully.",
                {
                    "task_title": "Copy",
                    "task_status": TO_DO,
                    "project_id": self.foreign.pk,
                    "task_milestoneid": self.foreign_milestone.pk,
                },
            ),
            "archive": Write("PUT", f"{task}/archive", 200, "Task archived successfully."),
            "activate": Write("PUT", f"{task}/activate", 200, "Task activated successfully."),
            "delete": Write("DELETE", task, 200, "Task deleted successfully."),
        }
        return requests[name]
