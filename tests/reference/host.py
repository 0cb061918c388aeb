"""A host with a schema of its own: the whole site's URLs, and one view that it lists."""

from typing import Any

from django.urls import get_resolver, path
from drf_spectacular.openapi import AutoSchema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView


class HostsOwn(APIView):
    """What the host lists."""

    versioning_class = None
    serializer_class = Serializer
    schema = AutoSchema()

    def get(self, request: Request) -> Response:
        return Response({})


def host_patterns() -> list[Any]:
    return [*get_resolver().url_patterns, path("hosts-own", HostsOwn.as_view())]
