"""Finding a page: the ids of its rows in order, and how many rows the list has.

Only ids are looked for, in an index wherever there is one: what lies before a far page is never
read. What belongs to the rows is read by the ids: in the same statement where one plan is good for
all values, afterwards elsewhere.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple, Self, TypeVar, cast

from django.db.models import F, Model, QuerySet, Subquery, Window
from django.db.models.expressions import OrderBy
from django.db.models.functions import RowNumber

from tasks.actors import ANYBODY, Actor
from tasks.aggregates import AS_IT_IS, CountAll
from tasks.platform.listing import ListQuery, ListSpec, Total
from tasks.platform.several import AnyOf, Size
from tasks.querysets import is_narrowed
from tasks.reads.reading import Layout, Reading
from tasks.statements import Build, Question, Row, Statement, in_window, seen, window

T = TypeVar("T")

#: The column with the place of a row on its page.
_PLACE = "place"
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


def told_page(
    query: ListQuery,
    actor: Actor,
    reading: Reading[T],
    *,
    total: int | None = None,
    now: dt.datetime | None = None,
    rows: Sequence[Row] | None = None,
) -> tuple[list[T], dict[str, int]]:
    """What is told of the rows of a page, and the list's ``meta``; see ``page_for``.

    Where one plan is good for all, everything comes in one statement. ``rows`` are what it has
    found, where it has been asked already.
    """
    if rows is None:
        question = _question(query, actor, reading, with_total=total is None)
        if question is None:
            page = page_for(query, actor, total=total)
            return reading.some(actor, page.ids, now=now), page.meta
        rows = question.rows()
    start, limit = query.start, query.limit
    if total is None and (0 < len(rows) < (limit or 0) or start == 0 == len(rows)):
        total = start + len(rows)
    elif total is None:
        # Past the end no row tells it.
        total = rows[0][len(reading.layout.columns)] if rows else _finder(query, actor).total()
    return reading.tell(rows, now=now), _meta(total, limit, query.page)


def question_of(query: ListQuery, reading: Reading[Any]) -> Question | None:
    """The one statement of a page, where it asks the same for everybody."""
    if is_narrowed() or query.column in query.spec.nullable:
        return None
    return _question(query, ANYBODY, reading, with_total=True)


def _question(
    query: ListQuery, actor: Actor, reading: Reading[Any], *, with_total: bool
) -> Question | None:
    shape = ListShape.of(query)
    start, limit = query.start, query.limit
    is_told = not with_total or shape.is_total_told
    is_at_once = shape.is_one_statement and is_told and not query.is_impossible
    if limit is None or start >= FAR or not is_at_once:
        return None
    rows = query.spec.of_everything
    statement = seen(rows, actor, _told, shape, reading.layout, with_total)
    return Question(statement, query.values, (start, start + limit), numbered_by=_PLACE)


def page_for(query: ListQuery, actor: Actor, *, total: int | None = None) -> Page:
    """The page of all that the list is of, as far as ``actor`` may see it; see ``page_of``."""
    return _finder(query, actor).page(total)


def page_of(query: ListQuery, rows: QuerySet[Any], *, total: int | None = None) -> Page:
    """The page of these rows; ``total`` is how many match, where that is known already."""
    shape = ListShape.of(query)
    return _Finder(
        query, shape, lambda build: Statement(build(rows, shape), using=rows.db, is_steady=False)
    ).page(total)


def _finder(query: ListQuery, actor: Actor) -> _Finder:
    rows, shape = query.spec.of_everything, ListShape.of(query)
    return _Finder(
        query, shape, lambda build: seen(rows, actor, build, shape, is_steady=shape.is_steady)
    )


class _Finder:
    """Asks for one page of a list: in one statement, unless it is a far one.

    ``ask`` makes the statement of rows and of the shape of the query.
    """

    def __init__(
        self, query: ListQuery, shape: ListShape, ask: Callable[[Build], Statement]
    ) -> None:
        self._query = query
        self._shape = shape
        self._ask = ask

    def page(self, total: int | None) -> Page:
        """The page; ``total`` is how many rows there are, where that is known already."""
        limit, number, start = self._query.limit, self._query.page, self._query.start
        if self._query.is_impossible:
            return Page([], _meta(0, limit, number))
        if limit is None:
            ids = [row[0] for row in self._ask(_ids).rows(self._query.values)]
            return Page(ids, _meta(len(ids), limit, number))
        if total is None and start < FAR:
            ids, total = self._near(start, start + limit)
        else:
            total = self.total() if total is None else total
            ids = self._far(start, start + limit, total)
        return Page(ids, _meta(total, limit, number))

    def _near(self, start: int, stop: int) -> tuple[list[Any], int]:
        is_told = self._shape.is_total_told
        rows = self._window(_some_ids_and_total if is_told else _some_ids, start, stop)
        ids = [row[0] for row in rows]
        # A page that is not full tells how many there are, and nothing need be counted.
        if 0 < len(ids) < stop - start or start == 0 == len(ids):
            return ids, start + len(ids)
        return ids, rows[0][1] if ids and is_told else self.total()

    def _far(self, start: int, stop: int, total: int) -> list[Any]:
        if start >= total:
            return []
        if start <= max(total // 2, FAR):
            return [row[0] for row in self._window(_some_ids, start, stop)]
        rows = self._window(_some_ids_backwards, max(0, total - stop), total - start)
        return [row[0] for row in reversed(rows)]

    def total(self) -> int:
        """How many rows there are."""
        rows = self._ask(_number).rows(self._query.values)
        return rows[0][0] if rows else 0

    def _window(self, build: Build, start: int, stop: int) -> Sequence[Row]:
        return self._ask(build).rows(self._query.values, window=(start, stop))


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
        is_default = self.column == self.spec.default_sort and not self.has_several
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
                (self.path, self.column in self.spec.nullable),
                ("pk", False),
            )
        ]

    @property
    def is_one_statement(self) -> bool:
        """Whether a page and all that is told of it are asked for at once."""
        return self.is_steady and not is_narrowed()

    @property
    def model(self) -> type[Model]:
        """What is listed."""
        return _model_of(self.spec)

    @property
    def is_total_told(self) -> bool:
        """Whether the total comes with the page: from sums, or since there is little to count."""
        return not self.spec.is_large or self.total is not None

    @property
    def total(self) -> Total | None:
        """What knows the number without counting the rows; where a site narrows, nothing does."""
        if is_narrowed():
            return None
        names = [name for name, _ in self.names]
        return next((total for total in self.spec.totals if total.tells(names)), None)

    @property
    def has_several(self) -> bool:
        """Whether a filter has several values."""
        return any(isinstance(variant, Size | AnyOf) for _, variant in self.names)

    @property
    def path(self) -> str:
        """What the rows are sorted by."""
        for name, variant in self.names:
            orders = self.spec.filters[name].orders
            if self.column in orders and not isinstance(variant, Size):
                return orders[self.column]
        return self.column


def _ids(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    return shape.matching(rows).order_by(*shape.ordering()).values_list("pk")


def _some_ids(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    return window(_ids(rows, shape))


def _some_ids_backwards(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    backwards = shape.matching(rows).order_by(*shape.ordering(backwards=True))
    return window(backwards.values_list("pk"))


def _some_ids_and_total(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    return window(_with_total(_ids(rows, shape), rows, shape).values_list("pk", "total"))


def _told(
    rows: QuerySet[Any], shape: ListShape, layout: Layout, with_total: bool
) -> QuerySet[Any, Any]:
    order = shape.ordering()
    # Numbered, since a date by which rows are sorted would take long to read.
    place = Window(RowNumber(), order_by=order, output_field=AS_IT_IS)
    on_page = rows.filter(in_window(_some_ids(rows, shape)))
    chosen: QuerySet[Any, Any] = on_page.annotate(**{_PLACE: place}).order_by(_PLACE)
    if not with_total:
        return chosen.values_list(*layout.columns, _PLACE)
    return _with_total(chosen, rows, shape).values_list(*layout.columns, "total", _PLACE)


def _with_total(
    chosen: QuerySet[Any, Any], rows: QuerySet[Any], shape: ListShape
) -> QuerySet[Any, Any]:
    both: QuerySet[Any, Any] = chosen.annotate(
        total=Subquery(_number(rows, shape), output_field=AS_IT_IS)
    )
    return both


def _number(rows: QuerySet[Any], shape: ListShape) -> QuerySet[Any, Any]:
    if shape.total is not None:
        return shape.total.of(shape.values())
    counted = shape.matching(rows).order_by().annotate(number=CountAll()).values_list("number")
    return cast("QuerySet[Any, Any]", counted)


@cache
def _model_of(spec: ListSpec) -> type[Model]:
    return spec.of_everything(ANYBODY).model


def _meta(total: int, limit: int | None, number: int) -> dict[str, int]:
    per_page = max(1, total) if limit is None else limit
    return {
        "current_page": number,
        "per_page": per_page,
        "total": total,
        "last_page": max(1, -(-total // per_page)),
    }
