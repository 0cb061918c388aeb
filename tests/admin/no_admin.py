"""The addresses of a site that has no admin."""

from typing import Any

urlpatterns: list[Any] = []
