"""Errors that never reach a view of the API, answered in its envelope below /api all the same."""

import sys
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from tasks.admin.outages import unavailable_page
from tasks.database_errors import is_outage
from tasks.platform import wording
from tasks.platform.errors import RETRY_AFTER


def _in_envelope(
    message: str, status: int, page: Callable[..., HttpResponse]
) -> Callable[..., HttpResponse]:
    def handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _is_of_api(request):
            return JsonResponse({"message": message}, status=status)
        return page(request, *args, **kwargs)

    return handler


bad_request = _in_envelope("Bad request.", 400, defaults.bad_request)
permission_denied = _in_envelope(wording.FORBIDDEN, 403, defaults.permission_denied)
page_not_found = _in_envelope(wording.NOT_FOUND, 404, defaults.page_not_found)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database can't do now what it will again: signing in, for one.

    Django calls this while the error is handled.
    """
    error = sys.exc_info()[1]
    is_of_api = _is_of_api(request)
    if error is not None and is_outage(error):
        if not is_of_api:
            return unavailable_page(request)
        headers = {"Retry-After": RETRY_AFTER}
        return JsonResponse({"message": wording.UNAVAILABLE}, status=503, headers=headers)
    if is_of_api:
        return JsonResponse({"message": wording.SERVER_ERROR}, status=500)
    return defaults.server_error(request)


def _is_of_api(request: HttpRequest) -> bool:
    return request.path_info == "/api" or request.path_info.startswith("/api/")
