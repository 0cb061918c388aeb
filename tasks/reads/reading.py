"""How rows become answers: one statement, made of the type of the answer."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import (
    Annotated,
    Any,
    Generic,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

import orjson
from django.core.signals import setting_changed
from django.db import connections, router
from django.db.models import F, Model, OuterRef, QuerySet, Subquery, TextField
from django.db.models.expressions import Combinable
from django.utils import timezone

from tasks.actors import ANYBODY, Actor
from tasks.aggregates import JSONList
from tasks.people import users
from tasks.querysets import is_narrowed
from tasks.reads.people import known_people, person_expression, shown
from tasks.reads.sources import Always, Computed, Each, From, Names, People, Source, Told
from tasks.statements import Question, Row, Rows, key_values, seen, with_keys

T = TypeVar("T")
#: How many lists of names are remembered in their order: the same ones come again and again.
_REMEMBERED = 1000


class Reading(Generic[T]):
    """How rows of a model are told as ``shape``, a ``TypedDict`` annotated with sources.

    ``rows`` gives what an actor may see of them, with all that the sources ask for. Where a site
    shows the same to everybody, the statement is compiled once; whoever narrows has each compiled
    for its actor.
    """

    def __init__(self, model: type[Model], shape: type[T], *, rows: Rows) -> None:
        self._model = model
        self._shape: Any = shape
        self._rows = rows

    def one(self, actor: Actor, pk: int) -> T | None:
        """The row with this primary key, if it is there for the actor."""
        told = self.tell(self._rows_of(actor, [pk]))
        return told[0] if told else None

    def question(self, pk: int) -> Question | None:
        """What ``one`` asks for everybody; None where it depends on who asks."""
        if is_narrowed():
            return None
        number, values = key_values([pk], router.db_for_read(self._model))
        return Question(seen(self._rows, ANYBODY, _told_of, self.layout, number), values)

    def some(self, actor: Actor, pks: Sequence[int], *, now: dt.datetime | None = None) -> list[T]:
        """The rows with these primary keys, in that order; what is gone meanwhile is left out.

        ``now`` is the moment of the answer, where more than these rows depends on it.
        """
        if not pks:
            return []
        rows = self._rows_of(actor, pks)
        told = zip(rows, self.tell(rows, now=now), strict=True)
        found = {row[0]: answer for row, answer in told}
        return [found[pk] for pk in pks if pk in found]

    def tell(self, rows: Sequence[Row], *, now: dt.datetime | None = None) -> list[T]:
        """What rows tell that begin with the layout's columns."""
        layout = self.layout
        people = known_people(row[place] for row in rows for place in layout.people)
        at = now or timezone.now()
        return [layout.tell(row, people, at) for row in rows]

    @property
    def layout(self) -> Layout:
        """What is selected on the database that is read from."""
        return _layout(self._model, self._shape, router.db_for_read(self._model))

    def _rows_of(self, actor: Actor, pks: Sequence[int]) -> Sequence[Row]:
        number, values = key_values(pks, router.db_for_read(self._model))
        return seen(self._rows, actor, _told_of, self.layout, number).rows(values)


@dataclass(frozen=True, eq=False, slots=True)
class Layout:
    """What is selected, the primary key first, and what a row of that is told as.

    ``tell`` takes the row, the people that are known and the moment of the answer; ``people`` are
    the places in the row where people are.
    """

    columns: tuple[Any, ...]
    tell: Callable[[Row, Mapping[Any, Any] | None, Any], Any]
    people: tuple[int, ...]


@lru_cache
def _layout(model: type[Model], shape: Any, using: str) -> Layout:
    maker = _Maker(model, connections[using])
    text = maker.object_of(shape)
    names = ", ".join(f"c{place}" for place in range(len(maker.columns)))
    # Written out as one expression: a loop over the keys of each row takes several times as long.
    source = f"def tell(row, people, now):\n    {names}, *_ = row\n    return {text}\n"
    exec(compile(source, f"<{shape.__name__}>", "exec"), maker.namespace)  # noqa: S102 (made of our own types alone)
    return Layout(tuple(maker.columns), maker.namespace["tell"], tuple(maker.people))


setting_changed.connect(lambda **_: _layout.cache_clear(), weak=False)


def _told_of(rows: QuerySet[Any], layout: Layout, number: int) -> QuerySet[Any, Any]:
    return with_keys(rows, number).order_by().values_list(*layout.columns)


class _Maker:
    """Writes the expression that tells a row, and gathers the columns that it needs."""

    def __init__(self, model: type[Model], connection: Any) -> None:
        self.model = model
        self.connection = connection
        self.columns: list[Any] = []
        self.people: list[int] = []
        self.namespace: dict[str, Any] = {}
        self._places: dict[Any, str] = {}
        self.column("pk")

    def column(self, path: str) -> str:
        """The name of a column's value."""
        if path not in self._places:
            self._places[path] = self.expression(path)
        return self._places[path]

    def expression(self, expression: Combinable | str) -> str:
        """The name of an expression's value."""
        self.columns.append(expression)
        return f"c{len(self.columns) - 1}"

    def named(self, value: Any) -> str:
        """A name for something that is at hand when rows are told."""
        name = f"x{len(self.namespace)}"
        self.namespace[name] = value
        return name

    def object_of(self, shape: Any) -> str:
        """A ``TypedDict``, each key from its source."""
        hints = get_type_hints(shape, include_extras=True)
        parts = [f"{name!r}: {self.value_of(hint)}" for name, hint in hints.items()]
        return "{" + ", ".join(parts) + "}"

    def value_of(self, hint: Any) -> str:
        """A value, from the source in its annotation or, of an object, from those of its keys."""
        sources = [item for item in _annotations(hint) if isinstance(item, Source)]
        if sources:
            return _TELLERS[type(sources[0])](self, sources[0], hint)
        if is_typeddict(hint):
            return self.object_of(hint)
        raise TypeError(f"Nothing says where {hint!r} comes from.")

    def told(self, path: str, hint: Any) -> str:
        """A column as a value of this type."""
        for item in _annotations(hint):
            if isinstance(item, Told):
                in_database = item.in_database and item.in_database(path, self.connection)
                if in_database:
                    return self.expression(in_database)
                name, function = self.column(path), self.named(item.made)
                return f"(None if {name} is None else {function}({name}))"
        return self.column(path)


def _from(maker: _Maker, source: From, hint: Any) -> str:
    if source.made is None:
        (path,) = source.columns
        return maker.told(path, hint)
    arguments = [maker.column(path) for path in source.columns]
    if source.at_once:
        arguments.append("now")
    return f"{maker.named(source.made)}({', '.join(arguments)})"


def _computed(maker: _Maker, source: Computed, hint: Any) -> str:
    return maker.expression(source.expression())


def _always(maker: _Maker, source: Always, hint: Any) -> str:
    return maker.named(source.value)


def _each(maker: _Maker, source: Each, hint: Any) -> str:
    (shape,) = (part for part in _parts(hint) if is_typeddict(part))
    hints = get_type_hints(shape, include_extras=True)
    values = {key: maker.told(path, hints[key]) for key, path in source.columns.items()}
    text = "{" + ", ".join(f"{key!r}: {values[key]}" for key in hints) + "}"
    first = next(iter(values.values()))
    return f"(None if {first} is None else {text})" if type(None) in _parts(hint) else text


def _names(maker: _Maker, source: Names, hint: Any) -> str:
    rows, path = _related(maker.model, source.path)
    # Sorted here: a database sorts text by its collation, not by code point.
    name = maker.expression(_listed(rows, F(path)))
    return f"({maker.named(_sorted_texts)}({name}) if {name} else [])"


def _people(maker: _Maker, source: People, hint: Any) -> str:
    if "__" in source.path:
        rows, path = _related(maker.model, source.path)
    else:
        rows, path = users().filter(pk=OuterRef(source.path)), ""
    name = maker.expression(_listed(rows, person_expression(path)))
    maker.people.append(len(maker.columns) - 1)
    return f"{maker.named(shown)}({name}, people)"


_TELLERS: Mapping[type[Source], Callable[[_Maker, Any, Any], str]] = {
    From: _from,
    Computed: _computed,
    Always: _always,
    Each: _each,
    Names: _names,
    People: _people,
}


def _related(model: type[Model], path: str) -> tuple[QuerySet[Any], str]:
    """The rows that point to the outer one, by the path's first part, and the rest of it."""
    relation, _, rest = path.partition("__")
    field: Any = model._meta.get_field(relation)
    rows = field.related_model._base_manager.filter(**{field.field.name: OuterRef("pk")})
    return rows, rest


def _listed(rows: QuerySet[Any], expression: Combinable | F) -> Combinable:
    listed = rows.order_by().annotate(listed=JSONList(expression)).values("listed")
    return Subquery(listed, output_field=TextField())


@lru_cache(maxsize=_REMEMBERED)
def _sorted_texts(text: str) -> list[str]:
    texts: list[str] = orjson.loads(text)
    texts.sort()
    return texts


def _annotations(hint: Any) -> tuple[Any, ...]:
    """What is said of a type, outermost first, null aside."""
    found: tuple[Any, ...] = ()
    while True:
        if get_origin(hint) is Annotated:
            hint, *said = get_args(hint)
            found += tuple(said)
        elif get_origin(hint) in {Union, types.UnionType}:
            rest = [part for part in get_args(hint) if part is not type(None)]
            if len(rest) != 1:
                return found
            (hint,) = rest
        else:
            return found


def _parts(hint: Any) -> tuple[Any, ...]:
    """The types that a value of this one may have."""
    if get_origin(hint) is Annotated:
        return _parts(get_args(hint)[0])
    if get_origin(hint) in {Union, types.UnionType}:
        return tuple(inner for part in get_args(hint) for inner in _parts(part))
    return (hint,)
