"""How a task is read, once: for lists, for one, and for the answers of writes.

Rows are plain tuples from a fixed number of queries, whatever the number of tasks: model instances
and managers are what makes task lists slow.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from tasks import extensions
from tasks.actors import Actor
from tasks.exceptions import TaskNotFound
from tasks.models import Task, TaskAssignee, TaskTag
from tasks.people import Person, people_by_id
from tasks.reads.groups import grouped


class TaskRow(NamedTuple):
    """The columns of a task and of what it points to, in the order in which they are selected."""

    id: int
    title: str
    description: str | None
    is_archived: bool
    is_client_visible: bool
    is_billable: bool
    start_date: dt.date | None
    due_date: dt.date | None
    created_at: dt.datetime
    updated_at: dt.datetime
    status_id: int
    status__title: str
    status__color: str
    priority_id: int
    priority__title: str
    priority__color: str
    project_id: int
    project__title: str
    project__client_id: int | None
    project__client__name: str | None
    milestone_id: int
    milestone__title: str
    time_logged: int


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A task with all that the API shows of it: ``assigned`` by id, ``tags`` by code point."""

    row: TaskRow
    assigned: Sequence[Person]
    tags: Sequence[str]


def task_record(*, actor: Actor, task_id: int) -> TaskRecord:
    """One task. Raises ``TaskNotFound``."""
    records = task_records(Task.objects.visible_to(actor).filter(pk=task_id))
    if not records:
        raise TaskNotFound
    return records[0]


def task_records(tasks: QuerySet[Any]) -> list[TaskRecord]:
    """The tasks of a queryset, in its order, each with all that belongs to it.

    Four queries: the tasks, their assignees, those people, their tags.
    """
    columns = [name for name in TaskRow._fields if name != "time_logged"]
    rows = [
        TaskRow._make(row)
        for row in tasks.annotate(time_logged=extensions.time_logged()).values_list(
            *columns, "time_logged"
        )
    ]
    ids = [row.id for row in rows]
    assigned = _assigned_by_task(ids)
    tags = _tags_by_task(ids)
    return [TaskRecord(row, assigned.get(row.id, ()), tags.get(row.id, ())) for row in rows]


def _assigned_by_task(task_ids: Sequence[int]) -> dict[int, list[Person]]:
    pairs = list(
        TaskAssignee.objects.filter(task_id__in=task_ids)
        .order_by("user_id")
        .values_list("task_id", "user_id")
    )
    people = people_by_id(user_id for _, user_id in pairs)
    return grouped((task_id, people[user_id]) for task_id, user_id in pairs if user_id in people)


def _tags_by_task(task_ids: Sequence[int]) -> dict[int, list[str]]:
    pairs = TaskTag.objects.filter(content_object_id__in=task_ids).values_list(
        "content_object_id", "tag__name"
    )
    # Sorted here: a database sorts text by its collation, not by code point.
    return grouped(sorted(pairs))
