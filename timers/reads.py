"""How time entries are read and added up, for every door."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

from django.db.models import Count, DateTimeField, F, QuerySet, Sum, Value

from tasks import conf
from timers.models import Timer, TimeTally, seconds_between


class TimeTotals(NamedTuple):
    """How many entries, and how many seconds, of running timers those so far."""

    entries: int
    seconds: int


def with_projects(timers: QuerySet[Timer]) -> QuerySet[Any]:
    """The entries, each with the ids of its project and its client."""
    return timers.annotate(
        project_id=F("task__project_id"), client_id=F("task__project__client_id")
    )


def may_ask_the_tally() -> bool:
    """Whether totals are the same for everybody: a site that narrows has its own for each."""
    return conf.hook("VISIBLE_TO") is None


def time_totals(
    timers: QuerySet[Timer], *, now: dt.datetime, counted: QuerySet[TimeTally] | None = None
) -> TimeTotals:
    """The totals of these entries; ``counted`` is where those that have stopped are counted ahead.

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
    entries = seconds = 0
    both = rows.union(summed.annotate(runs_since=nothing), all=True).order_by()
    for _, count, time, started_at in both:
        entries += count
        seconds += int(time) if started_at is None else seconds_between(started_at, now)
    return TimeTotals(int(entries), seconds)
