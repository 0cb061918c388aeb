"""Tasks as CSV."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet, prefetch_related_objects
from django.http import StreamingHttpResponse

from tasks.admin.fields import format_tags
from tasks.admin.spreadsheets import Columns, csv_response
from tasks.admin.task_list.changelist import seconds_logged
from tasks.clock import instant_of_row
from tasks.importing.exported import EXPORTED
from tasks.models import Client
from tasks.people import person_name, users

_VALUES: Columns = {
    "id": lambda task: task.pk,
    "title": lambda task: task.title,
    "project_id": lambda task: task.project_id,
    "project": lambda task: task.project.title,
    "milestone": lambda task: task.milestone.title,
    "status": lambda task: task.status.title,
    "priority": lambda task: task.priority.title,
    "assigned": lambda task: format_tags(person_name(user) for user in _people(task)),
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
    "client": lambda task: task.client_name,
    "assigned_usernames": lambda task: format_tags(_username(user) for user in _people(task)),
    "created_by": lambda task: task.usernames.get(task.created_by_id),
    "completed_by": lambda task: task.usernames.get(task.completed_by_id),
}
_RELATED = ("project", "milestone", "status", "priority", "assignees__user", "task_tags__tag")
#: In the order in which an import knows them.
_COLUMNS: Columns = {name: _VALUES[name] for name in EXPORTED}


def csv_of(
    rows: QuerySet[Any],
    seen: Callable[[], QuerySet[Any]],
    clients: Callable[[], QuerySet[Client]] | None,
) -> StreamingHttpResponse:
    """The tasks as a file to download, in the order of ``rows``; read of ``seen``.

    ``clients`` are those whose names are in the file; None for no names.
    """

    usernames: dict[Any, str] = {}

    def read(keys: Sequence[int]) -> Iterator[Any]:
        found = list(seen().filter(pk__in=keys).order_by())
        # Of tasks with the same project there is one instance of it, not one each.
        prefetch_related_objects(found, *_RELATED)
        found = [task for task in found if _is_whole(task)]
        logged = seconds_logged(found)
        names = _client_names(found, clients)
        usernames.update(_usernames(found, usernames))
        tasks = {task.pk: task for task in found}
        for task in filter(None, map(tasks.get, keys)):
            task.logged_seconds = logged.get(task.pk, 0)
            task.client_name = names.get(task.project.client_id)
            task.usernames = usernames
            yield task

    return csv_response(rows, _COLUMNS, read, name="tasks")


def _is_whole(task: Any) -> bool:
    """Whether its project and the others are there; somebody may delete them meanwhile."""
    try:
        return bool(task.project and task.milestone and task.status and task.priority)
    except ObjectDoesNotExist:
        return False


def _client_names(
    tasks: Sequence[Any], clients: Callable[[], QuerySet[Client]] | None
) -> dict[int | None, str]:
    ids = {task.project.client_id for task in tasks} - {None}
    if clients is None or not ids:
        return {}
    return dict(clients().filter(pk__in=ids).order_by().values_list("pk", "name"))


def _people(task: Any) -> list[Any]:
    rows = sorted(task.assignees.all(), key=lambda row: row.user_id)
    return [row.user for row in rows]


def _usernames(tasks: Sequence[Any], known: Mapping[Any, str]) -> dict[Any, str]:
    ids = {pk for task in tasks for pk in (task.created_by_id, task.completed_by_id)}
    ids -= {None, *known}
    if not ids:
        return {}
    return {user.pk: _username(user) for user in users().filter(pk__in=ids)}


def _username(user: Any) -> str:
    return str(user.get_username() or user.pk)


def _moment(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    return instant_of_row(moment).astimezone(dt.UTC).isoformat()
