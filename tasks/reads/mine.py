"""What somebody has to do, in the order in which it presses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from tasks.actors import Actor
from tasks.clock import today
from tasks.models import Task, TaskPin
from tasks.reads import seen

#: How many tasks of each kind are shown, and up to how many days ahead something is due soon.
SHOWN, SOON = 50, 7


class Few(NamedTuple):
    """The first tasks of a kind, and whether there are more."""

    tasks: Sequence[Task]
    has_more: bool


class Work(NamedTuple):
    """Somebody's open tasks, each once, at the place where it presses most.

    The first three are assigned to them or pinned by them, by their day; ``assigned`` has the
    rest of those assigned, the newest first, ``pinned`` of those pinned. ``pins`` are the keys of
    the tasks among all of these that they have pinned.
    """

    overdue: Few
    today: Few
    soon: Few
    assigned: Few
    pinned: Few
    pins: frozenset[int]


def work_of(actor: Actor, *, with_pins: bool = True) -> Work:
    """The open tasks of ``actor`` in projects that are not archived; at most six queries."""
    day = today()
    ends = [day, day + dt.timedelta(days=1), day + dt.timedelta(days=SOON + 1)]
    spans = list(zip([dt.date.min, *ends], ends, strict=False))
    tasks: Any = seen.tasks(actor)
    open_ones = tasks.active().filter(status__is_completed=None, project__is_archived=False)
    open_ones = open_ones.select_related("project", "status", "priority")
    own = open_ones.filter(assignees__user_id=actor.user_id)
    # In words that no index knows: walking the index of days to find somebody's tasks among all is
    # ten times slower than to sort what they have, and a hundred times where they have none.
    by_day = (Coalesce("due_date", "due_date"), "pk")
    due = [
        _first(own.filter(due_date__gte=first, due_date__lt=end).order_by(*by_day))
        for first, end in spans
    ]
    rest = own.filter(Q(due_date=None) | Q(due_date__gte=ends[-1]))
    assigned = _few(_first(rest.order_by("-assignees__task_created_at", "-pk")))
    if not with_pins:
        overdue, now, soon = map(_few, due)
        return Work(overdue, now, soon, assigned, Few([], has_more=False), frozenset())
    kept = open_ones.filter(pins__user_id=actor.user_id)
    pinned = _first(kept.order_by("-pins__pinned_at", "-pins__pk"))
    overdue, now, soon = (
        _few(_merged(rows, [task for task in pinned if _is_between(task, *span)]))
        for rows, span in zip(due, spans, strict=True)
    )
    elsewhere = {task.pk for task in assigned.tasks}
    others = [
        task
        for task in pinned
        if task.pk not in elsewhere and not _is_between(task, dt.date.min, ends[-1])
    ]
    pins = Few(others[:SHOWN], len(pinned) > SHOWN)
    shown = [task.pk for few in (overdue, now, soon, assigned, pins) for task in few.tasks]
    marked = TaskPin.objects.visible_to(actor).filter(task__in=shown)
    keys = frozenset(marked.order_by().values_list("task_id", flat=True))
    return Work(overdue, now, soon, assigned, pins, keys)


def _first(tasks: QuerySet[Any]) -> list[Task]:
    return list(tasks[: SHOWN + 1])


def _few(tasks: Sequence[Task]) -> Few:
    return Few(tasks[:SHOWN], len(tasks) > SHOWN)


def _is_between(task: Task, first: dt.date, end: dt.date) -> bool:
    return task.due_date is not None and first <= task.due_date < end


def _merged(tasks: Sequence[Task], more: Sequence[Task]) -> list[Task]:
    by_key = {task.pk: task for task in (*tasks, *more)}
    return sorted(by_key.values(), key=lambda task: (task.due_date or dt.date.max, task.pk))
