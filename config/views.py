"""The pages of the stand-alone site itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


def welcome(request: HttpRequest) -> HttpResponse:
    """The site's front page: where everything is, and a first request to paste."""
    return render(request, "welcome.html", {"api": request.build_absolute_uri("/api")})


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """The reference to read and to try, with nothing loaded from elsewhere."""
    response = render(request, "reference.html")
    # The pictures are arrows inside the style sheet of Swagger UI, which styles elements as well.
    response["Content-Security-Policy"] = (
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        "frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    )
    return response
