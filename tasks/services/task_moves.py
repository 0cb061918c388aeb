"""Moving all tasks of a status, a priority or a milestone to another, before it goes."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain
from typing import Any, TypeVar

from django.db.models import F, Min
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import HistoryEntry, Milestone, Task, TaskPriority, TaskStatus
from tasks.models.workflow import Stage
from tasks.services.changes import readable
from tasks.services.events import UPDATE, announce, update
from tasks.services.history import entry
from tasks.services.tasks import end_of_column

S = TypeVar("S", TaskStatus, TaskPriority)

#: How many tasks are written by one statement.
BATCH = 1000
_TICK = dt.timedelta(microseconds=1)


def move_tasks(*, actor: Actor, stage: S, target: S) -> None:
    """Leave every task of ``stage``, whoever may see it, as an update to ``target`` would.

    A status' column comes as it is after the tasks that are there. For a stage that is about to be
    deleted: no task remembers having come from it. Call it with both locked, inside the
    transaction. What is held in memory does not grow with the number of tasks.
    """
    if isinstance(target, TaskStatus):
        _move_to_status(actor, stage, target)
        return
    for batch in _batches(priority=stage):
        _write(actor, batch, "priority", stage, target)


def move_to_milestone(*, actor: Actor, source: Milestone, target: Milestone) -> None:
    """Move every task of a milestone, likewise, to another of its project."""
    for batch in _batches(milestone=source):
        _write(actor, batch, "milestone", source, target)


def _move_to_status(actor: Actor, stage: Stage, target: TaskStatus) -> None:
    column = Task._base_manager.filter(status_id=stage.pk)
    first = column.aggregate(first=Min("position"))["first"] or 0
    position = F("position") + (end_of_column(target) - first)
    for batch in _batches(status=stage):
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


def _batches(**of: Stage | Milestone) -> Iterator[list[Task]]:
    """The tasks of one of them, locked, in the order of their ids, without what is not needed."""
    rows = (
        Task._base_manager.select_for_update()
        .filter(**of)
        .order_by("pk")
        .only("title", "updated_at")
    )
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield batch


def _write(
    actor: Actor,
    batch: list[Task],
    field: str,
    source: Stage | Milestone,
    target: Stage | Milestone,
    **columns: Any,
) -> None:
    """What ``save_changes`` does, for many tasks with one statement of each kind."""
    now = timezone.now()
    changes = {field: [readable(source), readable(target)]}
    # One moment for all, but for those that a clock running ahead has written.
    moments: dict[dt.datetime, list[int]] = defaultdict(list)
    for task in batch:
        moments[max(now, task.updated_at + _TICK)].append(task.pk)
    for moment, ids in moments.items():
        Task._base_manager.filter(pk__in=ids).update(
            **{field: target}, **columns, version=F("version") + 1, updated_at=moment
        )
    HistoryEntry.objects.bulk_create(
        entry(actor=actor, verb="updated", subject=task, changes=changes) for task in batch
    )
    is_completed = columns.get("completed_at") is not None
    announce(
        UPDATE,
        lambda: chain.from_iterable(
            update(task.pk, changes, is_completed=is_completed) for task in batch
        ),
        actor=actor,
        at=now,
    )
