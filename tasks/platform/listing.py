"""Lists: filters, search, sorting and paging, declared once and parsed without a form.

All parameters are checked together, so that a request learns of all its mistakes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict

from tasks.people import BIGGEST_ID, ids_are_integers, parse_integer, parse_user_id, storable
from tasks.platform import wording
from tasks.platform.errors import InvalidInput
from tasks.platform.timestamps import parse_day

DEFAULT_LIMIT = 25
MAX_LIMIT = 100

#: A condition, or None where no row can match.
Condition: TypeAlias = Q | None


class BadParameter(ValueError):
    """A parameter's value is wrong; carries the wording."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter that narrows a list; ``lookup`` is the ORM's."""

    lookup: str

    def condition(self, value: str) -> Condition:
        """The condition that ``value`` stands for. Raises ``BadParameter``."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class IdFilter(Filter):
    """An integer; one that no column can hold matches nothing."""

    def condition(self, value: str) -> Condition:
        number = parse_integer(value)
        if number is None:
            raise BadParameter(wording.INTEGER)
        return Q(**{self.lookup: number}) if number <= BIGGEST_ID else None


@dataclass(frozen=True, slots=True)
class UserFilter(Filter):
    """A person's id, in the form of the site's user model."""

    def condition(self, value: str) -> Condition:
        user_id = parse_user_id(value)
        if user_id is None:
            raise BadParameter(wording.INTEGER if ids_are_integers() else wording.PERSON)
        return Q(**{self.lookup: user_id}) if storable(user_id) else None


@dataclass(frozen=True, slots=True)
class DateFilter(Filter):
    """A day, ``YYYY-MM-DD``."""

    def condition(self, value: str) -> Condition:
        day = parse_day(value)
        if day is None:
            raise BadParameter(wording.DATE)
        return Q(**{self.lookup: day})


@dataclass(frozen=True, slots=True)
class ChoiceFilter(Filter):
    """One of the documented words, each standing for a value of the column."""

    choices: Mapping[str, Any]

    def condition(self, value: str) -> Condition:
        if value not in self.choices:
            raise BadParameter(wording.SELECTED)
        return Q(**{self.lookup: self.choices[value]})


@dataclass(frozen=True, slots=True)
class SearchFilter(Filter):
    """Text anywhere in a casefolded column, every character literal.

    What is longer than the column, ``longest``, matches nothing: SQLite refuses long patterns.
    """

    longest: int

    def condition(self, value: str) -> Condition:
        if "\x00" in value:
            raise BadParameter(wording.CHARACTERS)
        folded = value.casefold()
        return Q(**{f"{self.lookup}__contains": folded}) if len(folded) <= self.longest else None


@dataclass(frozen=True, slots=True)
class ListSpec:
    """What a list takes: filters and sorts by wire name, and how it is sorted without any.

    Without ``sorts`` the list has one order, and ``sort`` and ``order`` are not among its
    parameters. ``default_descending`` is the order where none is asked for; where a list is sorted
    by what was asked for, ``sorted_descending`` says otherwise. ``whole`` makes a request with
    neither ``page`` nor ``limit`` one for everything.
    """

    filters: Mapping[str, Filter]
    sorts: Mapping[str, str]
    default_sort: str
    default_descending: bool = True
    sorted_descending: bool | None = None
    nullable: frozenset[str] = frozenset()
    whole: bool = False

    def parse(self, parameters: QueryDict) -> ListQuery:
        """The query that the parameters ask for. Raises ``InvalidInput`` with all errors."""
        # Of a repeated parameter the last counts, and an empty one counts as absent.
        given = {name: str(value) for name, value in parameters.items() if value != ""}
        errors: dict[str, list[str]] = {}
        conditions: dict[str, Condition] = {}

        def read(name: str, parse: Callable[[str], Any], default: Any) -> Any:
            if name not in given:
                return default
            try:
                return parse(given[name])
            except BadParameter as error:
                errors[name] = [str(error).format(name=wording.spoken(name))]
                return default

        for name, filter_ in self.filters.items():
            if name in given:
                conditions[name] = read(name, filter_.condition, None)
        column, descending = self.default_sort, self.default_descending
        if self.sorts:
            column = read("sort", self._column, column)
            if "sort" in given and self.sorted_descending is not None:
                descending = self.sorted_descending
            descending = read("order", _descending, descending)
        everything = self.whole and given.keys().isdisjoint({"page", "limit"})
        limit = read("limit", _positive, None if everything else DEFAULT_LIMIT)
        page = read("page", _positive, 1)
        if errors:
            raise InvalidInput(errors)
        return ListQuery(
            conditions=conditions,
            ordering=self._ordering(column, descending=descending),
            limit=None if limit is None else min(limit, MAX_LIMIT),
            page=page,
        )

    def _column(self, name: str) -> str:
        if name not in self.sorts:
            raise BadParameter(wording.SELECTED)
        return self.sorts[name]

    def _ordering(self, column: str, *, descending: bool) -> list[OrderBy]:
        # Nulls last in both directions; ties by id in the same one.
        nulls_last = True if column in self.nullable else None
        return [
            OrderBy(
                F(name), descending=descending, nulls_last=nulls_last if name == column else None
            )
            for name in (column, "pk")
        ]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A parsed request for a page of a list; a ``limit`` of None is for everything.

    ``conditions`` are those of the filters that were sent, by their wire names.
    """

    conditions: Mapping[str, Condition]
    ordering: Sequence[OrderBy]
    limit: int | None
    page: int

    def matching(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The rows that match every filter."""
        conditions = [*self.conditions.values()]
        if None in conditions:
            return rows.none()
        return rows.filter(*[condition for condition in conditions if condition is not None])

    def page_of(
        self, rows: QuerySet[Any], *, total: int | None = None
    ) -> tuple[QuerySet[Any], dict[str, int]]:
        """The page's rows, in order, and the list's ``meta``.

        ``total`` is how many match, where that is known; they are counted otherwise.
        """
        matching = self.matching(rows)
        total = matching.count() if total is None else total
        limit = max(1, total) if self.limit is None else self.limit
        start = (self.page - 1) * limit
        meta = {
            "current_page": self.page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        }
        if start >= total:
            return rows.none(), meta
        ordered = matching.order_by(*self.ordering)
        if self.limit is None:
            return ordered, meta
        # The ids first, from an index: what lies before a far page need not be read for that.
        ids = list(ordered.values_list("pk", flat=True)[start : start + limit])
        return rows.filter(pk__in=ids).order_by(*self.ordering), meta


def _positive(value: str) -> int:
    number = parse_integer(value)
    if number is None:
        raise BadParameter(wording.INTEGER)
    if number < 1:
        raise BadParameter(wording.POSITIVE)
    return number


def _descending(value: str) -> bool:
    if value not in {"asc", "desc"}:
        raise BadParameter(wording.SELECTED)
    return value == "desc"
