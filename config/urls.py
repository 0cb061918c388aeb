"""The stand-alone site: the API under /api, the admin under /admin/, a page of welcome at /.

The reference of the API is at /api/schema, the page to try it at /api/docs.
"""

from django.contrib import admin
from django.urls import include, path, re_path

from config import errors
from config.views import reference, welcome
from tasks.platform.fallback import unknown_path

admin.site.site_title = admin.site.site_header = "Taskdock"
admin.site.index_title = "Workspace"

urlpatterns = [
    path("", welcome, name="welcome"),
    path("admin/", admin.site.urls),
    path("api/", include("tasks.urls")),
    path("api/", include("comments.urls")),
    path("api/", include("timers.urls")),
    re_path(r"^api/docs/?\Z", reference, name="reference"),
    re_path(r"^api(?:/[\s\S]*)?\Z", unknown_path),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
