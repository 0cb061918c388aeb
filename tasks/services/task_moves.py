"""Moving all tasks of a status, a priority or a milestone to another, before it goes."""

from typing import Any, TypeVar

from django.db.models import F, Min
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import Milestone, Task, TaskPriority, TaskStatus
from tasks.models.workflow import Stage
from tasks.services.batches import batches, write_batch
from tasks.services.changes import readable
from tasks.services.tasks import end_of_column

S = TypeVar("S", TaskStatus, TaskPriority)


def move_tasks(*, actor: Actor, stage: S, target: S) -> None:
    """Leave every task of ``stage``, whoever may see it, as an update to ``target`` would.

    A status' column comes as it is after the tasks that are there. For a stage that is about to be
    deleted: no task remembers having come from it. Call it with both locked, inside the
    transaction. What is held in memory does not grow with the number of tasks.
    """
    if isinstance(target, TaskStatus):
        _move_to_status(actor, stage, target)
        return
    for batch in batches(Task._base_manager.filter(priority=stage)):
        _write(actor, batch, "priority", stage, target)


def move_to_milestone(*, actor: Actor, source: Milestone, target: Milestone) -> None:
    """Move every task of a milestone, likewise, to another of its project."""
    for batch in batches(Task._base_manager.filter(milestone=source)):
        _write(actor, batch, "milestone", source, target)


def _move_to_status(actor: Actor, stage: Any, target: TaskStatus) -> None:
    column = Task._base_manager.filter(status_id=stage.pk)
    first = column.aggregate(first=Min("position"))["first"] or 0
    position = F("position") + (end_of_column(target) - first)
    for batch in batches(Task._base_manager.filter(status=stage)):
        now = timezone.now()
        _write(
            actor,
            batch,
            "status",
            stage,
            target,
            position=position,
            # Where they came from is deleted next.
            previous_status=None,
            status_changed_at=now,
            completed_at=now if target.is_completed else None,
            completed_by_id=actor.user_id if target.is_completed else None,
        )


def _write(
    actor: Actor,
    batch: list[Task],
    field: str,
    source: Stage | Milestone,
    target: Stage | Milestone,
    **columns: Any,
) -> None:
    write_batch(
        actor=actor,
        batch=batch,
        verb="updated",
        changes={field: [readable(source), readable(target)]},
        columns={field: target, **columns},
    )
