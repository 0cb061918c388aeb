"""URL patterns of the API."""

import re

from django.urls import URLPattern, re_path

from tasks.platform.views import APIViewSet


def route(path: str, view: type[APIViewSet], name: str, **actions: str) -> URLPattern:
    """``route("tasks/{task_id}", TaskViewSet, "task", get="retrieve")``.

    The pattern takes one trailing slash or none, without a redirect. A part in braces takes
    anything but a slash: an id that is none is for the view to answer.
    """
    parts = re.split(r"\{(\w+)\}", path)
    pattern = "".join(
        f"(?P<{part}>[^/]+)" if index % 2 else re.escape(part) for index, part in enumerate(parts)
    )
    found: URLPattern = re_path(rf"^{pattern}/?\Z", view.as_view(actions), name=name)
    return found
