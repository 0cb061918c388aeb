"""Links: from an answer that brings a new row's id to all that can be done with that row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from config.openapi.answers import Schema

_PARAMETER = re.compile(r"{(\w+)}")


class _Target(NamedTuple):
    operation_id: str
    collection: str
    parameters: list[str]


def add_links(parts: Mapping[str, Schema]) -> None:
    """Put links into every 201 of these parts, also from one part to another's operations.

    Whoever puts parts together leaves out those that lead to a part that is not there.
    """
    targets = [target for part in parts.values() for target in _targets(part)]
    made = [made for part in parts.values() for made in _made(part)]
    collections = {target.collection for target in targets}
    home = {component: path for path, component, _ in made if path in collections}
    for path, component, answer in made:
        # A clone is made at another path, and belongs where the others of its kind are.
        collection = path if path in collections else home.get(component, "")
        links = {
            target.operation_id: _link(target)
            for target in targets
            if target.collection == collection
        }
        if links:
            answer["links"] = links


def _link(target: _Target) -> Schema:
    *outer, own = target.parameters
    parameters = {name: f"$request.path.{name}" for name in outer}
    return {
        "operationId": target.operation_id,
        "parameters": {**parameters, own: "$response.body#/data/id"},
    }


def _targets(part: Schema) -> Iterator[_Target]:
    """The operations on one row, each with the path of the collection that the row is in."""
    for path, operations in part["paths"].items():
        names = _PARAMETER.findall(path)
        if names:
            collection = path.rpartition("/{")[0]
            for operation in operations.values():
                yield _Target(operation["operationId"], collection, names)


def _made(part: Schema) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Where rows are made: the path, the component that shows one, and the answer."""
    for path, operations in part["paths"].items():
        for operation in operations.values():
            answer = operation["responses"].get("201")
            if answer is not None:
                schema = answer["content"]["application/json"]["schema"]
                yield path, schema["properties"]["data"].get("$ref", ""), answer
