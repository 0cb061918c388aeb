"""Query parameters with several values: PHP's arrays, ``status[]=1&status[]=3``.

A filter with several values matches rows with any of them. The number of values in a statement is
one of ``_SIZES``, so that the number of compiled statements has a bound; the last value fills up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Field, Q
from django.db.models.lookups import In
from django.http import QueryDict

from tasks.platform.parsers import as_form
from tasks.statements import Parameter

#: The largest number of values that a filter takes; SQLite has a limit on variables.
MAX_VALUES = 100
_SIZES = (2, 3, 4, 8, 16, 32, 64, MAX_VALUES)


class AnyOf(tuple[Any, ...]):
    """Two or more different values, of which a row has any."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Size:
    """How many values a statement has a parameter for."""

    number: int

    @classmethod
    def of(cls, values: AnyOf) -> Size:
        """The smallest one that is large enough."""
        return cls(next(size for size in _SIZES if size >= len(values)))

    def parameters(self, name: str, column: Field[Any, Any]) -> AnyOf:
        """What stands for the values in a statement."""
        return AnyOf(MemberParameter(name, column, position) for position in range(self.number))


class MemberParameter(Parameter):
    """Stands for one of several values: the one at ``position``, or the last where there are fewer.

    ``IN`` has the same result for a repeated value.
    """

    def __init__(self, name: str, output_field: Field[Any, Any], position: int) -> None:
        super().__init__(name, output_field)
        self.position = position

    def adapted(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        return super().adapted(value[min(self.position, len(value) - 1)], connection)


def among(path: str, values: AnyOf) -> Q:
    """The condition that a column has any of these values, or of their parameters.

    ``__in`` of a foreign key would take the parameters for keys.
    """
    return Q(In(F(path), [*values]))


def query_values(parameters: QueryDict) -> dict[str, Any]:
    """The parameters that were sent: a string, or for PHP's arrays a list.

    The last of a repeated parameter counts, and an empty one counts as absent. An array whose keys
    are not numbers stays a dict.
    """
    if not any("[" in name for name in parameters):
        return {name: value for name, value in parameters.items() if value != ""}
    return {name: value for name, value in as_form(parameters).items() if value != ""}


def single_values(parameters: QueryDict) -> Mapping[str, Any]:
    """The parameters for a serializer whose fields take one value: an array of one is that one.

    An array of several stays a list, which such a field refuses.
    """
    values = query_values(parameters)
    for name, value in list(values.items()):
        if isinstance(value, list):
            sent = members(value)
            if len(sent) == 1:
                values[name] = sent[0][1]
            elif not sent:
                del values[name]
    return values


def members(values: Sequence[Any]) -> list[tuple[int, Any]]:
    """The values of an array that are not empty, each with its position in the array."""
    return [(position, value) for position, value in enumerate(values) if value != ""]
