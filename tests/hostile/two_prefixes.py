"""The second host's pages, with the API under two prefixes and us in one of two admin sites."""

from django.contrib import admin
from django.urls import include, path

from tests.hostile.apps.intern import intern
from tests.hostile.views import home

urlpatterns = [
    path("", home, name="home"),
    path("admin/", admin.site.urls),
    path("intern/", intern.urls),
    path("v1/", include("tasks.urls", namespace="taskdock_v1")),
    path("v1/", include("comments.urls", namespace="taskdock_comments_v1")),
    path("v1/", include("timers.urls", namespace="taskdock_timers_v1")),
    path("v2/api/", include("tasks.urls")),
    path("v2/api/", include("comments.urls")),
    path("v2/api/", include("timers.urls")),
]
