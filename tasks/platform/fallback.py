"""What the stand-alone site answers beside the API's own paths."""

from typing import NoReturn

from django.http import Http404
from rest_framework.request import Request

from tasks.platform.views import APIViewSet


class UnknownPath(APIViewSet):
    """404 for every method, once the key is known to be good."""

    http_method_names = [*APIViewSet.http_method_names, "options", "trace"]

    def missing(self, request: Request) -> NoReturn:
        raise Http404


#: The view of any path that is none of ours.
unknown_path = UnknownPath.as_view(dict.fromkeys(UnknownPath.http_method_names, "missing"))
