"""What answers are made of, as types: mypy holds the code to them, and the reference is their text.

An object of the API is a ``TypedDict`` of these. ``Shape`` adds what JSON Schema can say and a type
can't; ``Told`` how a column becomes such a value, for objects that say where theirs come from.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeAlias, TypedDict

from tasks.platform.timestamps import day_text, utc_text, utc_text_in_database
from tasks.reads.sources import From, Told, Words


class Shape:
    """Keywords of JSON Schema for an annotated type."""

    def __init__(self, **keywords: Any) -> None:
        self.keywords = keywords


class Named:
    """Refers to a component of the reference instead of spelling the type out."""

    def __init__(self, component: str) -> None:
        self.component = component


Id: TypeAlias = Annotated[int, Shape(minimum=1)]
Count: TypeAlias = Annotated[int, Shape(minimum=0)]
Percentage: TypeAlias = Annotated[int, Shape(minimum=0, maximum=100)]
Color: TypeAlias = Annotated[str, Shape(pattern="^#[0-9a-f]{6}$")]
Day: TypeAlias = Annotated[str, Shape(format="date"), Told(day_text)]
#: UTC with microseconds, as ``2026-06-17T09:30:00.000000Z``.
Moment: TypeAlias = Annotated[
    str,
    Shape(format="date-time", pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"),
    Told(utc_text, utc_text_in_database),
]
YesNo: TypeAlias = Annotated[Literal["yes", "no"], Words("no", "yes")]
ActiveState: TypeAlias = Annotated[Literal["active", "archived"], Words("active", "archived")]
#: An integer or a string, whichever the site's user model has.
PersonId: TypeAlias = Annotated[int | str, Named("PersonId")]


class PersonObject(TypedDict):
    """A person. ``name`` is the full name, or the username where there is none."""

    id: PersonId
    name: str


class NamedObject(TypedDict):
    """What something belongs to."""

    id: Id
    name: str


class MomentsObject(TypedDict):
    """When it was made and last changed."""

    created: Annotated[Moment, From("created_at")]
    updated: Annotated[Moment, From("updated_at")]


class DoneObject(TypedDict):
    """The id of what was acted on."""

    id: Id


class PagesObject(TypedDict):
    """Where in a list a page is."""

    current_page: Annotated[int, Shape(minimum=1)]
    per_page: Annotated[int, Shape(minimum=1)]
    total: Count
    last_page: Annotated[int, Shape(minimum=1)]
