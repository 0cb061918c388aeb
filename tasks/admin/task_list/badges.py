"""Coloured badges whose text is legible on any colour that a site gives a status."""

from __future__ import annotations

from typing import Any

from django.utils.html import format_html

#: From this luminance on, black on it is told apart better than white: both have 4.58 there.
_LIGHT = 0.179
#: sRGB is straight up to here.
_STRAIGHT = 0.04045
_BADGE = (
    '<span class="taskdock-badge taskdock-on-{}"><svg class="taskdock-badge-fill"'
    ' aria-hidden="true"><rect width="100%" height="100%" rx="9" fill="{}"/></svg>'
    '<span class="taskdock-badge-text">{}</span></span>'
)


def badge(color: str, text: Any) -> str:
    """``text`` on ``color`` (#rrggbb), black or white: at least 4.5 to 1, as WCAG's AA asks.

    An SVG with a fill, since a strict content policy forbids style attributes.
    """
    return format_html(_BADGE, "light" if _luminance(color) > _LIGHT else "dark", color, text)


def _luminance(color: str) -> float:
    """WCAG's relative luminance."""
    red, green, blue = (_linear(int(color[start : start + 2], 16) / 255) for start in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= _STRAIGHT else ((part + 0.055) / 1.055) ** 2.4)
