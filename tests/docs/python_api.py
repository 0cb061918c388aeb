"""What the page on the Python API says of a function, and what the function says of itself."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any, get_args, get_type_hints

from tests.docs.markdown import REPOSITORY, Page

PAGE = Page(REPOSITORY / "docs" / "python.md")
_MODULE = re.compile(r"^### `([\w.]+)`$", re.MULTILINE)
_ROW = re.compile(r"^\| `(\w+)` \|(?: (.*?) \|)+$", re.MULTILINE)


def sections() -> Iterator[tuple[str, dict[str, str]]]:
    """Each module of the page, with the rows of its tables by the name that they begin with."""
    _, *parts = _MODULE.split(PAGE.text)
    for module, text in zip(parts[::2], parts[1::2], strict=True):
        section = re.split(r"^## ", text, maxsplit=1, flags=re.MULTILINE)[0]
        yield module, {found[1]: found[0] for found in _ROW.finditer(section)}


def row_of(function: Callable[..., Any]) -> str:
    """The row of a function, or of a class that is made, as the page is to have it.

    Its keyword arguments, but for the actor, each of which may be left out with ``=`` behind it;
    and what it returns.
    """
    names: list[str] = []
    for name, parameter in inspect.signature(function).parameters.items():
        if name == "actor":
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            names += _optional_names(_hint(function, name))
        elif parameter.default is parameter.empty:
            names.append(f"`{name}`")
        else:
            names.append(f"`{name}=`")
    returned = None if isinstance(function, type) else _hint(function, "return")
    # A bar that is no end of a cell.
    result = "" if returned is None else f"`{_spoken(returned)}`".replace("|", r"\|")
    return f"| `{function.__name__}` | {', '.join(names)} | {result} |".replace("|  |", "| |")


def _hint(function: Any, name: str) -> Any:
    """One annotation; others may only make sense to a type checker."""
    said = function.__annotations__[name]
    return eval(said, function.__globals__) if isinstance(said, str) else said


def _optional_names(hint: Any) -> list[str]:
    fields = get_args(hint)
    return [f"`{name}=`" for name in get_type_hints(fields[0])] if fields else ["`**fields`"]


def _spoken(hint: Any) -> str:
    return re.sub(r"[\w.]+\.", "", hint.__name__ if isinstance(hint, type) else str(hint))
