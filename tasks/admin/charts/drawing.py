"""Elements of SVG, with attributes and classes alone: a strict policy forbids styles in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

#: About how wide a letter of a label is, in the units of the drawing.
LETTER = 6.4


def element(name: str, content: Any = "", **attributes: Any) -> SafeString:
    """One element, all that is given escaped; ``text_anchor`` stands for ``text-anchor``."""
    given = [(key.strip("_").replace("_", "-"), _said(one)) for key, one in attributes.items()]
    return format_html(
        "<{}{}>{}</{}>", name, format_html_join("", ' {}="{}"', given), content, name
    )


def joined(parts: Iterable[SafeString]) -> SafeString:
    """Elements one after the other."""
    return format_html_join("", "{}", ((part,) for part in parts))


def drawing(
    content: SafeString, *, key: str, title: str, text: str, width: int, height: int, kind: str
) -> SafeString:
    """The whole drawing; ``key`` is an id on the page, ``kind`` is wide or narrow."""
    place = f"{key}-{kind}"
    return element(
        "svg",
        joined(
            [
                element("title", title, id=f"{place}-title"),
                element("desc", text, id=f"{place}-desc"),
                content,
            ]
        ),
        role="img",
        aria_labelledby=f"{place}-title",
        aria_describedby=f"{place}-desc",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        class_=f"taskdock-drawing taskdock-is-{kind}",
    )


def shortened(text: str, room: float) -> str:
    """As much of a label as there is room for."""
    most = max(4, int(room / LETTER))
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _said(value: Any) -> Any:
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else value
