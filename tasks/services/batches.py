"""Changing many tasks in one way: what ``save_changes`` does, with a statement of each kind."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from django.db.models import F, QuerySet
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import HistoryEntry, Task
from tasks.services.events import UPDATE, announce, update
from tasks.services.history import Changes, entry

#: How many tasks are written by one statement.
BATCH = 1000
_TICK = dt.timedelta(microseconds=1)


def batches(tasks: QuerySet[Any]) -> Iterator[list[Task]]:
    """These tasks, locked, in the order of their ids, without what is not needed."""
    rows = tasks.select_for_update().order_by("pk").only("title", "updated_at")
    last = 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        last = batch[-1].pk
        yield batch


def write_batch(
    *,
    actor: Actor,
    batch: Sequence[Task],
    verb: str,
    changes: Changes,
    columns: dict[str, Any],
) -> None:
    """Set ``columns`` of locked tasks, as ``changes`` tells, with version and history."""
    now = timezone.now()
    # One moment for all, but for those that a clock running ahead has written.
    moments: dict[dt.datetime, list[int]] = defaultdict(list)
    for task in batch:
        moments[max(now, task.updated_at + _TICK)].append(task.pk)
    for moment, ids in moments.items():
        Task._base_manager.filter(pk__in=ids).update(
            **columns, version=F("version") + 1, updated_at=moment
        )
    HistoryEntry.objects.bulk_create(
        entry(actor=actor, verb=verb, subject=task, changes=changes) for task in batch
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
