"""The cell that is open: its entries, each with a form, and a form for another one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.utils import quote
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from timers.admin.week.asked import Asked
from timers.admin.week.forms import CorrectionForm, EntryForm, correction, form_of, tasks_at_hand
from timers.admin.week.names import Names
from timers.admin.week.times import exact
from timers.clock import clock

#: How many entries of a cell are shown: the newest. All are in their own list.
SHOWN = 50


def shown_cell(
    asked: Asked, can: Mapping[str, bool], *, form: Any = None, problem: str = ""
) -> dict[str, Any] | None:
    """What the page shows of it; ``form`` is one that was refused, ``problem`` what has no form."""
    cell = asked.cell
    if cell is None:
        return None
    request, page = asked.request, asked.page
    rows = asked.of_cell(cell).select_related("task").order_by("-pk")
    entries = list(rows[: SHOWN + 1])
    names = Names(
        asked.actor,
        people=[cell.person],
        projects=[cell.project, *(entry.task.project_id for entry in entries)],
        tasks=[cell.task],
    )
    refused = form.instance.pk if isinstance(form, CorrectionForm) else None
    now = timezone.now()
    shown = []
    for entry in entries[:SHOWN]:
        is_open = not entry.is_running and not entry.is_invoiced
        own = None
        if entry.pk == refused:
            own = form
        elif is_open and can["change"]:
            own = correction(request, entry)
        shown.append(
            {
                "entry": entry,
                "pk": str(entry.pk),
                "task": entry.task.title,
                "task_url": _task_url(page, entry.task_id),
                "project": names.project(entry.task.project_id),
                "time": exact(entry.seconds),
                "clock": clock(entry.seconds_at(now)),
                "so_far": str(entry.seconds_at(now)),
                "form": own,
                "can_delete": can["delete"] and not entry.is_invoiced and not entry.is_running,
            }
        )
    is_known = cell.person == request.user.pk or cell.person in names.people
    offers = can["add"] and is_known
    add = form if isinstance(form, EntryForm) else None
    if offers and add is None:
        add = form_of(EntryForm, request, None, prefix="entry", offered=tasks_at_hand(asked, cell))
    return {
        "key": " ".join(str(value) for value in cell.parameters.values()),
        "day": cell.day,
        "person": names.person(cell.person),
        "project": names.project(cell.project) if cell.project is not None else "",
        "task": names.task(cell.task) if cell.task is not None else "",
        "entries": shown,
        "has_more": len(entries) > SHOWN,
        "problem": problem,
        "add": add if offers else None,
        "search": asked.search,
        "kept": {**asked.kept, **cell.parameters},
        "urls": {action: asked.cell_link(cell, "week_write", action) for action in can},
        "close": asked.link(),
    }


def _task_url(page: Any, pk: Any) -> str | None:
    try:
        return reverse(
            "admin:taskdock_task_change",
            args=[quote(str(pk))],
            current_app=page.admin_site.name,
        )
    except NoReverseMatch:
        return None
