"""Tasks as CSV, for a spreadsheet: streamed, and harmless there whatever a title begins with.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; commas; lines end
in CRLF, as RFC 4180 has it. The columns are named alike in every language.
"""

from __future__ import annotations

import csv
import datetime as dt
from array import array
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import StreamingHttpResponse

from tasks.admin.fields import format_tags
from tasks.admin.task_list.changelist import seconds_logged
from tasks.clock import instant_of_row, today
from tasks.people import person_name

#: How many tasks are in memory at a time.
BATCH = 500
_MARK = "\ufeff"
#: With what a cell begins that a spreadsheet may take for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

_COLUMNS: dict[str, Callable[[Any], Any]] = {
    "id": lambda task: task.pk,
    "title": lambda task: task.title,
    "project_id": lambda task: task.project_id,
    "project": lambda task: task.project.title,
    "milestone": lambda task: task.milestone.title,
    "status": lambda task: task.status.title,
    "priority": lambda task: task.priority.title,
    "assigned": lambda task: ", ".join(_people(task)),
    "tags": lambda task: format_tags(sorted(row.tag.name for row in task.task_tags.all())),
    "start_date": lambda task: task.start_date,
    "due_date": lambda task: task.due_date,
    "logged_seconds": lambda task: task.logged_seconds,
    "archived": lambda task: int(task.is_archived),
    "billable": lambda task: int(task.is_billable),
    "visible_to_client": lambda task: int(task.is_client_visible),
    "created_at": lambda task: _moment(task.created_at),
    "updated_at": lambda task: _moment(task.updated_at),
    "completed_at": lambda task: _moment(task.completed_at),
    "description": lambda task: task.description,
}


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_of(rows: QuerySet[Any], seen: Callable[[], QuerySet[Any]]) -> StreamingHttpResponse:
    """The tasks as a file to download, in the order of ``rows``.

    Their keys are read at once, 8 bytes each, so that no transaction is open while somebody
    downloads; the tasks ``BATCH`` at a time, of ``seen``: what became invisible meanwhile is left
    out.
    """
    keys = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=10_000))
    response = StreamingHttpResponse(_lines(keys, seen), content_type="text/csv; charset=utf-8")
    name = f"tasks-{today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(keys: Sequence[int], seen: Callable[[], QuerySet[Any]]) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield _MARK + writer.writerow(_COLUMNS)
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        rows = seen().filter(pk__in=batch).order_by()
        found = list(rows.select_related("project", "milestone", "status", "priority"))
        prefetch_related_objects(found, "assignees__user", "task_tags__tag")
        logged = seconds_logged(found)
        tasks = {task.pk: task for task in found}
        for task in filter(None, map(tasks.get, batch)):
            task.logged_seconds = logged.get(task.pk, 0)
            yield writer.writerow([harmless(cell(task)) for cell in _COLUMNS.values()])


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before such text."""
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value


def _people(task: Any) -> list[str]:
    rows = sorted(task.assignees.all(), key=lambda row: row.user_id)
    return [person_name(row.user) for row in rows]


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    return instant_of_row(moment).astimezone(dt.UTC).isoformat(timespec="seconds")
