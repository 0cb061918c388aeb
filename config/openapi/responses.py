"""The answers of an operation: its success in the envelope, and every error by rule."""

from __future__ import annotations

import re
from http import HTTPStatus

from config.openapi.answers import Register, Schema, reference_to, schema_of
from config.openapi.inputs import required_names
from tasks.api.reference import PAGE_SIZE
from tasks.exceptions import NotFound, Refused, StillReferredTo, StorageUnavailable
from tasks.platform import wording
from tasks.platform.fields import InputSerializer
from tasks.platform.operations import Operation
from tasks.platform.shapes import PagesObject
from tasks.platform.views import APIViewSet

_READS = {"GET"}

#: Components that every part of the reference has.
ERROR_SCHEMAS: dict[str, Schema] = {
    "Error": {
        "type": "object",
        "description": "Why nothing was done.",
        "properties": {"message": {"type": "string", "minLength": 1}},
        "required": ["message"],
    },
    "ValidationError": {
        "type": "object",
        "description": (
            "All that is wrong with the parameters or the body, by field. An error of an item of "
            "an array is at `name.0`, counted from 0."
        ),
        "properties": {
            "message": {"type": "string", "const": wording.INVALID_DATA},
            "errors": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {
                    "type": "array",
                    "minItems": 1,
                    "items": {"type": "string", "minLength": 1},
                },
            },
        },
        "required": ["message", "errors"],
    },
}


def _error(description: str, *messages: str, **header: Schema) -> Schema:
    content: Schema = {"schema": reference_to("Error"), "examples": _examples(*messages)}
    answer: Schema = {"description": description, "content": {"application/json": content}}
    if header:
        answer["headers"] = {name.replace("_", "-"): said for name, said in header.items()}
    return answer


def _examples(*messages: str) -> Schema:
    return {
        _key(message): {"summary": message, "value": {"message": message}} for message in messages
    }


def _key(message: str) -> str:
    return re.sub(r"\W+", "_", message.lower()).strip("_")


#: Answers that are the same wherever they are given.
ERROR_RESPONSES: dict[str, Schema] = {
    "Unparsable": _error("The request can't be read.", wording.UNPARSABLE),
    "Unauthorized": _error(
        "There is no key, or none that is good.",
        wording.UNAUTHORIZED,
        WWW_Authenticate={"required": True, "schema": {"type": "string", "const": "Bearer"}},
    ),
    "Forbidden": _error("The key may only read.", wording.READ_ONLY),
    "UnsupportedMediaType": _error(
        "The body is of a type not taken here, or compressed.", wording.MEDIA_TYPE, wording.ENCODING
    ),
    "ServerError": _error("Something broke. Nothing was changed.", wording.SERVER_ERROR),
    "Unavailable": _error(
        "The database can't be reached or takes no changes, or the storage takes no file."
        " Nothing was changed.",
        wording.UNAVAILABLE,
        StorageUnavailable.message,
        Retry_After={
            "required": True,
            "description": "Seconds.",
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
        },
    ),
}


def responses_of(
    operation: Operation, *, method: str, view: APIViewSet, has_id: bool, register: Register
) -> dict[str, Schema]:
    """Every status that the operation may be answered with."""
    is_write = method not in _READS
    found: dict[str, Schema] = {
        str(operation.status): success_of(operation, kind=view.kind, register=register)
    }

    def common(status: HTTPStatus, name: str) -> None:
        found[str(int(status))] = {"$ref": f"#/components/responses/{name}"}

    common(HTTPStatus.BAD_REQUEST, "Unparsable")
    common(HTTPStatus.UNAUTHORIZED, "Unauthorized")
    if is_write:
        common(HTTPStatus.FORBIDDEN, "Forbidden")
    if is_write or has_id:
        found["404"] = _error("It does not exist, or the key may not see it.", *_missing(view))
    if is_write:
        found["409"] = _error("The data as it is forbids it.", *map(_message_of, operation.refuses))
        found["409"]["content"]["application/json"]["examples"] |= _examples(wording.CONFLICT)
        if method == "DELETE":
            refuse({"responses": found}, StillReferredTo)
    if is_write:
        common(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "UnsupportedMediaType")
    if operation.body or operation.query or operation.listing:
        found["422"] = _invalid(operation)
    common(HTTPStatus.INTERNAL_SERVER_ERROR, "ServerError")
    common(HTTPStatus.SERVICE_UNAVAILABLE, "Unavailable")
    return found


def success_of(operation: Operation, *, kind: str, register: Register) -> Schema:
    """The envelope, with the operation's example in it."""
    message = operation.message.format(kind=kind)
    data = schema_of(operation.data, register)
    properties: Schema = {"data": data}
    example: Schema = {"data": operation.example}
    if operation.listing is not None:
        properties = {
            "data": {"type": "array", "items": data},
            "meta": schema_of(operation.meta or PagesObject, register),
        }
        per_page = 1 if operation.listing.whole else PAGE_SIZE
        pages = {"current_page": 1, "per_page": per_page, "total": 1, "last_page": 1}
        example = {"data": [operation.example], "meta": pages | dict(operation.meta_example)}
    properties["message"] = {"type": "string", "const": message}
    schema: Schema = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }
    content = {"schema": schema, "example": {**example, "message": message}}
    return {"description": message, "content": {"application/json": content}}


def _missing(view: APIViewSet) -> list[str]:
    return [wording.NOT_FOUND if view.not_found is NotFound else view.not_found().message]


def refuse(operation: Schema, refusal: type[Refused]) -> None:
    """Add one more reason for a 409 of an operation."""
    content = operation["responses"]["409"]["content"]["application/json"]
    content["examples"] |= _examples(_message_of(refusal))


def _message_of(refusal: type[Refused]) -> str:
    """What it says; one that names what it is about says it of an example."""
    try:
        return refusal().message
    except TypeError:
        return str(refusal("homepage.pdf"))


def _invalid(operation: Operation) -> Schema:
    errors: dict[str, list[str]] = {}
    for serializer_class in (operation.query, operation.body):
        if serializer_class is not None:
            errors |= _first_errors(serializer_class())
    if operation.listing is not None:
        errors["page"] = [wording.POSITIVE.format(name="page")]
    example = {"message": wording.INVALID_DATA, "errors": errors}
    content = {"schema": reference_to("ValidationError"), "example": example}
    return {
        "description": "What was sent breaks a rule.",
        "content": {"application/json": content},
    }


def _first_errors(serializer: InputSerializer) -> dict[str, list[str]]:
    names = required_names(serializer)
    if names:
        return {name: [wording.REQUIRED.format(name=wording.spoken(name))] for name in names}
    name = str(next(iter(serializer.fields)))
    return {name: [wording.SELECTED.format(name=wording.spoken(name))]}
