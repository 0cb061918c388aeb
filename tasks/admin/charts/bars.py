"""Bars that lie, one below the other: each with its name, and what it comes to at its end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString

from tasks.admin.charts.drawing import LETTER, element, joined, shortened
from tasks.admin.charts.figures import Chart

_ROW, _BAR, _TOP, _BOTTOM = 30, 16, 6, 24
#: From which width on a name stands beside its bar, and below which above it.
_BESIDE = 500
_NAMES = 190
_ROW_BELOW = 42


@dataclass(frozen=True, slots=True)
class Bar:
    """A name and an amount."""

    name: str
    amount: int


def bar_chart(
    bars: Sequence[Bar],
    *,
    key: str,
    title: str,
    text: str,
    columns: Sequence[str],
    worded: Callable[[int], str],
    ticks: Callable[..., list[int]],
    **kwargs: Any,
) -> Chart:
    """A chart of bars; ``worded`` says an amount, ``ticks`` makes the axis of the largest one."""

    def drawn(width: int) -> tuple[SafeString, int]:
        return _drawn(bars, width, worded, ticks)

    rows = [(bar.name, worded(bar.amount)) for bar in bars]
    return Chart(key=key, title=title, text=text, drawn=drawn, columns=columns, rows=rows, **kwargs)


def _drawn(
    bars: Sequence[Bar],
    width: int,
    worded: Callable[[int], str],
    ticks: Callable[..., list[int]],
) -> tuple[SafeString, int]:
    is_beside = width >= _BESIDE
    row = _ROW if is_beside else _ROW_BELOW
    left = float(_NAMES if is_beside else 2)
    # Room for the longest amount behind the longest bar.
    ends = width - max([len(worded(bar.amount)) for bar in bars], default=0) * LETTER - 14
    marks = ticks(max([bar.amount for bar in bars], default=0), most=5 if is_beside else 3)
    scale = (ends - left) / marks[-1]
    bottom = _TOP + row * len(bars)
    parts = []
    for mark in marks:
        x = left + mark * scale
        parts.append(element("line", x1=x, x2=x, y1=_TOP, y2=bottom, class_="taskdock-grid"))
        anchor = "start" if mark == 0 and not is_beside else "middle"
        parts.append(
            element("text", worded(mark), x=x, y=bottom + 16, text_anchor=anchor, class_="tick")
        )
    for number, bar in enumerate(bars):
        middle = _TOP + row * number + (row / 2 if is_beside else row - _BAR / 2 - 4)
        length = bar.amount * scale
        room = left - 12 if is_beside else width - 4
        name = shortened(bar.name, room)
        where = {"x": left - 10, "y": middle + 4, "text_anchor": "end"}
        above = {"x": 2, "y": middle - _BAR / 2 - 5, "text_anchor": "start"}
        parts.append(element("text", name, **(where if is_beside else above)))
        parts.append(
            element(
                "rect",
                x=left,
                y=middle - _BAR / 2,
                width=max(length, 1.0),
                height=_BAR,
                rx=2,
                fill="currentColor",
                class_="taskdock-series-1",
            )
        )
        parts.append(
            element("text", worded(bar.amount), x=left + length + 6, y=middle + 4, class_="amount")
        )
    return joined(parts), int(bottom + _BOTTOM)
