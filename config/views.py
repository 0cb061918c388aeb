"""The pages of the stand-alone site itself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def welcome(request: HttpRequest) -> HttpResponse:
    """The site's front page: where everything is, and a first request to paste."""
    return render(request, "welcome.html", {"api": request.build_absolute_uri("/api")})
