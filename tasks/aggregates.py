"""Aggregates over all rows of a subquery: Django's own would group them by something."""

from __future__ import annotations

from typing import Any

from django.db.models import Field, Func, TextField

#: A number as the driver gives it. Django would make integers of what are integers already, each
#: one by a call of its own.
AS_IT_IS: Field[Any, Any] = Field()


class CountAll(Func):
    """How many rows there are."""

    template = "COUNT(*)"
    output_field = AS_IT_IS


class CountDifferent(Func):
    """How many different values a column has."""

    template = "COUNT(DISTINCT %(expressions)s)"
    output_field = AS_IT_IS


class SumAll(Func):
    """The sum of a column of integers; null where there are no rows."""

    function = "SUM"
    output_field = AS_IT_IS

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        # There, big integers add up to a decimal.
        template = "SUM(%(expressions)s)::bigint"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_mysql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "CAST(SUM(%(expressions)s) AS SIGNED)"
        return self.as_sql(compiler, connection, template=template, **context)


class MaxAll(Func):
    """The largest value of a column; null where there are no rows."""

    function = "MAX"


class JSONArray(Func):
    """Several values of a row as one, to be listed."""

    function = "JSON_ARRAY"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_build_array", **context)


class JSONList(Func):
    """A value of every row, as the text of a JSON array in no order; null or ``[]`` for none."""

    function = "JSON_ARRAYAGG"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        template = "json_agg(%(expressions)s)::text"
        return self.as_sql(compiler, connection, template=template, **context)

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="json_group_array", **context)
