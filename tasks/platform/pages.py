"""Finding a page: the ids of its rows in order, and how many rows the list has.

Only ids are looked for, in an index wherever there is one: what lies before a far page is never
read. What belongs to the rows is read by the ids, afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Self, cast

from django.db.models import F, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from tasks.actors import Actor
from tasks.aggregates import AS_IT_IS, CountAll
from tasks.platform.listing import ListQuery, ListSpec, Total
from tasks.querysets import is_narrowed
from tasks.statements import Build, Row, Statement, seen

#: From here on it pays to know the total first, and to read from the nearer end.
FAR = 1000


@dataclass(frozen=True, slots=True)
class Page:
    """The primary keys of a page's rows, in order, and the list's ``meta``."""

    ids: list[Any]
    meta: dict[str, int]

    def of(self, rows: QuerySet[Any]) -> list[Any]:
        """The instances among these rows that are on the page, in its order."""
        found = rows.in_bulk(self.ids)
        return [found[pk] for pk in self.ids if pk in found]


def page_for(query: ListQuery, actor: Actor, *, total: int | None = None) -> Page:
    """The page of all that the list is of, as far as ``actor`` may see it; see ``page_of``."""
    rows, shape = query.spec.of_everything, ListShape.of(query)

    def ask(build: Build, *, is_windowed: bool = False) -> Statement:
        steady = shape.is_steady
        return seen(rows, actor, build, shape, is_windowed=is_windowed, is_steady=steady)

    return _Finder(query, shape, ask).page(total)


def page_of(query: ListQuery, rows: QuerySet[Any], *, total: int | None = None) -> Page:
    """The page of these rows; ``total`` is how many match, where that is known already."""
    shape = ListShape.of(query)

    def ask(build: Build, *, is_windowed: bool = False) -> Statement:
        asked = build(rows, shape)
        return Statement(asked, using=rows.db, is_windowed=is_windowed, is_steady=False)

    return _Finder(query, shape, ask).page(total)


class _Finder:
    """Asks for one page of a list: in one statement, unless it is a far one.

    ``ask`` makes the statement of rows and of the shape of the query.
    """

    def __init__(self, query: ListQuery, shape: ListShape, ask: Callable[..., Statement]) -> None:
        self._query = query
        self._shape = shape
        self._ask = ask

    def page(self, total: int | None) -> Page:
        limit, number = self._query.limit, self._query.page
        if self._query.is_impossible:
            return _page([], 0, limit, number)
        if limit is None:
            ids = [row[0] for row in self._ask(_ids).rows(self._query.values)]
            return _page(ids, len(ids), limit, number)
        start = (number - 1) * limit
        if total is None and start < FAR:
            ids, total = self._near(start, start + limit)
            return _page(ids, total, limit, number)
        if total is None:
            total = self._total()
        return _page(self._far(start, start + limit, total), total, limit, number)

    def _near(self, start: int, stop: int) -> tuple[list[Any], int]:
        is_told = self._shape.total is not None
        rows = self._window(_ids_and_total if is_told else _ids, start, stop)
        ids = [row[0] for row in rows]
        # A page that is not full tells how many there are, and nothing need be counted.
        if 0 < len(ids) < stop - start or start == 0 == len(ids):
            return ids, start + len(ids)
        return ids, rows[0][1] if ids and is_told else self._total()

    def _far(self, start: int, stop: int, total: int) -> list[Any]:
        if start >= total:
            return []
        if start <= max(total // 2, FAR):
            return [row[0] for row in self._window(_ids, start, stop)]
        rows = self._window(_ids_backwards, max(0, total - stop), total - start)
        return [row[0] for row in reversed(rows)]

    def _total(self) -> int:
        rows = self._ask(_number).rows(self._query.values)
        return rows[0][0] if rows else 0

    def _window(self, build: Build, start: int, stop: int) -> Sequence[Row]:
        found = self._ask(build, is_windowed=True)
        return found.rows(self._query.values, window=(start, stop))


class ListShape(NamedTuple):
    """What a page is asked for, but for values: the same for requests that differ in nothing else.

    ``names`` are those of the filters that were sent, each with the variant of its value.
    """

    spec: ListSpec
    names: tuple[tuple[str, Hashable], ...]
    column: str
    descending: bool

    @classmethod
    def of(cls, query: ListQuery) -> Self:
        """The shape of a request."""
        filters = query.spec.filters
        names = tuple((name, filters[name].variant(v)) for name, v in query.values.items())
        return cls(query.spec, names, query.column, query.descending)

    @property
    def is_steady(self) -> bool:
        """Whether one plan is good for all values: an index begins with all that is asked for."""
        if not self.names:
            return True
        is_default = self.column == self.spec.default_sort
        return len(self.names) == 1 and is_default and self.spec.filters[self.names[0][0]].is_steady

    def values(self) -> dict[str, Any]:
        """The constants, and parameters for all other values."""
        filters = self.spec.filters
        return {name: filters[name].stand_in(name, variant) for name, variant in self.names}

    def matching(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that match all filters."""
        filters = self.spec.filters
        return rows.filter(*[filters[name].condition(v) for name, v in self.values().items()])

    def ordering(self, *, backwards: bool = False) -> list[OrderBy]:
        """Nulls last in both directions; ties by id in the same one."""
        return [
            OrderBy(
                F(path),
                descending=self.descending is not backwards,
                nulls_last=(is_nullable and not backwards) or None,
                nulls_first=(is_nullable and backwards) or None,
            )
            for path, is_nullable in (
                (self._path, self.column in self.spec.nullable),
                ("pk", False),
            )
        ]

    @property
    def total(self) -> Total | None:
        """What knows the number without counting the rows; where a site narrows, nothing does."""
        if is_narrowed():
            return None
        names = [name for name, _ in self.names]
        return next((total for total in self.spec.totals if total.tells(names)), None)

    @property
    def _path(self) -> str:
        for name, _ in self.names:
            orders = self.spec.filters[name].orders
            if self.column in orders:
                return orders[self.column]
        return self.column


def _ids(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    return shape.matching(rows).order_by(*shape.ordering()).values_list("pk")


def _ids_backwards(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    return shape.matching(rows).order_by(*shape.ordering(backwards=True)).values_list("pk")


def _ids_and_total(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    total = Subquery(_number(rows, shape), output_field=AS_IT_IS)
    both: QuerySet[Any, Any] = _ids(rows, shape).annotate(total=total).values_list("pk", "total")
    return both


def _number(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    if shape.total is not None:
        return shape.total.of(shape.values())
    counted = shape.matching(rows).order_by().annotate(number=CountAll()).values_list("number")
    return cast("QuerySet[Any, Any]", counted)


def _page(ids: list[Any], total: int, limit: int | None, number: int) -> Page:
    per_page = max(1, total) if limit is None else limit
    return Page(
        ids,
        {
            "current_page": number,
            "per_page": per_page,
            "total": total,
            "last_page": max(1, -(-total // per_page)),
        },
    )
