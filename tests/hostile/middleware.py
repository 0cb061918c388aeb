"""Middleware that looks at requests before we do, as audit logs and tracing do."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeAlias

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]


class ReadsBody:
    """Reads every body that is no upload."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.content_type != "multipart/form-data":
            # What is too large for this host's log is served all the same.
            with suppress(SuspiciousOperation):
                len(request.body)
        return self.get_response(request)


class ReadsPost:
    """Reads every form, uploads included: their stream is used up before a view runs."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A form that can't be read is not this middleware's to answer.
        with suppress(MultiPartParserError, SuspiciousOperation, BadRequest):
            len(request.POST)
        return self.get_response(request)


class PagesForErrors:
    """Shows a page of the site's for whatever error a view lets out and Django has no page for."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, PermissionDenied | Http404):
            return None
        return HttpResponse("<h1>Hoppla!</h1>", status=500)


class NothingInline:
    """Forbids the browser all scripts and styles that are written into a page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # A stricter one, as of a file that is downloaded, stays: so does Django's own.
        response.headers.setdefault("Content-Security-Policy", "default-src 'self'")
        return response
