"""The way of a request through the stand-alone site."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import resolve

API = "/api/"
#: A page for browsers all the same.
DOCS = "/api/docs"


def straight_to_the_api(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Spares the API what pages need: static files, sessions, cookies, forms, frames.

    Who calls it has a key, and nothing that these could read; together they take longer than the
    rest of Django's handling of a short request. What matters to an answer of JSON is done here.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        path = request.path_info
        if not path.startswith(API) or path.startswith(DOCS):
            return get_response(request)
        # Raises where ALLOWED_HOSTS has none like it.
        request.get_host()
        # What Django does at the end of the chain. Nothing is missing: any path here has a view.
        request.resolver_match = match = resolve(path)
        answer: HttpResponse = match.func(request, *match.args, **match.kwargs)
        answer.headers["Content-Length"] = str(len(answer.content))
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    return middleware
