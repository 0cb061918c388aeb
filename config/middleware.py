"""The way of a request through the stand-alone site."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

API = "/api/"


def straight_to_the_api(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Spares the API what comes after this: static files, sessions, cookies, forms, frames.

    Who calls it has a key, and nothing that these could read; together they take as long as the
    rest of Django's handling of a short request.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(API):
            return get_response(request)
        # What Django does at the end of the chain. Nothing is missing: any path here has a view.
        request.resolver_match = match = resolve(request.path_info)
        response: Any = match.func(request, *match.args, **match.kwargs)
        answer: HttpResponse = response.render() if hasattr(response, "render") else response
        return answer

    return middleware
