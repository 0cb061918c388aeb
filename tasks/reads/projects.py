"""How a project is read: for lists, for one, and for the answers of writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import QuerySet

from tasks.actors import Actor
from tasks.exceptions import ProjectNotFound
from tasks.models import Project, ProjectMember, ProjectTag
from tasks.people import Person, people_by_id
from tasks.progress import with_progress
from tasks.reads.groups import grouped


class ProjectRow(NamedTuple):
    """The columns of a project and of its client, in the order in which they are selected."""

    id: int
    title: str
    description: str | None
    status: str
    is_archived: bool
    progress: int
    manual_progress: int | None
    client_id: int | None
    client__name: str | None
    start_date: dt.date | None
    due_date: dt.date | None
    created_at: dt.datetime
    updated_at: dt.datetime
    manager_id: Any


@dataclass(frozen=True, slots=True)
class ProjectRecord:
    """A project with all that the API shows of it."""

    row: ProjectRow
    assigned: Sequence[Person]
    manager: Person | None
    tags: Sequence[str]


def project_record(*, actor: Actor, project_id: int) -> ProjectRecord:
    """One project. Raises ``ProjectNotFound``."""
    seen = Project.objects.visible_to(actor).filter(pk=project_id)
    records = project_records(with_progress(seen, actor))
    if not records:
        raise ProjectNotFound
    return records[0]


def project_records(projects: QuerySet[Any]) -> list[ProjectRecord]:
    """The projects of a queryset ``with_progress``, in its order, each with what belongs to it.

    Four queries: the projects, their members, those people and the managers, their tags.
    """
    rows = [ProjectRow._make(row) for row in projects.values_list(*ProjectRow._fields)]
    ids = [row.id for row in rows]
    members = list(
        ProjectMember.objects.filter(project_id__in=ids)
        .order_by("user_id")
        .values_list("project_id", "user_id")
    )
    managers = {row.manager_id for row in rows} - {None}
    people = people_by_id({user_id for _, user_id in members} | managers)
    assigned = grouped((pk, people[user_id]) for pk, user_id in members if user_id in people)
    # Sorted here: a database sorts text by its collation, not by code point.
    tags = grouped(
        sorted(
            ProjectTag.objects.filter(content_object_id__in=ids).values_list(
                "content_object_id", "tag__name"
            )
        )
    )
    return [
        ProjectRecord(
            row, assigned.get(row.id, ()), people.get(row.manager_id), tags.get(row.id, ())
        )
        for row in rows
    ]
