"""A site whose every path is a page, below the language of its reader."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

PREFIX = getattr(settings, "TESTS_API_PREFIX", "/api").strip("/")


def page(request: HttpRequest, slug: str) -> HttpResponse:
    return HttpResponse(slug)


urlpatterns = [
    path(f"{PREFIX}/", include("tasks.urls")),
    path(f"{PREFIX}/", include("comments.urls")),
    path(f"{PREFIX}/", include("timers.urls")),
    *i18n_patterns(path("<path:slug>", page)),
]
