"""The columns of a board: which cards each begins with, and how many there are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, Max, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from tasks.admin.board.filters import BoardFilters
from tasks.admin.task_list.row_filters import ProjectFilter
from tasks.database import alias, connection
from tasks.models import HistoryEntry, Task, TaskStatus, TaskTally, WorkflowTally
from tasks.querysets import is_narrowed
from tasks.statements import in_window

#: How many cards a column shows before more are asked for, and how many are kept up to date.
FIRST, MOST = 50, 500
#: How many cards of a column are looked at for those that pass, where they may be far between.
_WALK = 3000
#: How many of the latest entries of the history are counted.
_LATEST = 1000
_CURSOR = re.compile(r"(\d{1,18})\.(-?\d{1,18})\.(\d{1,18})", re.ASCII)
_SHOWN = re.compile(r"(\d{1,18})\.(\d{1,6})", re.ASCII)


class Cursor(NamedTuple):
    """The card of a status after which a column goes on."""

    status: int
    position: int
    pk: int

    @classmethod
    def read(cls, text: str) -> Cursor | None:
        """From the address of a page; None for what is none."""
        found = _CURSOR.fullmatch(text)
        return None if found is None else cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.status}.{self.position}.{self.pk}"


class Place(NamedTuple):
    """Where a card stands."""

    status: int
    position: int
    pk: int


@dataclass(slots=True)
class Column:
    """A status with the first of its cards; ``more`` is where the others begin."""

    status: TaskStatus
    places: list[Place] = field(default_factory=list)
    cards: list[Any] = field(default_factory=list)
    count: int | None = None
    more: Cursor | None = None
    more_query: str = ""
    form: Any = None
    is_continued: bool = False


def read_shown(text: str) -> dict[int, int]:
    """How many cards of each status a page shows, as our script says it."""
    return {int(pk): min(int(count), MOST) for pk, count in _SHOWN.findall(text)}


def columns_of(
    tasks: QuerySet[Any],
    statuses: Iterable[TaskStatus],
    filters: BoardFilters,
    *,
    shown: Mapping[int, int] | None = None,
    start: Cursor | None = None,
) -> list[Column]:
    """The columns with the places of their first cards.

    A task that is searched by its number leads its column, whatever its position: that takes a
    query more.
    """
    if filters.number is None:
        return _columns(tasks, statuses, filters, shown, start)
    others = tasks.exclude(pk=filters.number)
    columns = _columns(others, statuses, filters, shown, start)
    if start is None:
        found = tasks.filter(pk=filters.number).values_list("status_id", "position", "pk")
        for place in (Place(*row) for row in found):
            for column in columns:
                if column.status.pk == place.status:
                    column.places.insert(0, place)
    return columns


def _columns(
    tasks: QuerySet[Any],
    statuses: Iterable[TaskStatus],
    filters: BoardFilters,
    shown: Mapping[int, int] | None,
    start: Cursor | None,
) -> list[Column]:
    """The columns with the places of their first cards, in two queries however many they are.

    Each is a walk of its own along the index (status, position, id), which stops when it has
    enough. Where the tasks are few among all, all of them are read instead, once; where they may be
    far between, so are those that a walk has not found in the end.
    """
    columns = {status.pk: Column(status) for status in statuses}
    limits = {pk: max(FIRST, (shown or {}).get(pk, 0)) for pk in columns}
    if start is not None and start.status in columns:
        columns[start.status].is_continued = True
        after = Q(position__gt=start.position) | Q(position=start.position, pk__gt=start.pk)
        tasks = tasks.filter(~Q(status_id=start.status) | after)
    places: list[Place] = []
    if not filters.is_few:
        near = _near if filters.is_sparse else _first
        places = _together(near(tasks, pk, limit + 1, start) for pk, limit in limits.items())
    if filters.is_few or filters.is_sparse:
        found = Counter(place.status for place in places)
        rest = {pk: limit for pk, limit in limits.items() if found[pk] <= limit}
        places = [place for place in places if place.status not in rest] + _numbered(tasks, rest)
    for place in sorted(places):
        columns[place.status].places.append(place)
    for pk, column in columns.items():
        if len(column.places) > limits[pk]:
            del column.places[limits[pk] :]
            column.more = Cursor(*column.places[-1])
    return list(columns.values())


def _first(
    tasks: QuerySet[Any], status: int, number: int, start: Cursor | None
) -> QuerySet[Any, Any]:
    rows = tasks.filter(status_id=status)
    if start is not None and start.status == status:
        # Where an index is entered.
        rows = rows.filter(position__gte=start.position)
    ordered = rows.order_by("position", "pk")
    return ordered.values_list("status_id", "position", "pk")[:number]


def _near(
    tasks: QuerySet[Any], status: int, number: int, start: Cursor | None
) -> QuerySet[Any, Any]:
    every = _first(Task._base_manager.all(), status, _WALK, start).values("pk")
    return _first(tasks.filter(in_window(every)), status, number, start)


def _numbered(tasks: QuerySet[Any], limits: Mapping[int, int]) -> list[Place]:
    if not limits:
        return []
    most = max(limits.values())
    tasks = tasks.filter(status_id__in=list(limits))
    number = Window(RowNumber(), partition_by="status_id", order_by=("position", "pk"))
    rows = tasks.order_by().annotate(number=number).filter(number__lte=most + 1)
    return [Place(*row) for row in rows.values_list("status_id", "position", "pk")]


def _together(parts: Iterable[QuerySet[Any, Any]]) -> list[Place]:
    # Not by union(): SQLite takes no part with an order or a limit, but for one inside a FROM.
    statements, values = [], []
    for number, rows in enumerate(parts):
        try:
            sql, given = rows.query.get_compiler(using=alias()).as_sql()
        except EmptyResultSet:
            continue
        statements.append(f"SELECT * FROM ({sql}) part{number}")  # noqa: S608 (the ORM's own)
        values.extend(given)
    if not statements:
        return []
    with connection().cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        return [Place(*row) for row in cursor.fetchall()]


def count_columns(columns: Iterable[Column], filters: BoardFilters) -> None:
    """How many active tasks each status has, from sums alone; nothing where one would count."""
    query = filters.query
    if is_narrowed() or query.keys() - {ProjectFilter.parameter}:
        return
    rows: QuerySet[Any]
    if query:
        if filters.project is None:
            return
        rows = TaskTally._base_manager.filter(project_id=filters.project.pk)
    else:
        rows = WorkflowTally._base_manager.all()
    sums = rows.filter(is_archived=False).values("status_id").annotate(number=Sum("tasks"))
    counts = dict(sums.order_by().values_list("status_id", "number"))
    for column in columns:
        column.count = counts.get(column.status.pk, 0)


def stamp_of(*about: object) -> str:
    """What changes with all that a board shows: a look at the end of one index.

    Every write of a service adds to the history, a move within a column too. Who began to write
    before the newest entry may be done after it: their entries come in among the latest ones, so
    these are counted as well.
    """
    entries = HistoryEntry._base_manager.order_by()
    newest = entries.aggregate(newest=Max("id"))["newest"] or 0
    latest = entries.filter(pk__gt=newest - _LATEST).aggregate(number=Count("id"))["number"]
    return sha256(repr((newest, latest, *about)).encode()).hexdigest()[:32]
