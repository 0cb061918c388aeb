"""JSON out, whatever was asked for."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

import orjson
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class EnvelopeRenderer(BaseRenderer):
    """Writes UTF-8 JSON. The envelope itself is made where the answer is."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        try:
            return orjson.dumps(data)
        except TypeError:
            # orjson stops at 64 bits; "page=18446744073709551616" is answered with what was asked.
            return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()


class OneAnswer(BaseContentNegotiation):
    """``Accept`` changes nothing; a body is parsed by its content type alone."""

    def select_parser(self, request: Request, parsers: Iterable[BaseParser]) -> BaseParser | None:
        essence = request.content_type.partition(";")[0].strip().lower()
        return next((parser for parser in parsers if parser.media_type == essence), None)

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        renderer = next(iter(renderers))
        return renderer, renderer.media_type or ""
