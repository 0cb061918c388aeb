"""Querysets compiled once: the ORM says what is read, a request only fills in the values.

To make SQL of a queryset takes the ORM longer than it takes a database to answer. What is read the
same way again and again is therefore compiled with parameters in the places of values, and kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.core.signals import setting_changed
from django.db import connections, router
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, Q, QuerySet
from django.db.models.expressions import F
from django.db.models.lookups import Contains, In, Lookup

from tasks.actors import ANYBODY, Actor
from tasks.people import storable
from tasks.querysets import is_narrowed

Row = tuple[Any, ...]
Values = Mapping[str, Any]
#: What there is of something for an actor.
Rows = Callable[[Actor], QuerySet[Any]]
#: Makes what is to be compiled, of rows or from nothing.
Build = Callable[..., QuerySet[Any, Any]]
#: A place in SQL for which values are looked up: found once, whatever the paging of the database.
_FROM, _TO = 7_000_003, 14_000_029
#: How many statements are kept; each is a few kilobytes.
_KEPT = 1000


class Parameter(Expression):
    """Stands in a queryset where a value will be; ``output_field`` knows what it is made of."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        return "%s", [self]

    def adapted(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """The value in the form in which the database takes it."""
        return self.output_field.get_db_prep_value(value, connection)


class TextParameter(Parameter):
    """Text that another holds; every character stands for itself."""

    def adapted(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return f"%{connection.ops.prep_for_like_query(value)}%"


class ShortTextParameter(TextParameter):
    """Text too short for PostgreSQL's index of trigrams, which it would read from end to end."""

    def adapted(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        is_found_otherwise = connection.vendor == "postgresql"
        return value if is_found_otherwise else super().adapted(value, connection)


class KeysParameter(Parameter):
    """Any number of integer keys as one value of PostgreSQL's."""

    def adapted(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return "{" + ",".join(map(str, value)) + "}"


class _Among(Lookup):
    """Is one of these keys: on PostgreSQL one parameter, however many there are."""

    lookup_name = "among"

    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        sql, params = self.process_lhs(compiler, connection)
        return f"{sql} = ANY(%s::bigint[])", [*params, self.rhs]


class _InWindow(In):
    """Is in a part of some rows: where a part may not stand behind ``IN``, in a table there."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        if not connection.features.allow_sliced_subqueries_with_in:
            rhs = f"(SELECT * FROM {rhs} part)"
        operator: str = super().get_rhs_op(connection, rhs)
        return operator


class _Holds(Contains):
    """``contains`` whose pattern is ready: with an expression, Django would make it in SQL."""

    def get_rhs_op(self, connection: Any, rhs: str) -> str:
        operator: str = connection.operators[self.lookup_name]
        return operator % rhs

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        if not isinstance(self.rhs, ShortTextParameter):
            return self.as_sql(compiler, connection)
        sql, params = self.process_lhs(compiler, connection)
        return f"STRPOS({sql}, %s) > 0", [*params, self.rhs]


def holds(column: str, text: TextParameter) -> Q:
    """The condition that a column holds a text."""
    return Q(_Holds(F(column), text))


class Statement:
    """A queryset as SQL, compiled for one database.

    ``is_steady``: one plan is good for all values, so the server may keep it; otherwise it plans
    with those at hand.
    """

    def __init__(self, rows: QuerySet[Any, Any], *, using: str, is_steady: bool = True) -> None:
        connection = connections[using]
        compiler = rows.query.get_compiler(using)
        try:
            sql, self._parameters = compiler.as_sql()
        except EmptyResultSet:
            # The ORM sees that no row can match; the database need not be asked.
            sql, self._parameters = "", ()
        self.sql, _, self._after = sql.partition(connection.ops.limit_offset_sql(_FROM, _TO))
        self.using = using
        self._is_steady = is_steady
        self._model = rows.model
        self.columns = [expression for expression, *_ in compiler.select or ()]
        found = compiler.get_converters(self.columns)
        self._converters = [(place, *how) for place, how in found.items()]

    def rows(self, values: Values, *, window: tuple[int, int] | None = None) -> Sequence[Row]:
        """The rows for these values; of a ``window`` those from one place to another."""
        if not self.sql:
            return []
        connection = connections[self.using]
        arguments = self.arguments(values, connection)
        rows = self._fetched(connection, self.sql_of(window, connection), arguments)
        return self.converted(rows, connection)

    def sql_of(self, window: tuple[int, int] | None, connection: BaseDatabaseWrapper) -> str:
        """The SQL of the rows, or of those in a window."""
        part = "" if window is None else connection.ops.limit_offset_sql(*window) + self._after
        return f"{self.sql}{part}"

    def instances(self, values: Values) -> list[Any]:
        """The rows as instances of the queryset's model, of which all columns are selected.

        An integer that no column can hold is none of theirs.
        """
        if not all(map(storable, values.values())):
            return []
        return [self.instance(row) for row in self.rows(values)]

    def instance(self, row: Row) -> Any:
        """A row as an instance of the queryset's model, of which all columns are selected."""
        names = [column.target.attname for column in self.columns]
        return self._model.from_db(self.using, names, row)

    def arguments(self, values: Values, connection: BaseDatabaseWrapper) -> list[Any]:
        """What the database is sent with the SQL, for these values."""
        return [
            item.adapted(values[item.name], connection) if isinstance(item, Parameter) else item
            for item in self._parameters
        ]

    def converted(self, rows: Sequence[Row], connection: BaseDatabaseWrapper) -> Sequence[Row]:
        """What the ORM does to values on their way in, such as SQLite's dates."""
        if not self._converters:
            return rows
        converted = [list(row) for row in rows]
        for place, converters, expression in self._converters:
            for row in converted:
                for convert in converters:
                    row[place] = convert(row[place], expression, connection)
        return [tuple(row) for row in converted]

    def _fetched(
        self, connection: BaseDatabaseWrapper, sql: str, arguments: Sequence[Any]
    ) -> list[Row]:
        """What the database answers.

        Of a prepared statement PostgreSQL keeps a plan in the end, which it made without seeing a
        value: right for most of them, and a hundred times too slow for the project that has it all.
        So psycopg prepares nothing here, unless one plan is good for all values.
        """
        cursor: Any
        with connection.cursor() as cursor:
            raw: Any = connection.connection
            if self._is_steady or getattr(raw, "prepare_threshold", None) is None:
                cursor.execute(sql, arguments)
                return list(cursor.fetchall())
            threshold, raw.prepare_threshold = raw.prepare_threshold, None
            try:
                cursor.execute(sql, arguments)
                return list(cursor.fetchall())
            finally:
                raw.prepare_threshold = threshold


@dataclass(frozen=True, slots=True)
class Question:
    """A statement, and what it is asked with; see ``Statement.rows``.

    ``numbered_by`` is the column that has the places of rows whose order matters.
    """

    statement: Statement
    values: Values
    window: tuple[int, int] | None = None
    numbered_by: str | None = None

    def rows(self) -> Sequence[Row]:
        """What the database answers."""
        return self.statement.rows(self.values, window=self.window)


def together(asked: Sequence[Question]) -> list[Row | None]:
    """The row that each of these finds, or None, in one question.

    Each finds one row at most, and all are of one database.
    """
    connection = connections[asked[0].statement.using]
    sql = "SELECT * FROM (SELECT 1) start"
    arguments: list[Any] = []
    for place, question in enumerate(asked):
        part = question.statement
        if part.sql:
            sql += f" LEFT JOIN ({part.sql}) part{place} ON 1 = 1"
            arguments += part.arguments(question.values, connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        _, *beside = cursor.fetchone()
    found: list[Row | None] = []
    for question in asked:
        part = question.statement
        number = len(part.columns) if part.sql else 0
        row, beside = tuple(beside[:number]), beside[number:]
        found.append(part.converted([row], connection)[0] if _is_there(row) else None)
    return found


def with_rows(first: Question, beside: Question) -> tuple[Row | None, Sequence[Row]]:
    """The row that ``first`` finds, and the rows of ``beside``, in one question of one database.

    Where the first finds nothing, the others are not looked for.
    """
    if not (first.statement.sql and beside.statement.sql):
        # The ORM sees that no row can match; the database need not be asked for it.
        return next(iter(first.rows()), None), []
    connection = connections[first.statement.using]
    others = beside.statement.sql_of(beside.window, connection)
    sql = f"SELECT * FROM ({first.statement.sql}) part0 LEFT JOIN ({others}) part1 ON 1 = 1"
    if beside.numbered_by is not None:
        # A join promises to keep no order.
        sql += f" ORDER BY part1.{connection.ops.quote_name(beside.numbered_by)}"
    arguments = [
        *first.statement.arguments(first.values, connection),
        *beside.statement.arguments(beside.values, connection),
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, arguments)
        whole = cursor.fetchall()
    if not whole:
        return None, []
    number = len(first.statement.columns)
    (row,) = first.statement.converted([whole[0][:number]], connection)
    rows = [both[number:] for both in whole]
    # Of no row an outer join makes one of nulls.
    return row, beside.statement.converted(rows, connection) if _is_there(rows[0]) else []


def _is_there(row: Row) -> bool:
    return any(value is not None for value in row)


def window(rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
    """A part of these rows, of which each use of the statement tells where it is."""
    return rows[_FROM:_TO]


def in_window(keys: QuerySet[Any, Any]) -> Q:
    """The condition that a primary key is in a window of keys."""
    return Q(_InWindow(F("pk"), keys.query))


def kept(model: type[Model], build: Build, *shape: Hashable) -> Statement:
    """The statement of ``build(*shape)``, rows of ``model``, made once for its database.

    What is read must depend on the shape alone, and not on who reads.
    """
    return _kept(router.db_for_read(model), build, shape, True)


def seen(
    rows: Rows,
    actor: Actor,
    build: Build,
    *shape: Hashable,
    using: str | None = None,
    is_steady: bool = True,
) -> Statement:
    """The statement of ``build(rows(actor), *shape)``: of what an actor may see.

    It is made once where the site shows the same to everybody, and for each use where it narrows.
    ``using`` is the database, if not the one that is read from.
    """
    if is_narrowed():
        found = rows(actor)
        asked, using = build(found, *shape), using or found.db
        return Statement(asked, using=using, is_steady=is_steady)
    using = using or router.db_for_read(_model_of(rows))
    return _kept(using, _of_everybody, (rows, build, *shape), is_steady)


def with_keys(rows: QuerySet[Any], number: int) -> QuerySet[Any]:
    """The rows whose primary keys are ``pk0`` and so on; if ``number`` is 0 those in ``pks``."""
    field = rows.model._meta.pk
    if number == 0:
        return rows.filter(_Among(F("pk"), KeysParameter("pks", field)))
    keys = [Parameter(f"pk{place}", field) for place in range(number)]
    return rows.filter(pk=keys[0]) if number == 1 else rows.filter(pk__in=keys)


def key_values(pks: Sequence[Any], using: str) -> tuple[int, dict[str, Any]]:
    """The number for ``with_keys`` with which these are asked for, and the values."""
    if len(pks) > 1 and connections[using].vendor == "postgresql":
        return 0, {"pks": pks}
    return len(pks), {f"pk{place}": pk for place, pk in enumerate(pks)}


def find(rows: Rows, actor: Actor, pk: Any) -> Any:
    """The row with this primary key among those that an actor may see, or None."""
    found = seen(rows, actor, _with_key).instances({"pk": pk})
    return found[0] if found else None


def find_all(wanted: Sequence[tuple[Rows, Any]], actor: Actor) -> list[Any]:
    """For each of these rows and keys what ``find`` finds, in one question."""
    if len(wanted) == 1:
        ((rows, pk),) = wanted
        return [find(rows, actor, pk)]
    asked = [Question(seen(rows, actor, _with_key), {"pk": pk}) for rows, pk in wanted]
    found = zip(asked, together(asked), strict=True)
    return [None if row is None else question.statement.instance(row) for question, row in found]


def _with_key(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(pk=Parameter("pk", rows.model._meta.pk)).order_by()


def _of_everybody(rows: Rows, build: Build, *shape: Hashable) -> QuerySet[Any, Any]:
    return build(rows(ANYBODY), *shape)


@cache
def _model_of(rows: Rows) -> Any:
    return rows(ANYBODY).model


@lru_cache(maxsize=_KEPT)
def _kept(using: str, build: Build, shape: tuple[Hashable, ...], is_steady: bool) -> Statement:
    return Statement(build(*shape), using=using, is_steady=is_steady)


def forget(**kwargs: Any) -> None:
    """Compile everything anew: settings have changed, as they do in tests."""
    _kept.cache_clear()


setting_changed.connect(forget)
