"""What an action takes and answers, said once: views act on it, and the reference is made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from tasks.exceptions import Refused
from tasks.platform.fields import InputSerializer
from tasks.platform.listing import ListSpec
from tasks.reads.reading import Reading

Action = TypeVar("Action", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path.

    ``summary`` and ``message`` may name the view's ``{kind}``. ``data`` is the type of what is
    answered, an array of them where there is a ``listing``, and ``example`` a value of that type;
    ``meta`` is the type of a list's ``meta``, where that holds more than the page. ``body`` is what
    is validated, ``sends`` an example of it; ``query`` are parameters that a list has beside its
    filters. ``refuses`` names what is answered with 409. ``reads`` tells the row that the path
    names, or those of the page, where that is all that is answered.
    """

    summary: str
    message: str
    data: Any
    example: Any
    status: int = 200
    body: type[InputSerializer] | None = None
    sends: Mapping[str, Any] = field(default_factory=dict)
    query: type[InputSerializer] | None = None
    listing: ListSpec | None = None
    meta: Any = None
    meta_example: Mapping[str, Any] = field(default_factory=dict)
    refuses: tuple[type[Refused], ...] = ()
    reads: Reading[Any] | None = None


def operation(**said: Any) -> Callable[[Action], Action]:
    """Declare an action of a view; takes what ``Operation`` does."""
    declared = Operation(**said)

    def declare(action: Action) -> Action:
        cast("Any", action).operation = declared
        return action

    return declare


def operation_of(action: Callable[..., Any]) -> Operation:
    """What an action was declared as."""
    declared: Operation = cast("Any", action).operation
    return declared
