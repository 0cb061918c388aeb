"""Lines over days: how numbers grew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.safestring import SafeString

from tasks.admin.charts.drawing import LETTER, element, joined
from tasks.admin.charts.figures import Chart
from tasks.admin.charts.scales import spread, ticks

_HEIGHT, _TOP, _BOTTOM, _RIGHT = 260, 10, 28, 14
#: Above how many points none is marked by itself.
_MARKED = 30
#: How much room a day takes as a label.
_LABEL = 92


@dataclass(frozen=True, slots=True)
class Line:
    """A name, and a number for each day of the chart."""

    name: str
    values: Sequence[int]


def line_chart(
    days: Sequence[dt.date],
    lines: Sequence[Line],
    *,
    key: str,
    title: str,
    text: str,
    heading: str,
    **kwargs: Any,
) -> Chart:
    """A chart of lines from one day to the next; ``heading`` is what the table calls the days."""

    def drawn(width: int) -> tuple[SafeString, int]:
        return _drawn(days, lines, width), _HEIGHT

    names = [line.name for line in lines]
    rows = [
        (date_format(day, "SHORT_DATE_FORMAT"), *(line.values[number] for line in lines))
        for number, day in enumerate(days)
    ]
    return Chart(
        key=key,
        title=title,
        text=text,
        drawn=drawn,
        columns=(heading, *names),
        rows=rows,
        series=names,
        **kwargs,
    )


def _drawn(days: Sequence[dt.date], lines: Sequence[Line], width: int) -> SafeString:
    marks = ticks(max((value for line in lines for value in line.values), default=0))
    left = len(f"{marks[-1]}") * LETTER + 12
    bottom, right = _HEIGHT - _BOTTOM, width - _RIGHT
    scale = (bottom - _TOP) / marks[-1]

    def across(number: int) -> float:
        # One day alone stands in the middle.
        if len(days) < 2:  # noqa: PLR2004 (the ends of a line)
            return (left + right) / 2
        return left + number * (right - left) / (len(days) - 1)

    parts = []
    for mark in marks:
        y = bottom - mark * scale
        parts.append(element("line", x1=left, x2=right, y1=y, y2=y, class_="taskdock-grid"))
        parts.append(element("text", mark, x=left - 6, y=y + 4, text_anchor="end", class_="tick"))
    labelled = spread(len(days), most=max(2, int((right - left) / _LABEL)))
    for number in labelled:
        x = across(number)
        day = date_format(days[number], "SHORT_DATE_FORMAT")
        parts.append(element("line", x1=x, x2=x, y1=bottom, y2=bottom + 4, class_="taskdock-axis"))
        half = len(day) * LETTER / 2
        at = min(max(x, half), width - half)
        parts.append(element("text", day, x=at, y=bottom + 18, text_anchor="middle", class_="tick"))
    parts.append(element("line", x1=left, x2=right, y1=bottom, y2=bottom, class_="taskdock-axis"))
    for series, line in enumerate(lines, start=1):
        points = [
            (across(number), bottom - value * scale) for number, value in enumerate(line.values)
        ]
        parts += _line(points, series)
    return joined(parts)


def _line(points: Sequence[tuple[float, float]], series: int) -> list[SafeString]:
    kind = f"taskdock-series-{series}"
    parts = [
        element(
            "polyline",
            points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
            fill="none",
            stroke="currentColor",
            class_=f"taskdock-line {kind}",
        )
    ]
    if len(points) <= _MARKED:
        parts += [
            element("circle", cx=x, cy=y, r=3, fill="currentColor", class_=kind) for x, y in points
        ]
    return parts
