"""Holds answers to the reference: every one that a test's client is given."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any, NamedTuple

import jsonschema_rs
from django.http import HttpResponse

from tasks.api.reference import document

#: What may be answered to what the reference does not tell of: an unknown path or method.
UNDOCUMENTED = {401, 404, 405}
#: Where the reference itself is.
REFERENCE = "/schema"


class Path(NamedTuple):
    """A path of the reference, and what matches it."""

    pattern: re.Pattern[str]
    template: str


@cache
def reference(prefix: str) -> dict[str, Any]:
    """The reference of this site."""
    return document(prefix)


@cache
def _paths(prefix: str) -> list[Path]:
    templates = reference(prefix)["paths"]
    # Where two match, the one with fewer parameters is meant.
    return [
        Path(re.compile(re.sub(r"{\w+}", "[^/]+", template) + "/?"), template)
        for template in sorted(templates, key=lambda template: template.count("{"))
    ]


def check_answer(prefix: str, method: str, path: str, response: HttpResponse) -> None:
    """Raise an ``AssertionError`` where an answer is none that the reference tells of.

    ``path`` is what was asked for, prefix included, without a query.
    """
    asked = path.removeprefix(prefix)
    if asked.rstrip("/") == REFERENCE:
        return
    template = next((p.template for p in _paths(prefix) if p.pattern.fullmatch(asked)), None)
    operations = reference(prefix)["paths"].get(template, {})
    operation = operations.get("get" if method == "HEAD" else method.lower())
    if operation is None:
        assert response.status_code in UNDOCUMENTED, (method, path, response.status_code)
        return
    where = f"{method} {template} {response.status_code}"
    status = str(response.status_code)
    assert status in operation["responses"], f"{where} is not in the reference."
    answer = _resolved(prefix, operation["responses"][status])
    for name, header in answer.get("headers", {}).items():
        value = response.headers.get(name)
        assert value is not None, f"{where} lacks {name}."
        _validator(prefix, json.dumps(header["schema"])).validate(value)
    if method != "HEAD":
        (media_type,) = answer["content"]
        assert response["Content-Type"] == media_type, f"{where} is {response['Content-Type']}."
        schema = json.dumps(answer["content"][media_type]["schema"])
        try:
            _validator(prefix, schema).validate(json.loads(response.content))
        except jsonschema_rs.ValidationError as error:
            raise AssertionError(f"{where} is not as in the reference: {error}") from None


def _resolved(prefix: str, answer: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in answer:
        return answer
    name = answer["$ref"].rpartition("/")[2]
    found: dict[str, Any] = reference(prefix)["components"]["responses"][name]
    return found


@cache
def _validator(prefix: str, schema: str) -> Any:
    components = {"schemas": reference(prefix)["components"]["schemas"]}
    return jsonschema_rs.Draft202012Validator(
        closed({**json.loads(schema), "components": components}), validate_formats=True
    )


def closed(schema: Any) -> Any:
    """The schema with every object in it holding what is documented, and nothing else."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: closed(value) for name, value in schema.items()}
    if schema.get("type") == "object" and "properties" in schema:
        found.setdefault("additionalProperties", False)
    return found
