"""The reference: what the apps that are here can do, as OpenAPI 3.1.

Each app ships its part as a file, made from the views (``manage.py openapi`` of the stand-alone
site). Here they become one document, for the prefix, the user model and the settings of this site.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import orjson
from rest_framework.request import Request

from tasks import conf, extensions
from tasks.people import ids_are_integers, ids_are_uuids
from tasks.platform.answers import Answer
from tasks.platform.views import APIViewSet

PART = Path(__file__).parents[1] / "openapi.json"
#: What the parts' examples hold where an id of a person is to be.
EXAMPLE_PERSON = "{PersonId}"
EXAMPLE_PERSON_AS_TEXT = "{PersonIdText}"
#: What they hold where the number of rows is to be that a page has unless told otherwise.
PAGE_SIZE = "{PageSize}"


class ReferenceViewSet(APIViewSet):
    """The reference itself: for everybody, and bare, as tools expect it."""

    authentication_classes = []
    permission_classes = []

    def retrieve(self, request: Request) -> Answer:
        """The document, its address the one that it was asked for at."""
        prefix = request.path.rstrip("/").removesuffix("/schema")
        return Answer(_rendered(prefix, conf.value("PAGE_SIZE")))


@lru_cache(maxsize=16)
def _rendered(prefix: str, page_size: int) -> orjson.Fragment:
    return orjson.Fragment(orjson.dumps(document(prefix)))


def document(prefix: str, parts: Iterable[str] | None = None) -> dict[str, Any]:
    """The whole reference of an API that is mounted at ``prefix``.

    ``parts`` are the texts of the files that it is made of, by default those of the apps that are
    here.
    """
    if parts is None:
        paths = (PART, *extensions.references())
        parts = [path.read_text(encoding="utf-8") for path in paths]
    people, example = _people()
    values = {
        EXAMPLE_PERSON: example,
        EXAMPLE_PERSON_AS_TEXT: str(example),
        PAGE_SIZE: conf.value("PAGE_SIZE"),
    }
    whole: dict[str, Any] = {}
    for text in parts:
        _add(whole, json.loads(_filled(text, values)))
    people["PersonIdText"] = {**people["PersonIdText"], "examples": [str(example)]}
    whole["components"]["schemas"] |= people
    whole["servers"] = [{"url": prefix or "/"}]
    _drop_links_to_nowhere(whole["paths"])
    return whole


def _filled(text: str, values: Mapping[str, object]) -> str:
    for placeholder, value in values.items():
        text = text.replace(json.dumps(placeholder), json.dumps(value))
    return text


def _add(whole: dict[str, Any], part: dict[str, Any]) -> None:
    """Add what is new, to any depth; of a list, the items that are not there yet."""
    for name, value in part.items():
        if name == "tags" and name in whole:
            known = {tag["name"] for tag in whole[name]}
            whole[name] += [tag for tag in value if tag["name"] not in known]
        elif name in whole and name in {"paths", "components", "schemas", "responses"}:
            _add(whole[name], value)
        else:
            whole.setdefault(name, value)


def _drop_links_to_nowhere(paths: dict[str, Any]) -> None:
    operations = [operation for methods in paths.values() for operation in methods.values()]
    known = {operation["operationId"] for operation in operations}
    for operation in operations:
        for answer in operation["responses"].values():
            for name in set(answer.get("links", ())) - known:
                del answer["links"][name]


def _people() -> tuple[dict[str, Any], int | str]:
    """The ids of people: as they are answered, as they are taken, and an example."""
    if ids_are_integers():
        digits = {"type": "string", "pattern": "^[0-9]+$", "maxLength": 1000}
        whole = {"type": "integer", "minimum": 1}
        return _person_schemas(whole, {"anyOf": [whole, digits]}, digits), 53
    if ids_are_uuids():
        uuid = {"type": "string", "format": "uuid"}
        taken = {**uuid, "pattern": "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$"}
        return _person_schemas(uuid, taken, taken), "5f0c6a52-3f5c-4b52-9d1f-6a1c2f0e8b53"
    text: dict[str, Any] = {"type": "string", "minLength": 1}
    taken = {**text, "pattern": r"^[^\u0000]+$"}
    return _person_schemas(text, taken, taken), "sam.lee"


def _person_schemas(answered: Any, taken: Any, as_text: Any) -> dict[str, Any]:
    return {"PersonId": answered, "PersonIdInput": taken, "PersonIdText": as_text}
