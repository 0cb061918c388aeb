"""Rows saved by SQL that the ORM made once.

``Model.save`` makes its SQL anew for each row, which takes longer than the database takes to write
it. What every request writes is written here: as ``save`` would, signals included, but for what a
model's own ``save`` adds.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, lru_cache
from types import SimpleNamespace
from typing import Any

from django.db import DatabaseError, connections, router
from django.db.models import Model
from django.db.models.signals import post_save, pre_save
from django.db.models.sql import InsertQuery, UpdateQuery

from tasks.models.fields import with_copies
from tasks.statements import Parameter


class _Write:
    """SQL with the fields whose values it wants, in their order."""

    def __init__(self, sql: str, parameters: Iterable[Parameter]) -> None:
        self.sql = sql
        self._fields: list[Any] = [parameter.output_field for parameter in parameters]

    def execute(self, cursor: Any, row: Model, connection: Any, *, add: bool) -> None:
        """Write the row."""
        values = [
            field.get_db_prep_save(field.pre_save(row, add), connection) for field in self._fields
        ]
        cursor.execute(self.sql, values)


def insert(row: Model) -> None:
    """As ``row.save(force_insert=True)`` of a row whose key the database gives."""
    model = type(row)
    using = router.db_for_write(model, instance=row)
    connection = connections[using]
    if not connection.features.can_return_columns_from_insert:
        row.save(using=using, force_insert=True)
        return
    told = {"sender": model, "instance": row, "raw": False, "using": using, "update_fields": None}
    pre_save.send(**told)
    with connection.cursor() as cursor:
        _insert(using, model).execute(cursor, row, connection, add=True)
        (row.pk,) = cursor.fetchone()
    row._state.db, row._state.adding = using, False
    post_save.send(created=True, **told)


def update(row: Model, names: Iterable[str]) -> None:
    """As ``row.save(update_fields=names)``."""
    model = type(row)
    changed = with_copies(model, frozenset(names))
    using = router.db_for_write(model, instance=row)
    connection = connections[using]
    told = {
        "sender": model,
        "instance": row,
        "raw": False,
        "using": using,
        "update_fields": changed,
    }
    pre_save.send(**told)
    with connection.cursor() as cursor:
        _update(using, model, changed).execute(cursor, row, connection, add=False)
        if not cursor.rowcount:
            raise DatabaseError(f"There is no such {model._meta.label} any more.")
    post_save.send(created=False, **told)


@cache
def _insert(using: str, model: type[Model]) -> _Write:
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    row: Any = SimpleNamespace(**{f.attname: Parameter(f.attname, f) for f in fields})
    query = InsertQuery(model)
    query.insert_values(fields, [row], raw=True)
    compiler: Any = query.get_compiler(using)
    compiler.returning_fields = [model._meta.pk]
    ((sql, parameters),) = compiler.as_sql()
    return _Write(sql, parameters)


@lru_cache(maxsize=1000)
def _update(using: str, model: type[Model], names: frozenset[str]) -> _Write:
    fields: list[Any] = [model._meta.get_field(name) for name in sorted(names)]
    pk: Any = model._meta.pk
    row = model._base_manager.using(using).filter(pk=Parameter(pk.attname, pk))
    query: Any = row.query.chain(UpdateQuery)
    query.add_update_fields([(field, None, Parameter(field.name, field)) for field in fields])
    sql, parameters = query.get_compiler(using).as_sql()
    return _Write(sql, parameters)
