"""A chart as a page shows it: the drawing, and the numbers behind it as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from tasks.admin.charts.drawing import drawing, joined

#: How wide a drawing is on a page and on a phone.
WIDE, NARROW = 720, 320


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart, for a template as ``{{ chart }}``.

    ``key`` is its id on the page; ``text`` says in a sentence what is seen. ``columns`` and
    ``rows`` are the table, the first of each row its heading. ``series`` are the names of what is
    drawn, in order, where there is more than one; ``is_open`` shows the table at once.
    """

    key: str
    title: str
    text: str
    drawn: Callable[[int], tuple[SafeString, int]]
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    series: Sequence[str] = ()
    is_open: bool = False

    def __str__(self) -> SafeString:
        return render_to_string("taskdock/charts/chart.html", {"chart": self})

    __html__ = __str__

    @property
    def drawings(self) -> SafeString:
        """Both drawings, of which the stylesheet shows one."""
        return joined(self._drawing(width, kind) for width, kind in _SIZES)

    def _drawing(self, width: int, kind: str) -> SafeString:
        content, height = self.drawn(width)
        return drawing(
            content,
            key=self.key,
            title=self.title,
            text=self.text,
            width=width,
            height=height,
            kind=kind,
        )


_SIZES = ((WIDE, "wide"), (NARROW, "narrow"))
