"""What else a list is narrowed by, for a form that changes one filter of it."""

from __future__ import annotations

from collections.abc import Container
from typing import Any


def kept_parameters(changelist: Any, *, without: Container[Any]) -> list[tuple[str, str]]:
    """The parameters of the list, but these and the number of the page."""
    return [
        (name, str(value))
        for name, values in changelist.filter_params.items()
        if name not in without
        for value in (values if isinstance(values, list) else [values])
    ]
