"""What the page shows of the week: the table, the running timers, the charts, where it leads."""

from __future__ import annotations

from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tasks.admin.task_list.columns import hours_and_minutes
from tasks.clock import today
from timers.admin.week.asked import GROUPS, SPANS, Asked, Cell
from timers.admin.week.filters import ALL, ME
from timers.admin.week.sheet import SHOWN, Sheet
from timers.admin.week.totals import charts, shares_by, total_of


def shown_week(asked: Asked) -> dict[str, Any]:
    """The context of the template; a fixed number of queries."""
    sheet = Sheet(asked)
    projects, people = shares_by(asked, "task__project_id"), shares_by(asked, "user_id")
    names = sheet.name_all(
        people=[key for key, _time in people], projects=[key for key, _time in projects]
    )
    total = total_of(asked)
    return {
        "week": asked.week,
        "group_label": GROUPS[asked.group],
        "head": _head(asked, sheet),
        "groups": [_group(asked, sheet, group) for group in sheet.groups()],
        "has_more": sheet.has_more,
        "shown": SHOWN,
        "week_total": hours_and_minutes(sheet.total),
        "entries": sheet.entries,
        "running": sheet.running(),
        "charts": charts(asked, names, projects=projects, people=people, total=total),
        "previous": asked.link(day=asked.week.previous.isoformat()),
        "next": asked.link(day=asked.week.next.isoformat()),
        "this": asked.link(day=None),
        "choices": _choices(asked),
        "spans": [
            (asked.link(span=name) + "#charts", label, name == asked.span)
            for name, (_number, label) in SPANS.items()
        ],
    }


def _head(asked: Asked, sheet: Sheet) -> list[dict[str, Any]]:
    now = today()
    return [
        {
            "day": day,
            "is_today": day == now,
            "total": hours_and_minutes(seconds) if seconds else "",
            "url": f"{asked.cell_link(Cell(day, asked.person.enters_for))}#cell",
            "is_open": asked.cell == Cell(day, asked.person.enters_for),
        }
        for day, seconds in zip(sheet.days, sheet.by_day, strict=True)
    ]


def _group(asked: Asked, sheet: Sheet, group: Any) -> dict[str, Any]:
    return {
        "heading": group.heading,
        "url": group.url,
        "days": [hours_and_minutes(seconds) if seconds else "" for seconds in group.days],
        "total": hours_and_minutes(group.total),
        "lines": [_line(asked, sheet, group, line) for line in group.lines],
    }


def _line(asked: Asked, sheet: Sheet, group: Any, line: Any) -> dict[str, Any]:
    label = sheet.label(line)
    spoken = ", ".join([group.heading, *(name for _kind, name, _url in label)])
    cells = []
    for day, seconds in zip(sheet.days, line.days, strict=True):
        cell = sheet.cell(line, day)
        time = hours_and_minutes(seconds) if seconds else ""
        told = time or _("no time")
        cells.append(
            {
                "time": time,
                "is_running": day in line.running,
                "is_open": asked.cell == cell,
                "url": f"{asked.cell_link(cell)}#cell",
                "label": f"{spoken}, {date_format(day, 'l j F')}: {told}",
            }
        )
    return {"label": label, "cells": cells, "total": hours_and_minutes(line.total)}


def _choices(asked: Asked) -> dict[str, Any]:
    """What is chosen in the form above the table, and what else there is."""
    person = asked.person
    return {
        "people": [
            (asked.link(**{**person.nothing, "person": value}), label, person.choice == value)
            for value, label in ((ME, _("Me")), (ALL, _("Everybody")))
        ],
        "filters": [
            {"filter": one, "found": list(one.found_links(asked))}
            for one in asked.filters
            if one.has_output()
        ],
        "told": _told(asked),
        "groups": [(name, label, name == asked.group) for name, label in GROUPS.items()],
        "is_narrowed": any(one.value for one in asked.filters),
        "everything": asked.link(**_left_out(asked)),
    }


def _told(asked: Asked) -> list[tuple[Any, str]]:
    """What the table is narrowed to, for paper."""
    person = asked.person
    told = [
        (one.title, _("unknown") if one.row is None else one.label(one.row))
        for one in asked.filters
        if one.value and not (one is person and person.is_told)
    ]
    if person.choice == ME:
        user: Any = asked.request.user
        told.insert(0, (person.title, person.label(user)))
    return told


def _left_out(asked: Asked) -> dict[str, Any]:
    return {name: None for one in asked.filters for name in one.nothing}
