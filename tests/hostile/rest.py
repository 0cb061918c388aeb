"""What the host gives to REST framework: everything says no, or speaks XML."""

from typing import Any, NoReturn

from django.http import HttpResponse
from rest_framework.exceptions import NotAcceptable
from rest_framework.filters import BaseFilterBackend
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer
from rest_framework.throttling import BaseThrottle


class DenyAll(BasePermission):
    def has_permission(self, request: Any, view: Any) -> bool:
        return False


class XMLRenderer(BaseRenderer):
    media_type = "application/xml"
    format = "xml"

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None
    ) -> str:
        return f"<antwort>{data}</antwort>"


class XMLParser(BaseParser):
    media_type = "application/xml"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> str:
        return "<anfrage/>"


class NoNegotiation(BaseContentNegotiation):
    def select_parser(self, request: Any, parsers: Any) -> None:
        return None

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> NoReturn:
        raise NotAcceptable


class ThrottleAll(BaseThrottle):
    def allow_request(self, request: Any, view: Any) -> bool:
        return False

    def wait(self) -> float:
        return 3600


class OneRowPages(PageNumberPagination):
    page_size = 1


class FilterAll(BaseFilterBackend):
    def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
        return queryset.none()


def page_of_shame(error: Exception, context: dict[str, Any]) -> HttpResponse:
    return HttpResponse("<h1>Hoppla!</h1>", status=418)


def nobody() -> NoReturn:
    raise AssertionError("The host's idea of an anonymous user was asked for.")
