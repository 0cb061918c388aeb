"""Errors that never reach a view of the API, answered in its envelope below /api all the same."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults

from tasks.platform import wording


def _in_envelope(
    message: str, status: int, page: Callable[..., HttpResponse]
) -> Callable[..., HttpResponse]:
    def handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.path_info == "/api" or request.path_info.startswith("/api/"):
            return JsonResponse({"message": message}, status=status)
        return page(request, *args, **kwargs)

    return handler


bad_request = _in_envelope("Bad request.", 400, defaults.bad_request)
permission_denied = _in_envelope(wording.FORBIDDEN, 403, defaults.permission_denied)
page_not_found = _in_envelope(wording.NOT_FOUND, 404, defaults.page_not_found)
server_error = _in_envelope(wording.SERVER_ERROR, 500, defaults.server_error)
