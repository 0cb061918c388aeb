"""JSON out, whatever was asked for."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from django.http import HttpResponse
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class Answer(HttpResponse):
    """UTF-8 JSON, written when it is made.

    DRF's own response is a template's: it waits to be told of a renderer, and is written on its way
    out. That takes a short answer longer than the writing does.
    """

    def __init__(
        self, data: Any, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(
            _json(data), status=status, headers=headers, content_type="application/json"
        )
        self.data = data


def _json(data: Any) -> bytes:
    try:
        return orjson.dumps(data)
    except TypeError:
        # orjson stops at 64 bits; "page=18446744073709551616" is answered with what was asked.
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


class ByContentType(BaseContentNegotiation):
    """A body is parsed by its content type alone; what is answered is not negotiated."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        essence = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == essence), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> None:
        """Nothing: an ``Answer`` is written when it is made."""
