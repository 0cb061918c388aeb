"""Types of answers as JSON Schema: each ``TypedDict`` a component, all else in place."""

from __future__ import annotations

import inspect
import types
from collections.abc import Callable, Mapping
from typing import (
    Annotated,
    Any,
    Literal,
    TypeAlias,
    Union,
    get_args,
    get_origin,
    get_type_hints,
    is_typeddict,
)

from tasks.platform.shapes import Named, Shape

Schema: TypeAlias = dict[str, Any]
#: Keeps a component, made when it is asked for the first time, and gives the reference to it.
Register: TypeAlias = Callable[[str, Any, Callable[[], Schema]], Schema]

_Parts: TypeAlias = tuple[Any, ...]

_PLAIN: Mapping[Any, Schema] = {
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
}


def reference_to(component: str) -> Schema:
    """``$ref`` of a schema by its name."""
    return {"$ref": f"#/components/schemas/{component}"}


def prose(docstring: str | None) -> str:
    """A docstring as the Markdown that descriptions are."""
    return inspect.cleandoc(docstring or "").replace("``", "`")


def schema_of(annotation: Any, register: Register) -> Schema:
    """The schema of a type. Raises ``TypeError`` for one that the API has no use for."""
    if annotation in _PLAIN:
        return dict(_PLAIN[annotation])
    if is_typeddict(annotation):
        return register(
            annotation.__name__.removesuffix("Object"),
            annotation,
            lambda: _object_schema(annotation, register),
        )
    make = _GENERIC.get(get_origin(annotation))
    if make is None:
        raise TypeError(f"The reference can't tell what {annotation!r} looks like.")
    return make(get_args(annotation), register)


def one_of(schemas: list[Schema]) -> Schema:
    """Any of these, said as shortly as can be."""
    rest = [schema for schema in schemas if schema != {"type": "null"}]
    if len(rest) < len(schemas) and len(rest) == 1:
        (only,) = rest
        if isinstance(only.get("type"), str):
            nullable = {**only, "type": [only["type"], "null"]}
            if "enum" in only:
                nullable["enum"] = [*only["enum"], None]
            return nullable
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _object_schema(annotation: Any, register: Register) -> Schema:
    hints = get_type_hints(annotation, include_extras=True)
    schema: Schema = {
        "type": "object",
        "properties": {name: schema_of(hint, register) for name, hint in hints.items()},
        "required": [name for name in hints if name in annotation.__required_keys__],
    }
    if annotation.__doc__:
        schema["description"] = prose(annotation.__doc__)
    return schema


def _annotated(parts: _Parts, register: Register) -> Schema:
    annotation, *said = parts
    for item in said:
        if isinstance(item, Named):
            return reference_to(item.component)
    schema = schema_of(annotation, register)
    for item in said:
        if isinstance(item, Shape):
            schema |= item.keywords
    return schema


def _literal(values: _Parts, register: Register) -> Schema:
    kinds = list(dict.fromkeys(_PLAIN[type(value)]["type"] for value in values))
    return {"type": kinds[0] if len(kinds) == 1 else kinds, "enum": list(values)}


def _list(parts: _Parts, register: Register) -> Schema:
    return {"type": "array", "items": schema_of(parts[0], register)}


def _union(parts: _Parts, register: Register) -> Schema:
    return one_of([schema_of(part, register) for part in parts])


_GENERIC: Mapping[Any, Callable[[_Parts, Register], Schema]] = {
    Annotated: _annotated,
    Literal: _literal,
    list: _list,
    Union: _union,
    types.UnionType: _union,
}
