"""The same fields as each kind of body that the API takes."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"
MULTIPART = "multipart/form-data; boundary=frontier"

#: A body and its content type.
Body = tuple[str | bytes, str]


def pairs(fields: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields as a form sends them; an empty list as one empty value."""
    sent: list[tuple[str, str]] = []
    for name, value in fields.items():
        if isinstance(value, list):
            sent += [(f"{name}[]", str(item)) for item in value] or [(name, "")]
        else:
            sent.append((name, "" if value is None else str(value)))
    return sent


def form(fields: Mapping[str, Any]) -> Body:
    return urlencode(pairs(fields)), FORM


def multipart(fields: Mapping[str, Any]) -> Body:
    return multipart_body(pairs(fields)), MULTIPART


def multipart_body(sent: list[tuple[str, str]], *, end: bytes = b"--frontier--\r\n") -> bytes:
    parts = [
        f'--frontier\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in sent
    ]
    return b"".join(parts) + end


def as_json(fields: Mapping[str, Any]) -> Body:
    return json.dumps(fields), JSON


def merge_patch(fields: Mapping[str, Any]) -> Body:
    return json.dumps(fields), MERGE_PATCH


ENCODINGS: dict[str, Callable[[Mapping[str, Any]], Body]] = {
    "form": form,
    "multipart": multipart,
    "json": as_json,
}
