"""Where the values of an answer come from, said in its type.

An object of the API is a ``TypedDict`` whose keys are annotated with one of these, in the ORM's
words::

    class TaskObject(TypedDict):
        title: Annotated[str, From("title")]
        billable: Annotated[YesNo, From("is_billable")]
        status: Annotated[StageObject, Each(id="status_id", title="status__title")]
        assigned: Annotated[list[PersonObject], People("assignees__user")]

``tasks.reads.reading`` makes of that what is selected and how a row becomes an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models.expressions import Combinable


class Told:
    """How a column is told, for all values of an annotated type; null is always null.

    ``made`` makes it of the column. ``in_database`` may make the database say it itself: it is
    given the column and the connection, and returns None where that database can't.
    """

    def __init__(
        self,
        made: Callable[[Any], Any],
        in_database: Callable[[str, Any], Combinable | None] | None = None,
    ) -> None:
        self.made = made
        self.in_database = in_database


class Words(Told):
    """The words for false and for true."""

    def __init__(self, false: str, true: str) -> None:
        super().__init__((false, true).__getitem__)


class Source:
    """Where a value comes from."""


class From(Source):
    """A column, told as its type is; or what ``made`` makes of several.

    ``at_once``: the last argument of ``made`` is the moment of the answer.
    """

    def __init__(
        self, *columns: str, made: Callable[..., Any] | None = None, at_once: bool = False
    ) -> None:
        self.columns = columns
        self.made = made
        self.at_once = at_once


class Computed(Source):
    """An expression over the rows, made when it is first needed."""

    def __init__(self, expression: Callable[[], Combinable]) -> None:
        self.expression = expression


class Always(Source):
    """The same for every row."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Each(Source):
    """An object, each key from a column; null where the type allows it and the first one is."""

    def __init__(self, **columns: str) -> None:
        self.columns = columns


class Names(Source):
    """The texts at the end of a path that begins with a reverse relation, by code point."""

    def __init__(self, path: str) -> None:
        self.path = path


class People(Source):
    """The people at the end of a path, by id: of a reverse relation, or the one of a key."""

    def __init__(self, path: str) -> None:
        self.path = path
