"""The page for a form that is older than its sender's login."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render

_TOKEN = "csrfmiddlewaretoken"  # noqa: S105 (the name of a field)
#: Parts of the names of fields in which nobody types, or whose text is never shown.
_UNSHOWN = ("initial-", "password")
#: What a box or a button sends.
_WORDLESS = ("", "on", "yes")


def failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say what happened, show what was typed, and offer to send it with the token of now.

    This is for forms that the browser says were sent by a page of this site. No other site can
    have its own words shown here, nor a form sent by a click on them.
    """
    context: dict[str, Any] = {"action": request.get_full_path(), "texts": [], "fields": []}
    if _is_own(request):
        context |= _sent(request)
    response = render(request, "403_csrf.html", context, status=403)
    response["Cache-Control"] = "no-store"
    return response


def _is_own(request: HttpRequest) -> bool:
    source = request.headers.get("Origin") or request.headers.get("Referer", "")
    try:
        parts = urlsplit(source)
        return (parts.scheme, parts.netloc) == (request.scheme, request.get_host())
    except (ValueError, SuspiciousOperation):
        return False


def _sent(request: HttpRequest) -> dict[str, Any]:
    """What the form has: its texts to read, and all of it to be sent again unless it has files."""
    try:
        sent, files = request.POST, request.FILES
    except (MultiPartParserError, SuspiciousOperation, UnreadablePostError):
        return {}
    fields = [(name, value) for name, values in sent.lists() for value in values if name != _TOKEN]
    is_secret = any("password" in name for name, _value in fields)
    texts = [
        (name.rpartition("-")[2].replace("_", " "), value)
        for name, value in fields
        if not (name.startswith("_") or any(part in name for part in _UNSHOWN))
        and value not in _WORDLESS
        and not value.isdecimal()
    ]
    may_resend = not files and not is_secret
    return {"texts": texts, "fields": fields if may_resend else [], "has_files": bool(files)}
