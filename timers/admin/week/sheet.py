"""The table: rows of people, projects and tasks, their days, and what they come to.

All is added up by the database; however many entries a week has, its rows that are read are
``SHOWN`` at most, and the totals are of all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from tasks.people import user_model
from timers.admin.week.asked import Asked, Cell
from timers.admin.week.names import Names
from timers.clock import clock

#: How many rows a page shows.
SHOWN = 200
#: How many running timers a page shows.
RUNNING = 50
_PERSON, _PROJECT, _CLIENT, _TASK = (
    "user_id",
    "task__project_id",
    "task__project__client_id",
    "task_id",
)
#: What rows are put together by, for each group: the column first that tells groups apart.
_KEYS: Mapping[str, Sequence[str]] = {
    "person": (_PERSON, _PROJECT),
    "project": (_PROJECT, _PERSON),
    "client": (_CLIENT, _PROJECT, _PERSON),
}


@dataclass(slots=True)
class Line:
    """A row of the table: its days' seconds, and all of them."""

    keys: Mapping[str, Any]
    days: Sequence[int]
    running: set[dt.date] = field(default_factory=set)

    @property
    def total(self) -> int:
        """The seconds of all days."""
        return sum(self.days)


@dataclass(slots=True)
class Group:
    """Rows with a heading, and what all of its rows come to, the unshown ones too."""

    heading: str
    url: str | None
    days: Sequence[int]
    lines: list[Line] = field(default_factory=list)

    @property
    def total(self) -> int:
        """The seconds of all days."""
        return sum(self.days)


class Sheet:
    """What the page shows of a week."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.days = asked.week.days
        keys = _KEYS[asked.group]
        self._group_key = keys[0]
        self._keys = (*keys, _TASK) if asked.has_tasks else keys
        rows = asked.of_week()
        lines = [self._line(row, self._keys) for row in self._summed(rows, self._keys)]
        self.has_more = len(lines) > SHOWN
        self.lines = lines[:SHOWN]
        totals = [self._line(row, keys[:1]) for row in self._summed(rows, keys[:1])]
        self._totals = {line.keys[self._group_key]: line.days for line in totals}
        self.by_day = self._by_day(rows)
        self._running = self._running_rows(rows)
        self._mark()

    @property
    def total(self) -> int:
        """The seconds of the week."""
        return sum(self.by_day)

    def name_all(self, *, people: Sequence[Any], projects: Sequence[Any]) -> Names:
        """The names of all that is shown, and of these people and projects besides."""
        running = self._running
        self.names = Names(
            self.asked.actor,
            people=[*people, *self._all(_PERSON), *(timer.user_id for timer in running)],
            projects=[*projects, *self._all(_PROJECT), *(one.task.project_id for one in running)],
            tasks=self._all(_TASK),
        )
        return self.names

    def groups(self) -> list[Group]:
        """The rows under their headings."""
        groups: dict[Any, Group] = {}
        for line in self.lines:
            key = line.keys[self._group_key]
            if key not in groups:
                nothing = [0] * len(self.days)
                _kind, name, url = self._told(self._group_key, key)
                groups[key] = Group(name, url, self._totals.get(key, nothing))
            groups[key].lines.append(line)
        return list(groups.values())

    def label(self, line: Line) -> list[tuple[str, str, str | None]]:
        """What a row is called beside its heading: kinds, names, and the address of that alone."""
        return [self._told(key, line.keys[key]) for key in self._keys[1:]]

    def cell(self, line: Line, day: dt.date) -> Cell:
        """The cell of a row on a day."""
        return Cell(day, line.keys[_PERSON], line.keys[_PROJECT], line.keys.get(_TASK))

    def running(self) -> list[dict[str, Any]]:
        """The timers that run."""
        now = timezone.now()
        return [
            {
                "person": self.names.person(timer.user_id),
                "project": self.names.project(timer.task.project_id),
                "task": timer.task.title,
                "seconds": str(timer.seconds_at(now)),
                "clock": clock(timer.seconds_at(now)),
                "day": timer.work_date,
            }
            for timer in self._running
        ]

    def _all(self, key: str) -> list[Any]:
        return [line.keys.get(key) for line in self.lines]

    def _told(self, key: str, value: Any) -> tuple[str, str, str | None]:
        names = self.names
        kind, name, known = {
            _PERSON: ("person", names.person, names.people),
            _PROJECT: ("project", names.project, names.projects),
            _CLIENT: ("client", names.client, names.clients),
            _TASK: ("task", names.task, {}),
        }[key]
        return kind, name(value), self.asked.link(**{kind: value}) if value in known else None

    def _summed(self, rows: QuerySet[Any], keys: Sequence[str]) -> QuerySet[Any, Any]:
        login: str = user_model().USERNAME_FIELD  # type: ignore[attr-defined]  # every user model has it
        order = {
            _PERSON: (f"user__{login}", _PERSON),
            _PROJECT: ("task__project__folded_title", _PROJECT),
            _CLIENT: ("task__project__client__folded_name", _CLIENT),
            _TASK: ("task__folded_title", _TASK),
        }
        sums = {
            f"day_{number}": Sum("seconds", filter=Q(work_date=day))
            for number, day in enumerate(self.days)
        }
        summed = rows.values(*keys).annotate(**sums)
        found: QuerySet[Any, Any] = summed.order_by(*(name for key in keys for name in order[key]))
        return found[: SHOWN + 1]

    def _line(self, row: Mapping[str, Any], keys: Sequence[str]) -> Line:
        days = [int(row[f"day_{number}"] or 0) for number in range(len(self.days))]
        return Line({key: row[key] for key in keys}, days)

    def _by_day(self, rows: QuerySet[Any]) -> list[int]:
        found = rows.values_list("work_date").annotate(total=Sum("seconds"), entries=Count("pk"))
        totals = {day: (int(total), entries) for day, total, entries in found}
        self.entries = sum(entries for _total, entries in totals.values())
        return [totals.get(day, (0, 0))[0] for day in self.days]

    def _running_rows(self, rows: QuerySet[Any]) -> list[Any]:
        running = rows.filter(is_running=True).select_related("task").order_by("started_at", "pk")
        return list(running[:RUNNING])

    def _mark(self) -> None:
        where = {
            (timer.user_id, timer.task.project_id, *((timer.task_id,) * self.asked.has_tasks)): (
                timer.work_date
            )
            for timer in self._running
        }
        for line in self.lines:
            key: tuple[Any, ...] = (line.keys[_PERSON], line.keys[_PROJECT])
            if self.asked.has_tasks:
                key = (*key, line.keys[_TASK])
            if key in where:
                line.running.add(where[key])
