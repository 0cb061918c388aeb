"""A week's entries as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse
from django.utils import timezone

from tasks.admin.spreadsheets import Columns, csv_response
from timers.admin.week.asked import Asked
from timers.admin.week.names import Names
from timers.admin.week.times import exact
from timers.reads import entries

_COLUMNS: Columns = {
    "id": lambda one: one.pk,
    "day": lambda one: one.work_date,
    "person_id": lambda one: one.user_id,
    "person": lambda one: "" if one.user_id is None else one.names.person(one.user_id),
    "client_id": lambda one: one.client_id,
    "client": lambda one: "" if one.client_id is None else one.names.client(one.client_id),
    "project_id": lambda one: one.task.project_id,
    "project": lambda one: one.names.project(one.task.project_id),
    "task_id": lambda one: one.task_id,
    "task": lambda one: one.task.title,
    "seconds": lambda one: one.counted,
    "time": lambda one: exact(one.counted),
    "running": lambda one: int(bool(one.is_running)),
    "invoiced": lambda one: int(one.is_invoiced),
}


def csv_of_week(asked: Asked) -> StreamingHttpResponse:
    """Each entry of the week as it is narrowed, by day; of a running timer the time so far."""

    def read(keys: Sequence[int]) -> Iterator[Any]:
        rows = entries(asked.actor).filter(pk__in=keys).select_related("task").order_by()
        found = {row.pk: row for row in rows}
        names = Names(
            asked.actor,
            people=[row.user_id for row in found.values()],
            projects=[row.task.project_id for row in found.values()],
            tasks=(),
        )
        now = timezone.now()
        for row in filter(None, map(found.get, keys)):
            row.names = names
            row.client_id = names.client_of.get(row.task.project_id)
            row.counted = row.seconds_at(now)
            yield row

    rows = asked.of_week().order_by("work_date", "pk")
    return csv_response(rows, _COLUMNS, read, name=f"time-{asked.week.first.isoformat()}")
