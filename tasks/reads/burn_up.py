"""How the tasks of a project came to be and were completed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, NamedTuple

from django.db.models import Case, Count, IntegerField, Min, QuerySet, Value, When

from tasks.actors import Actor
from tasks.clock import day_of, start_of
from tasks.models import Task


class BurnUp(NamedTuple):
    """How many tasks there were by the end of each of some days, and how many were completed."""

    days: Sequence[dt.date]
    created: Sequence[int]
    completed: Sequence[int]


def tasks_of(actor: Actor, project_id: int) -> QuerySet[Any]:
    """A project's tasks that somebody sees, the archived ones too: they were done as well."""
    return Task.objects.visible_to(actor).filter(project_id=project_id).order_by()


def first_day(tasks: QuerySet[Any]) -> dt.date | None:
    """The day on which the first of them was made."""
    first = tasks.aggregate(first=Min("created_at"))["first"]
    return None if first is None else day_of(first)


def burn_up(tasks: QuerySet[Any], days: Sequence[dt.date]) -> BurnUp:
    """The tasks by these days, in two queries; what is of later counts for the last one.

    The moments at which the days end are worked out here: not every database knows the zone.
    """
    created = _by(tasks, "created_at", days)
    completed = _by(tasks.filter(completed_at__isnull=False), "completed_at", days)
    return BurnUp(days, created, completed)


def _by(tasks: QuerySet[Any], column: str, days: Sequence[dt.date]) -> list[int]:
    ends = [start_of(day + dt.timedelta(days=1)) for day in days[:-1]]
    whens = [When(**{f"{column}__lt": end}, then=Value(place)) for place, end in enumerate(ends)]
    place = Case(*whens, default=Value(len(ends)), output_field=IntegerField())
    rows = tasks.annotate(place=place).values_list("place").annotate(count=Count("pk"))
    counts = dict(rows)
    return list(accumulate(counts.get(number, 0) for number in range(len(days))))
