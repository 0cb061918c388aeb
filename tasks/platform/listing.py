"""Lists: filters, search, sorting and paging, declared once and parsed without a form.

All parameters are checked together, so that a request learns of all its mistakes at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial, reduce
from operator import or_
from typing import Any, ClassVar

from django.db.models import BigIntegerField, DateField, Field, Model, Q, QuerySet, TextField
from django.db.models.functions import Coalesce
from django.http import QueryDict

from tasks import conf
from tasks.aggregates import AS_IT_IS, CountAll, CountDifferent, SumAll
from tasks.conf import LARGEST_PAGE
from tasks.folding import fold
from tasks.inputs import parse_day
from tasks.models.fields import has_trigram
from tasks.people import (
    BIGGEST_ID,
    ids_are_integers,
    parse_integer,
    parse_user_id,
    storable,
    user_key,
)
from tasks.platform import wording
from tasks.platform.errors import InvalidInput
from tasks.platform.several import MAX_VALUES, AnyOf, Size, among, members, query_values
from tasks.statements import Parameter, Rows, ShortTextParameter, TextParameter, holds

#: What a filter's value is read as where no row can match.
NOTHING = object()
#: What the values of a filter are read as where every row matches one of them.
EVERYTHING = object()


class BadParameter(ValueError):
    """A parameter's value is wrong; carries the wording."""

    def worded(self, name: str) -> str:
        """The message, for the parameter's wire name."""
        return str(self).format(name=wording.spoken(name))


@dataclass(frozen=True, slots=True)
class Filter:
    """A query parameter that narrows a list; ``lookup`` is the ORM's."""

    lookup: str
    #: Whether an index of the rows begins with the column and goes on in the list's own order: one
    #: plan is then the best for every value.
    is_steady: bool = field(default=False, kw_only=True)
    #: For columns by which a list is sorted, where a path finds the same value: one that an index
    #: has beside what is filtered by.
    orders: Mapping[str, str] = field(default_factory=dict, kw_only=True)
    #: The condition of several values, where ``lookup`` would find a row once for each of them.
    any_of: Callable[[AnyOf], Q] | None = field(default=None, kw_only=True)
    #: Whether the condition has its value written into it, since there are few.
    is_constant: ClassVar[bool] = False

    def variant(self, value: Any) -> Hashable:
        """What of a value the statement depends on."""
        if self.is_constant:
            constant: Hashable = value
            return constant
        return Size.of(value) if isinstance(value, AnyOf) else None

    def value(self, text: str) -> Any:
        """What ``text`` stands for, or ``NOTHING``. Raises ``BadParameter``."""
        raise NotImplementedError

    def values(self, texts: Sequence[str], values: Sequence[Any]) -> Any:
        """The value for rows that match any of ``values``, which are those of ``texts``.

        One value, an ``AnyOf``, ``NOTHING`` or ``EVERYTHING``.
        """
        different: list[Any] = []
        for value in values:
            if value is not NOTHING and value not in different:
                different.append(value)
        if not different:
            return NOTHING
        return AnyOf(different) if len(different) > 1 else different[0]

    def stand_in(self, name: str, variant: Hashable) -> Any:
        """What stands for the value in a statement: a parameter, or a constant itself."""
        if self.is_constant:
            return variant
        if isinstance(variant, Size):
            return variant.parameters(name, self.column())
        return Parameter(name, self.column())

    def column(self) -> Field[Any, Any]:
        """What kind of column the value is compared with."""
        return BigIntegerField()

    def condition(self, value: Any) -> Q:
        """The condition, of a value or of a parameter."""
        if not isinstance(value, AnyOf):
            return Q(**{self.lookup: value})
        return among(self.lookup, value) if self.any_of is None else self.any_of(value)


@dataclass(frozen=True, slots=True)
class IdFilter(Filter):
    """An integer; one that no column can hold matches nothing."""

    def value(self, text: str) -> Any:
        number = parse_integer(text)
        if number is None:
            raise BadParameter(wording.INTEGER)
        return number if number <= BIGGEST_ID else NOTHING


@dataclass(frozen=True, slots=True)
class UserFilter(Filter):
    """A person's id, in the form of the site's user model."""

    def value(self, text: str) -> Any:
        user_id = parse_user_id(text)
        if user_id is None:
            raise BadParameter(wording.INTEGER if ids_are_integers() else wording.PERSON)
        return user_id if storable(user_id) else NOTHING

    def column(self) -> Field[Any, Any]:
        # An integer beyond those of a small key matches nobody, and must not be an error.
        found: Field[Any, Any] = BigIntegerField() if ids_are_integers() else user_key()
        return found


@dataclass(frozen=True, slots=True)
class DateFilter(Filter):
    """The first or the last day of a time, ``YYYY-MM-DD``."""

    def value(self, text: str) -> Any:
        day = parse_day(text)
        if day is None:
            raise BadParameter(wording.DATE)
        return day

    def values(self, texts: Sequence[str], values: Sequence[Any]) -> Any:
        # A day after any of several is one after the first of them.
        return min(values) if self.lookup.endswith("__gte") else max(values)

    def column(self) -> Field[Any, Any]:
        return DateField()


@dataclass(frozen=True, slots=True)
class ChoiceFilter(Filter):
    """One of the documented words, each standing for a value of the column."""

    choices: Mapping[str, Any]

    is_constant = True

    def value(self, text: str) -> Any:
        if text not in self.choices:
            raise BadParameter(wording.SELECTED)
        return self.choices[text]

    def values(self, texts: Sequence[str], values: Sequence[Any]) -> Any:
        if set(texts) >= self.choices.keys():
            return EVERYTHING
        # In one order, since the statement depends on the values.
        found = dict(sorted(zip(texts, values, strict=True)))
        return Filter.values(self, [*found], [*found.values()])

    def condition(self, value: Any) -> Q:
        if not isinstance(value, AnyOf):
            return Q(**{self.lookup: value})
        return reduce(or_, map(self.condition, value))


@dataclass(frozen=True, slots=True)
class SearchFilter(Filter):
    """Text anywhere in a folded column, every character literal.

    It is folded as the column is, so case and normal forms make no difference. What is longer than
    the column, ``longest``, matches nothing: SQLite refuses long patterns.
    """

    longest: int

    def value(self, text: str) -> Any:
        if "\x00" in text:
            raise BadParameter(wording.CHARACTERS)
        folded = fold(text)
        return folded if len(folded) <= self.longest else NOTHING

    def variant(self, value: Any) -> Hashable:
        return value is NOTHING or has_trigram(value)

    def stand_in(self, name: str, variant: Hashable) -> Any:
        return (TextParameter if variant else ShortTextParameter)(name, TextField())

    def condition(self, value: Any) -> Q:
        if isinstance(value, TextParameter):
            return holds(self.lookup, value)
        return Q(**{f"{self.lookup}__contains": value})


@dataclass(frozen=True, eq=False, slots=True)
class Total:
    """Sums that tell how many rows match, where all filters that were sent are among these.

    ``amount`` is the column of ``rows`` that is summed; ``conditions`` are the lookups over them
    that the filters stand for, by their wire names, or what makes a condition of a value. Without
    ``amount`` the rows are counted, where there is a condition: with several values each ``key``
    once.
    """

    rows: type[Model]
    amount: str | None
    conditions: Mapping[str, str | Callable[[Any], Q]]
    key: str = "pk"

    def tells(self, names: Collection[str]) -> bool:
        """Whether it knows how many rows match filters of these names."""
        return self.conditions.keys() >= set(names) and (self.amount is not None or bool(names))

    def of(self, values: Mapping[str, Any]) -> QuerySet[Any, Any]:
        """One row with the number, for the values of filters of which it ``tells``."""
        chosen = [self._condition(name, value) for name, value in values.items()]
        rows = self.rows._default_manager.filter(*chosen).order_by()
        number: Any = CountAll()
        if self.amount is not None:
            number = Coalesce(SumAll(self.amount), 0, output_field=AS_IT_IS)
        elif any(isinstance(value, AnyOf) for value in values.values()):
            number = CountDifferent(self.key)
        told: QuerySet[Any, Any] = rows.annotate(number=number)
        return told.values_list("number")

    def _condition(self, name: str, value: Any) -> Q:
        lookup = self.conditions[name]
        if not isinstance(lookup, str):
            return lookup(value)
        return among(lookup, value) if isinstance(value, AnyOf) else Q(**{lookup: value})


@dataclass(frozen=True, eq=False, slots=True)
class ListSpec:
    """What a list takes: filters and sorts by wire name, and how it is sorted without any.

    Without ``sorts`` the list has one order, and ``sort`` and ``order`` are not among its
    parameters. ``default_descending`` is the order where none is asked for; where a list is sorted
    by what was asked for, ``sorted_descending`` says otherwise. ``whole`` makes a request with
    neither ``page`` nor ``limit`` one for everything. ``rows`` are what an actor may see of all
    that is listed, where that does not depend on more than the actor; ``totals`` know how many
    there are without counting, which takes long where a list ``is_large``.
    """

    filters: Mapping[str, Filter]
    sorts: Mapping[str, str]
    default_sort: str
    default_descending: bool = True
    sorted_descending: bool | None = None
    nullable: frozenset[str] = frozenset()
    whole: bool = False
    rows: Rows | None = None
    totals: Sequence[Total] = ()
    is_large: bool = False

    def parse(self, parameters: QueryDict) -> ListQuery:
        """The query that the parameters ask for. Raises ``InvalidInput`` with all errors."""
        given = query_values(parameters)
        errors: dict[str, list[str]] = {}
        values: dict[str, Any] = {}

        def read(name: str, parse: Callable[[str], Any], default: Any) -> Any:
            if name not in given:
                return default
            try:
                return parse(given[name])
            except BadParameter as error:
                errors[name] = [error.worded(name)]
            except InvalidInput as error:
                errors.update(error.errors)
            return default

        for name, filter_ in self.filters.items():
            if name in given:
                values[name] = read(name, partial(_value_of, name, filter_), None)
        column, descending = self.default_sort, self.default_descending
        if self.sorts:
            column = read("sort", self._column, column)
            if "sort" in given and self.sorted_descending is not None:
                descending = self.sorted_descending
            descending = read("order", _descending, descending)
        everything = self.whole and given.keys().isdisjoint({"page", "limit"})
        limit = read("limit", _positive, None if everything else conf.value("PAGE_SIZE"))
        page = read("page", _positive, 1)
        if errors:
            raise InvalidInput(errors)
        return ListQuery(
            spec=self,
            values={name: value for name, value in values.items() if value is not EVERYTHING},
            column=column,
            descending=descending,
            limit=None if limit is None else min(limit, LARGEST_PAGE),
            page=page,
        )

    @property
    def of_everything(self) -> Rows:
        """What the list is of, where it is always of the same."""
        if self.rows is None:
            raise TypeError("This list is of other rows each time.")
        return self.rows

    def _column(self, name: Any) -> str:
        if not isinstance(name, str) or name not in self.sorts:
            raise BadParameter(wording.SELECTED)
        return self.sorts[name]


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A parsed request for a page of a list; a ``limit`` of None is for everything.

    ``values`` are those of the filters that were sent, by their wire names; ``column`` is what the
    list is sorted by.
    """

    spec: ListSpec
    values: Mapping[str, Any]
    column: str
    descending: bool
    limit: int | None
    page: int

    @property
    def start(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * (self.limit or 0)

    @property
    def is_impossible(self) -> bool:
        """Whether a filter asks for what no row can have."""
        return NOTHING in self.values.values()

    def conditions(self) -> dict[str, Q]:
        """The conditions of the filters, by their wire names, unless ``is_impossible``."""
        filters = self.spec.filters
        return {name: filters[name].condition(value) for name, value in self.values.items()}


def _value_of(name: str, filter_: Filter, given: Any) -> Any:
    """What a filter has been given stands for, for an array also ``EVERYTHING``.

    An empty array counts as absent. Raises ``BadParameter``, or ``InvalidInput`` with errors at the
    positions of an array.
    """
    if isinstance(given, str):
        return filter_.value(given)
    if isinstance(filter_, SearchFilter):
        raise BadParameter(wording.STRING)
    if not isinstance(given, list):
        raise BadParameter(wording.ARRAY)
    sent = members(given)
    if len(sent) > MAX_VALUES:
        raise BadParameter(wording.TOO_MANY.replace("{length}", str(MAX_VALUES)))
    if not sent:
        return EVERYTHING
    values: list[Any] = []
    errors: dict[str, list[str]] = {}
    for position, text in sent:
        try:
            if not isinstance(text, str):
                raise BadParameter(wording.SELECTED)  # noqa: TRY301 (as a filter does)
            values.append(filter_.value(text))
        except BadParameter as error:
            key = f"{name}.{position}"
            errors[key] = [error.worded(key)]
    if errors:
        raise InvalidInput(errors)
    return filter_.values([text for _, text in sent], values)


def _positive(value: Any) -> int:
    number = parse_integer(value) if isinstance(value, str) else None
    if number is None:
        raise BadParameter(wording.INTEGER)
    if number < 1:
        raise BadParameter(wording.POSITIVE)
    return number


def _descending(value: Any) -> bool:
    if not isinstance(value, str) or value not in {"asc", "desc"}:
        raise BadParameter(wording.SELECTED)
    return value == "desc"
