"""What the work of an agency is made of: kinds of projects, their stages, the pieces of work.

The kinds lie in ``kinds/``, a file each:

``titles``: what such a project may be called. ``days``: how long one takes; without it, one has no
end, and work comes up in all its stages all the time. ``is_internal``: done for no client.
``stages``: its milestones in order, each with its ``pieces`` of work. A piece is one task, or one
for each of ``over`` (an array, or the name of one of ``lists``), which then stands in for ``{}``.
``{month}`` becomes the month in which the task comes up.
"""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Piece:
    """Work that comes up, for people of a role."""

    role: str
    title: str
    description: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """A milestone, with what may come up on the way to it."""

    title: str
    color: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of project."""

    titles: tuple[str, ...]
    stages: tuple[Stage, ...]
    days: int | None
    is_internal: bool


@cache
def kind(name: str) -> Kind:
    """The kind of this name."""
    data = _read("kinds", f"{name}.toml")
    lists = data.get("lists", {})
    return Kind(
        titles=tuple(data["titles"]),
        stages=tuple(
            Stage(
                title=stage["title"],
                color=stage["color"],
                pieces=tuple(piece for item in stage["pieces"] for piece in _pieces(item, lists)),
            )
            for stage in data["stages"]
        ),
        days=data.get("days"),
        is_internal=data.get("is_internal", False),
    )


@cache
def words(name: str) -> Sequence[str]:
    """The words of this name, of which names are made."""
    return tuple(_read("words.toml")[name])


def _read(*path: str) -> dict[str, Any]:
    return tomllib.loads(files("tasks.demo").joinpath(*path).read_text(encoding="utf-8"))


def _pieces(item: Mapping[str, Any], lists: Mapping[str, Sequence[str]]) -> Iterator[Piece]:
    over = item.get("over", [""])
    for word in lists[over] if isinstance(over, str) else over:
        description = item.get("description")
        yield Piece(
            role=item["role"],
            title=item["title"].replace("{}", word),
            description=description and description.replace("{}", word),
            tags=tuple(item.get("tags", ())),
        )
