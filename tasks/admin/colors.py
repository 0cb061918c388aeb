"""Colours in tables: an SVG with a fill, since a strict content policy forbids style attributes."""

from typing import Any

from django.utils.html import format_html

_SWATCH = (
    '<span class="taskdock-colored"><svg class="taskdock-swatch" width="12" height="12"'
    ' aria-hidden="true"><rect width="12" height="12" rx="3" fill="{}"/></svg>{}</span>'
)


def colored(color: str, text: Any) -> str:
    """``text`` behind a swatch of ``color``."""
    return format_html(_SWATCH, color, text)
