"""Checklists of two tasks and of a project, and a good request to every endpoint."""

from collections.abc import Mapping
from typing import Any

from comments.testing import make_comment
from tasks.models import ChecklistItem, Project, Task
from tasks.services.checklists import add_checklist_item, items_of, update_checklist_item
from tasks.testing import make_actor, make_project, make_task, make_user
from tests.api.endpoints import Write
from tests.moments import moment_text

READS = ("list", "retrieve")
#: With a body whose fields are checked.
WITH_BODY = ("create", "update", "status", "positions")
WRITES = (*WITH_BODY, "delete")


def make_item(parent: Task | Project, text: str, *, is_completed: bool = False) -> ChecklistItem:
    actor = make_actor()
    item = add_checklist_item(actor=actor, parent=parent, text=text)
    if is_completed:
        item = update_checklist_item(actor=actor, item_id=item.pk, is_completed=True)
    return item


def shown(item: ChecklistItem | int) -> dict[str, Any]:
    """The documented object of what the database holds now."""
    row = ChecklistItem.objects.get(pk=item if isinstance(item, int) else item.pk)
    kind, parent_id = ("project", row.project_id) if row.task_id is None else ("task", row.task_id)
    return {
        "id": row.pk,
        "text": row.text,
        "status": "completed" if row.is_completed else "pending",
        "position": row.position,
        "resource": {"type": kind, "id": parent_id},
        "comments_count": row.comments.count(),
        "dates": {
            "created": moment_text(row.created_at),
            "updated": moment_text(row.updated_at),
        },
    }


def texts_of(parent: Task | Project) -> list[str]:
    """The items' texts in their order."""
    return [item.text for item in items_of(parent).order_by("position", "pk")]


class ChecklistWorld:
    """A task with four items, its project with two, and another task with one.

    ``b`` and ``d`` are completed; ``b`` has two comments, ``c`` has one.
    """

    def __init__(self) -> None:
        self.project: Project = make_project("Website Redesign")
        self.task: Task = make_task("Design homepage", project=self.project)
        self.other_task: Task = make_task("Write texts", project=self.project)
        self.a = make_item(self.task, "a")
        self.b = make_item(self.task, "b", is_completed=True)
        self.c = make_item(self.task, "c")
        self.d = make_item(self.task, "d", is_completed=True)
        self.of_project = make_item(self.project, "kick-off")
        self.last_of_project = make_item(self.project, "hand-over")
        self.stranger = make_item(self.other_task, "proof-read")
        creator = make_user()
        for subject in (self.b, self.b, self.c, self.task):
            make_comment(subject, creator=creator)

    def named(self, names: str) -> list[ChecklistItem]:
        """``named("d a")``: these two items."""
        return [getattr(self, name) for name in names.split()]

    def write(self, name: str) -> Write:
        """The good request to an endpoint."""
        item = f"/checklists/{self.a.pk}"
        requests: Mapping[str, Write] = {
            "create": Write(
                "POST",
                "/checklists",
                201,
                "Checklist created successfully.",
                {
                    "checklistresource_type": "task",
                    "checklistresource_id": self.task.pk,
                    "checklist_text": "Send invoice",
                },
            ),
            "update": Write(
                "PATCH", item, 200, "Checklist updated successfully.", {"checklist_text": "New"}
            ),
            "status": Write(
                "PUT",
                f"{item}/status",
                200,
                "Checklist status updated successfully.",
                {"status": "completed"},
            ),
            "positions": Write(
                "PUT",
                "/checklists/positions",
                200,
                "Checklist positions updated successfully.",
                {"checklist_ids": [self.c.pk, self.a.pk]},
            ),
            "delete": Write("DELETE", item, 200, "Checklist deleted successfully."),
        }
        return requests[name]
