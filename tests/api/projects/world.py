"""A project that has everything, another one, and a good request to every endpoint."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser

from tasks.models import Milestone, Project, Task, TaskStatus
from tasks.people import person_name, users, wire_id
from tasks.services import projects
from tasks.services.tasks import archive_task
from tasks.testing import (
    make_actor,
    make_client,
    make_milestone,
    make_project,
    make_task,
    make_user,
)
from tests.api.endpoints import Write
from tests.moments import moment_text, utc

START, DUE = dt.date(2026, 6, 1), dt.date(2026, 8, 30)
LONG_AGO = utc(2026, 1, 1, 9, 30)
NOT_FOUND = {"message": "Project not found."}
READS = ("list", "retrieve")
#: With a body whose fields are checked.
WITH_BODY = (
    "create", "update", "merge", "assign", "manager", "status", "progress", "tags", "clone",
)  # fmt: skip
IN_EVERY_ENCODING = tuple(name for name in WITH_BODY if name != "merge")
WRITES = (*WITH_BODY, "archive", "restore", "delete")
#: Those about a project that is there.
OF_A_PROJECT = tuple(name for name in WRITES if name != "create")

BILLING = {"type": "hourly", "rate": "0.00", "estimated_hours": 0, "costs_estimate": "0.00"}
PERMISSIONS = {
    "clientperm_tasks_view": "no",
    "clientperm_tasks_collaborate": "no",
    "clientperm_tasks_create": "no",
    "clientperm_timesheets_view": "no",
    "clientperm_expenses_view": "no",
    "assignedperm_tasks_collaborate": "yes",
}


def person(user: AbstractBaseUser) -> dict[str, Any]:
    """A person as the API shows one."""
    return {"id": wire_id(user.pk), "name": person_name(user)}


def moment(value: dt.datetime) -> str:
    return moment_text(value)


def progress_of(project: Project) -> int:
    """By hand, or counted task by task."""
    if project.manual_progress is not None:
        return project.manual_progress
    active = list(Task.objects.filter(project=project, is_archived=False))
    done = [task for task in active if task.status.is_completed]
    return 100 * len(done) // len(active) if active else 0


def shown(project: Project | int) -> dict[str, Any]:
    """The documented object of what the database holds now, read row by row."""
    row = Project.objects.get(pk=project if isinstance(project, int) else project.pk)
    members = users().filter(pk__in=row.members.values("user_id"))
    return {
        "id": row.pk,
        "title": row.title,
        "description": row.description,
        "reference": None,
        "status": row.status,
        "active_state": "archived" if row.is_archived else "active",
        "progress": progress_of(row),
        "progress_manually": "no" if row.manual_progress is None else "yes",
        "client": row.client and {"id": row.client.pk, "name": row.client.name},
        "category": None,
        "dates": {
            "start": row.start_date and f"{row.start_date:%Y-%m-%d}",
            "due": row.due_date and f"{row.due_date:%Y-%m-%d}",
            "created": moment(row.created_at),
            "updated": moment(row.updated_at),
        },
        "billing": BILLING,
        "permissions": PERMISSIONS,
        "assigned": [person(user) for user in sorted(members, key=lambda user: user.pk)],
        "managers": [] if row.manager_id is None else [person(users().get(pk=row.manager_id))],
        "tags": sorted(row.project_tags.values_list("tag__name", flat=True)),
    }


def one(project: Project | int, message: str = "Project retrieved successfully.") -> dict[str, Any]:
    """The whole answer about one project."""
    return {"data": shown(project), "message": message}


def many(
    found: Sequence[Project], *, total: int | None = None, page: int = 1, limit: int = 25
) -> dict[str, Any]:
    """The whole answer that a list of these projects, in this order, must be."""
    total = len(found) if total is None else total
    return {
        "data": [shown(project) for project in found],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": "Projects retrieved successfully.",
    }


def completed() -> TaskStatus:
    return TaskStatus.objects.get(is_completed=True)


def make_done(project: Project, **fields: Any) -> Task:
    """A completed task of the project."""
    return make_task(project=project, status=completed(), **fields)


def age(project: Project) -> None:
    """Make it as old as nothing else is."""
    Project.objects.filter(pk=project.pk).update(created_at=LONG_AGO, updated_at=LONG_AGO)


class ProjectWorld:
    """``project`` has all that one can have; ``other`` belongs to another client and has nothing.

    Of the three active tasks of ``project`` one is completed; an archived one is completed too.
    """

    def __init__(self) -> None:
        actor = make_actor()
        self.acme, self.globex = make_client("Acme Inc"), make_client("Globex")
        self.person: AbstractBaseUser = make_user(first_name="Sam", last_name="Lee")
        self.colleague: AbstractBaseUser = make_user(first_name="Ada", last_name="Byron")
        self.manager: AbstractBaseUser = make_user(first_name="Max", last_name="Frisch")
        self.outsider: AbstractBaseUser = make_user(is_staff=False)
        self.suspended: AbstractBaseUser = make_user(is_active=False)
        self.project: Project = make_project(
            "Website Redesign",
            client=self.acme,
            description="First draft.\n",
            status="in_progress",
            start_date=START,
            due_date=DUE,
        )
        pk = self.project.pk
        projects.set_members(actor=actor, project_id=pk, user_ids=[self.person.pk])
        projects.set_manager(actor=actor, project_id=pk, user_id=self.manager.pk)
        projects.set_project_tags(actor=actor, project_id=pk, names=["q3", "Web"])
        self.other: Project = make_project("Rebranding", client=self.globex)
        self.default: Milestone = self.project.milestones.get()
        self.launch: Milestone = make_milestone(self.project, "Launch")
        self.done: Task = make_done(self.project, title="Done", milestone_id=self.launch.pk)
        self.open: Task = make_task("Open", project=self.project, milestone_id=self.launch.pk)
        self.loose: Task = make_task("Loose", project=self.project)
        self.archived: Task = make_done(self.project, title="Archived")
        archive_task(actor=actor, task_id=self.archived.pk)

    def reload(self) -> Project:
        return Project.objects.get(pk=self.project.pk)

    def write(self, name: str) -> Write:
        """The good request to an endpoint, about the project that has everything."""
        path = f"/projects/{self.project.pk}"
        required = {"project_title": "Plan", "project_date_start": "2026-06-02"}
        updated = "Project updated successfully."
        requests: Mapping[str, Write] = {
            "create": Write(
                "POST",
                "/projects",
                201,
                "Project created successfully.",
                required | {"project_clientid": self.globex.pk},
            ),
            "update": Write("PATCH", path, 200, updated, required),
            "merge": Write("PATCH", path, 200, updated, required, is_merge_patch=True),
            "assign": Write(
                "PUT",
                f"{path}/assign",
                200,
                "Project assignees updated successfully.",
                {"assigned": [wire_id(self.colleague.pk)]},
            ),
            "manager": Write(
                "PUT",
                f"{path}/manager",
                200,
                "Project manager updated successfully.",
                {"manager": wire_id(self.colleague.pk)},
            ),
            "status": Write(
                "PUT",
                f"{path}/status",
                200,
                "Project status updated successfully.",
                {"status": "on_hold"},
            ),
            "progress": Write(
                "PUT",
                f"{path}/progress",
                200,
                "Project progress updated successfully.",
                {"progress": 40},
            ),
            "tags": Write(
                "PUT",
                f"{path}/tags",
                200,
                "Project tags updated successfully.",
                {"tags": ["urgent"]},
            ),
            "clone": Write(
                "POST",
                f"{path}/clone",
                201,
                "Project cloned successfully.",
                {"project_title": "Copy"},
            ),
            "archive": Write("PUT", f"{path}/archive", 200, "Project archived successfully."),
            "restore": Write("PUT", f"{path}/restore", 200, "Project restored successfully."),
            "delete": Write("DELETE", path, 200, "Project deleted successfully."),
        }
        return requests[name]
