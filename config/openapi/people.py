"""Ids of people in examples, which look different on sites whose users have other keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from config.openapi.answers import Schema
from tasks.api.reference import EXAMPLE_PERSON, EXAMPLE_PERSON_AS_TEXT

_EXAMPLES = {
    "#/components/schemas/PersonId": EXAMPLE_PERSON,
    "#/components/schemas/PersonIdInput": EXAMPLE_PERSON,
    "#/components/schemas/PersonIdText": EXAMPLE_PERSON_AS_TEXT,
}


def blank_people(part: Schema) -> None:
    """Put a place holder in place of every id of a person in the examples of a part."""
    schemas = part["components"]["schemas"]
    for node in _objects(part):
        if "example" in node:
            node["example"] = _blanked(node["example"], node["schema"], schemas)
        # Those of a schema are a list, those of a media type have names.
        if isinstance(node.get("examples"), list):
            node["examples"] = [_blanked(value, node, schemas) for value in node["examples"]]


def _objects(node: Any) -> Iterator[dict[str, Any]]:
    if isinstance(node, dict):
        yield node
    for item in node.values() if isinstance(node, dict) else node:
        if isinstance(item, dict | list):
            yield from _objects(item)


def _blanked(value: Any, schema: Schema, schemas: Schema) -> Any:
    if value is None:
        return None
    if schema.get("$ref") in _EXAMPLES:
        return _EXAMPLES[schema["$ref"]]
    if "$ref" in schema:
        return _blanked(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for alternative in schema.get("anyOf", ()):
        value = _blanked(value, alternative, schemas)
    if isinstance(value, dict):
        properties = schema.get("properties", {})
        return {
            name: _blanked(item, properties.get(name, {}), schemas) for name, item in value.items()
        }
    if isinstance(value, list):
        return [_blanked(item, schema.get("items", {}), schemas) for item in value]
    return value
