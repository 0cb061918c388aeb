"""A project with four milestones, another project, and a good request to every endpoint."""

from collections.abc import Mapping, Sequence
from typing import Any

from tasks.models import Milestone, Project, Task
from tasks.people import wire_id
from tasks.services import milestones
from tasks.services.tasks import archive_task
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user
from tests.api.endpoints import Write
from tests.moments import moment_text

NOT_FOUND = {"message": "Milestone not found."}
TAKEN = {"message": "The project has a milestone of this title already."}
READS = ("list", "retrieve")
#: With a body whose fields are required.
WITH_BODY = ("create", "update", "merge", "positions")
IN_EVERY_ENCODING = ("create", "update", "positions")
WRITES = (*WITH_BODY, "delete")
OF_A_MILESTONE = ("update", "merge", "delete")


def shown(milestone: Milestone | int) -> dict[str, Any]:
    """The documented object of what the database holds now, read row by row."""
    row = Milestone.objects.get(pk=milestone if isinstance(milestone, int) else milestone.pk)
    return {
        "id": row.pk,
        "title": row.title,
        "project_id": row.project_id,
        "type": "uncategorised" if row.is_default else "categorised",
        "color": row.color,
        "position": row.position,
        "creator_id": None if row.created_by_id is None else wire_id(row.created_by_id),
        "tasks_count": Task.objects.filter(milestone=row).count(),
        "dates": {
            "created": moment_text(row.created_at),
            "updated": moment_text(row.updated_at),
        },
    }


def one(
    milestone: Milestone | int, message: str = "Milestone retrieved successfully."
) -> dict[str, Any]:
    """The whole answer about one milestone."""
    return {"data": shown(milestone), "message": message}


def many(
    found: Sequence[Milestone], *, total: int | None = None, page: int = 1, limit: int = 25
) -> dict[str, Any]:
    """The whole answer that a list of these milestones, in this order, must be."""
    total = len(found) if total is None else total
    return {
        "data": [shown(milestone) for milestone in found],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": "Milestones retrieved successfully.",
    }


def titles_of(project: Project) -> list[str]:
    """The milestones' titles in their order."""
    return [row.title for row in project.milestones.order_by("position", "pk")]


class MilestoneWorld:
    """``project`` has its default milestone and ``a``, ``b`` and ``c``, in this order.

    ``a`` has two tasks, one of them archived; the default one has one. ``stranger`` is a milestone
    of another project.
    """

    def __init__(self) -> None:
        self.project: Project = make_project("Website Redesign")
        self.other: Project = make_project("Rebranding")
        self.default: Milestone = self.project.milestones.get()
        self.a, self.b = (make_milestone(self.project, title) for title in "ab")
        self.creator = make_user()
        self.c = milestones.create_milestone(
            actor=make_actor(self.creator), project=self.project, title="c", color="success"
        )
        self.stranger: Milestone = make_milestone(self.other, "a")
        self.first: Task = make_task("First", project=self.project, milestone_id=self.a.pk)
        self.archived: Task = make_task("Archived", project=self.project, milestone_id=self.a.pk)
        archive_task(actor=make_actor(), task_id=self.archived.pk)
        self.loose: Task = make_task("Loose", project=self.project)

    def named(self, names: str) -> list[Milestone]:
        """``named("c default")``: these two milestones."""
        return [getattr(self, name) for name in names.split()]

    def write(self, name: str) -> Write:
        """The good request to an endpoint."""
        path = f"/milestones/{self.a.pk}"
        fields = {"milestone_title": "Launch", "milestone_color": "danger"}
        updated = "Milestone updated successfully."
        requests: Mapping[str, Write] = {
            "create": Write(
                "POST",
                "/milestones",
                201,
                "Milestone created successfully.",
                fields | {"milestone_projectid": self.project.pk},
            ),
            "update": Write("PATCH", path, 200, updated, fields),
            "merge": Write("PATCH", path, 200, updated, fields, is_merge_patch=True),
            "positions": Write(
                "PUT",
                "/milestones/positions",
                200,
                "Milestone positions updated successfully.",
                {"milestones": [self.c.pk, self.a.pk]},
            ),
            "delete": Write("DELETE", path, 200, "Milestone deleted successfully."),
        }
        return requests[name]
