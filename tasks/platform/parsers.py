"""Bodies in: form, multipart and JSON, read the way PHP and Laravel's clients write them.

A form's pairs become one dict, in which ``assigned[]=5&assigned[]=8`` is a list. Text that is not
UTF-8 is refused instead of being replaced by question marks.
"""

import json
import re
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import IO, Any, NoReturn
from urllib.parse import parse_qsl

from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser as DjangoMultiPartParser
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

#: The largest body that is read, in bytes: far above a long description, far below trouble.
MAX_BODY = 10 * 1024 * 1024
MAX_FIELDS = 10_000
#: JSON integers longer than this many digits are all the same to us: no column holds them.
MAX_DIGITS = 100

#: As PHP has them: ids and epochs serve as keys too. It takes more digits for text.
_INDEX = re.compile("[0-9]{1,19}")
_SUBSCRIPT = re.compile(r"\[([^\[\]]*)\]")


class FormData(dict[str, Any]):
    """A form's fields; tells fields that an empty string may stand for an empty array."""


class JSONObjectParser(BaseParser):
    """``application/json``: an object, else 400."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        try:
            value = json.loads(
                _body(stream).decode("utf-8-sig"),
                parse_constant=_refuse_constant,
                parse_int=_parse_int,
            )
        except (ValueError, RecursionError) as error:
            raise ParseError from error
        if not isinstance(value, dict):
            raise ParseError
        return value


class MergePatchParser(JSONObjectParser):
    """``application/merge-patch+json`` (RFC 7396), where an endpoint takes partial updates."""

    media_type = "application/merge-patch+json"


class URLEncodedParser(BaseParser):
    """``application/x-www-form-urlencoded``."""

    media_type = "application/x-www-form-urlencoded"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> FormData:
        try:
            pairs = parse_qsl(
                _body(stream).decode(),
                keep_blank_values=True,
                errors="strict",
                max_num_fields=MAX_FIELDS,
            )
        except ValueError as error:
            raise ParseError from error
        return php_form(pairs)


class MultiPartFormParser(BaseParser):
    """``multipart/form-data``. Files are skipped: no endpoint takes any."""

    media_type = "multipart/form-data"

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> FormData:
        # Django knows the type in small letters only.
        content_type = "multipart/form-data;" + (media_type or "").partition(";")[2]
        body = _body(stream)
        meta = (parser_context or {})["request"].META | {
            "CONTENT_TYPE": content_type,
            "CONTENT_LENGTH": str(len(body)),
        }
        try:
            # Django replaces what it can't decode; Latin-1 keeps every byte for a strict look.
            parser = DjangoMultiPartParser(meta, BytesIO(body), [_NoFiles()], "latin-1")
            _refuse_truncated(body, content_type)
            fields, _ = parser.parse()
            return php_form(
                (_utf8(name), _utf8(value)) for name, values in fields.lists() for value in values
            )
        except (MultiPartParserError, SuspiciousOperation, ValueError) as error:
            raise ParseError from error


class _NoFiles(FileUploadHandler):
    def new_file(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None


def php_form(pairs: Iterable[tuple[str, Any]]) -> FormData:
    """The fields of a form with PHP's arrays: ``a[]=``, ``a[0]=``; the last of a plain name counts.

    An array with keys that are no numbers, or nested ones, stays a dict: no field takes those.
    """
    arrays: dict[str, dict[str | int, Any]] = {}
    next_index: dict[str, int] = {}
    form = FormData()
    for name, value in pairs:
        base, bracket, _ = name.partition("[")
        keys = _SUBSCRIPT.findall(name[len(base) :])
        if not bracket or not base or "".join(f"[{key}]" for key in keys) != name[len(base) :]:
            form[name] = value
            arrays.pop(name, None)
            continue
        if base not in arrays:
            arrays[base] = form[base] = {}
            next_index[base] = 0
        key = keys[0]
        index = int(key) if _INDEX.fullmatch(key) else key or next_index[base]
        if isinstance(index, int):
            next_index[base] = max(next_index[base], index + 1)
        arrays[base][index] = value if len(keys) == 1 else {keys[1]: value}
    for name, array in arrays.items():
        if all(isinstance(key, int) for key in array):
            form[name] = list(array.values())
    return form


def as_form(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """A body as our parsers leave it, also where a host's middleware has parsed it before us."""
    if isinstance(data, QueryDict):
        return php_form((name, value) for name, values in data.lists() for value in values)
    return data


def _body(stream: IO[bytes]) -> bytes:
    body = stream.read(MAX_BODY + 1)
    if len(body) > MAX_BODY:
        raise ParseError
    return body


def _refuse_truncated(body: bytes, content_type: str) -> None:
    """Django would take what there is of a body that was cut off: half a value as a whole one."""
    boundary = parse_header_parameters(content_type)[1]["boundary"]
    if f"--{boundary}--".encode() not in body:
        raise ParseError


def _utf8(text: Any) -> str:
    return str(text).encode("latin-1").decode()


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _parse_int(digits: str) -> int:
    return int(digits[:MAX_DIGITS])
