"""The host's pages, and the API under a prefix of the host's choice."""

from django.contrib import admin
from django.urls import include, path

from tests.hostile.views import home

urlpatterns = [
    path("", home, name="home"),
    path("verwaltung/", admin.site.urls),
    path("work/api/", include("tasks.urls")),
    path("work/api/", include("comments.urls")),
    path("work/api/", include("timers.urls")),
]
