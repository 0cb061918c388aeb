"""How time entries are added up, for every door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, QuerySet, Sum, Value

from tasks.actors import Actor
from timers.models import Timer, TimeTally, seconds_between


def entries(actor: Actor) -> QuerySet[Any]:
    """The time entries that an actor may see."""
    return Timer.objects.visible_to(actor)


class TimeTotals(NamedTuple):
    """How many entries, and how many seconds, of running timers those so far."""

    entries: int
    seconds: int

    @classmethod
    def of(cls, rows: Iterable[tuple[Any, ...]], *, now: dt.datetime) -> TimeTotals:
        """What the rows of ``time_sums`` come to."""
        entries = seconds = 0
        for _, count, time, started_at in rows:
            entries += count
            seconds += int(time) if started_at is None else seconds_between(started_at, now)
        return cls(int(entries), seconds)


def time_sums(
    timers: QuerySet[Timer], *, counted: QuerySet[TimeTally] | None = None
) -> QuerySet[Any, Any]:
    """Rows for ``TimeTotals``; ``counted`` is where entries that have stopped are counted ahead.

    One statement, so that a timer that stops meanwhile is counted once, either way.
    """
    running = timers.filter(is_running=True).order_by()
    summed: QuerySet[Any, Any]
    if counted is None:
        summed = timers.filter(is_running=None).order_by().values_list("is_invoiced")
        summed = summed.annotate(total_entries=Count("pk"), total_seconds=Sum("seconds"))
    else:
        summed = counted.order_by().values_list("is_invoiced")
        summed = summed.annotate(total_entries=Sum("entries"), total_seconds=Sum("seconds"))
    nothing = Value(None, output_field=DateTimeField())
    rows: Any = running.values_list("is_invoiced", Value(1), Value(0), "started_at")
    both: QuerySet[Any, Any] = rows.union(summed.annotate(runs_since=nothing), all=True)
    return both.order_by()


def running_timer_of(actor: Actor) -> Timer | None:
    """The timer that the actor's user has running on a task in sight, with the task."""
    rows = entries(actor).filter(user_id=actor.user_id, is_running=True)
    timer: Timer | None = rows.select_related("task").order_by().first()
    return timer
