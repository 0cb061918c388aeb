"""Pages that can't be shown or saved at the moment say so: 503 with words, never a 500.

Django's handler of errors is the site's own, so each view of ours answers for itself.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from tasks.admin.refusals import refusal_text
from tasks.database_errors import is_outage
from tasks.exceptions import TaskdockError, Unavailable
from tasks.platform.errors import RETRY_AFTER, ConflictingWrite, log_outage

View = Callable[..., HttpResponseBase]
#: Errors among which those are that a page answers.
_ANSWERED = (DatabaseFault, OSError, TaskdockError, ConflictingWrite)


def answering(view: View) -> View:
    """The view, which answers an outage, and a refusal that it does not show itself, by a page."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
        except _ANSWERED as error:
            return _page_for(request, error)
        render = getattr(response, "render", None)
        if render is not None:
            # What a template shows is read when it is rendered, after middleware has seen it.
            response.render = partial(_rendered, request, render)  # type: ignore[attr-defined]  # of templates alone
        return response

    return answer


def unavailable_page(request: HttpRequest, message: str = "") -> HttpResponse:
    """The page that says so; it reads nothing from the database, not even who asks."""
    text = message or _(
        "The database can't be reached, or takes no changes at the moment."
        " Try again in a few seconds; what you sent was not saved."
    )
    return _page(request, _("Not available at the moment"), text, status=503)


def _rendered(request: HttpRequest, render: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    try:
        return render()
    except _ANSWERED as error:
        return _page_for(request, error)


def _page_for(request: HttpRequest, error: Exception) -> HttpResponse:
    """Call it while ``error`` is handled: it is raised again if it is neither."""
    if is_outage(error):
        log_outage(error)
        return unavailable_page(request)
    if isinstance(error, Unavailable):
        return unavailable_page(request, refusal_text(error))
    if isinstance(error, TaskdockError):
        return _page(request, _("Nothing was changed"), refusal_text(error), status=409)
    if isinstance(error, ConflictingWrite):
        text = _("Something else was changed at the same time. Try again.")
        return _page(request, _("Nothing was changed"), text, status=409)
    raise error


def _page(request: HttpRequest, title: str, text: str, *, status: int) -> HttpResponse:
    headers = {"Cache-Control": "no-store"}
    if status == 503:  # noqa: PLR2004 (as HTTP numbers it)
        headers["Retry-After"] = RETRY_AFTER
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"said": text, "kind": "error"}, status=status, headers=headers)
    context = {"title": title, "text": text, "again": request.method in {"GET", "HEAD"}}
    body = render_to_string("taskdock/unavailable.html", context)
    return HttpResponse(body, status=status, headers=headers)
