"""What goes along with a row that is deleted."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.deletion import Collector


def cascade(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """``CASCADE`` for a foreign key that may be null, and never is on the way out.

    Where constraints can't wait for the commit, as on MariaDB, Django's own would first make the
    key null. The check that a row belongs to exactly one of two would refuse that.
    """
    collector.collect(
        sub_objs,
        source=field.remote_field.model,
        source_attr=field.name,
        nullable=False,
        fail_on_restricted=False,
    )


# Django need not read the rows first where it can delete them by what they belong to.
cascade.lazy_sub_objs = True  # type: ignore[attr-defined]  # how Django asks


class OwnerKey(models.ForeignKey):  # type: ignore[type-arg]  # the stub's arguments are private
    """A foreign key to what a row belongs to: the database itself deletes the row with that.

    Deleting the owner takes no statement more for it, by whatever means it goes; the look-up of
    what refers to it is one that a foreign key costs anyhow. Needs an index that begins with it.
    Django 5.2 has no such key, so the constraint is written into the column's definition, and is
    there again where SQLite makes a table anew.
    """

    def __init__(self, to: Any, **kwargs: Any) -> None:
        kwargs |= {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False}
        super().__init__(to, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("on_delete", "db_constraint", "db_index"):
            kwargs.pop(implied, None)
        return name, path, args, kwargs

    def db_type_suffix(self, connection: BaseDatabaseWrapper) -> str:
        quote: Any = connection.ops.quote_name
        table, column = quote(self.target_field.model._meta.db_table), self.target_field.column
        waits = connection.features.can_defer_constraint_checks
        when = " DEFERRABLE INITIALLY DEFERRED" if waits else ""
        return f"REFERENCES {table} ({quote(column)}) ON DELETE CASCADE{when}"
