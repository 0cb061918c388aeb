"""The documented objects of the core app, each with the example that the reference shows."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypedDict

from tasks.extensions import time_logged
from tasks.models import Task
from tasks.platform.shapes import (
    ActiveState,
    Color,
    Count,
    Day,
    Id,
    Moment,
    MomentsObject,
    NamedObject,
    PagesObject,
    Percentage,
    PersonObject,
    Shape,
    YesNo,
)
from tasks.reads import seen
from tasks.reads.reading import Reading
from tasks.reads.sources import Computed, Each, From, Names, People

PAGES: PagesObject = {"current_page": 1, "per_page": 25, "total": 1, "last_page": 1}
_MOMENTS: MomentsObject = {
    "created": "2026-05-28T09:30:00.000000Z",
    "updated": "2026-06-17T09:30:00.000000Z",
}
_PERSON: PersonObject = {"id": 53, "name": "Sam Lee"}


class StageObject(TypedDict):
    """A status or a priority, as a task shows it."""

    id: Id
    title: str
    color: Color


class ProjectNameObject(TypedDict):
    """The project of a task."""

    id: Id
    title: str


class TaskDatesObject(TypedDict):
    """The days of a task, and when it was made and last changed."""

    start: Annotated[Day | None, From("start_date")]
    due: Annotated[Day | None, From("due_date")]
    created: Annotated[Moment, From("created_at")]
    updated: Annotated[Moment, From("updated_at")]


class TaskObject(TypedDict):
    """A task. ``time_logged`` is the seconds of its stopped timers."""

    id: Annotated[Id, From("pk")]
    title: Annotated[str, Shape(minLength=1, maxLength=255), From("title")]
    description: Annotated[str | None, From("description")]
    status: Annotated[
        StageObject, Each(id="status_id", title="status__title", color="status__color")
    ]
    priority: Annotated[
        StageObject, Each(id="priority_id", title="priority__title", color="priority__color")
    ]
    active_state: Annotated[ActiveState, From("is_archived")]
    client_visibility: Annotated[YesNo, From("is_client_visible")]
    billable: Annotated[YesNo, From("is_billable")]
    project: Annotated[ProjectNameObject, Each(id="project_id", title="project__title")]
    client: Annotated[
        NamedObject | None, Each(id="project__client_id", name="project__client__name")
    ]
    milestone: Annotated[NamedObject, Each(id="milestone_id", name="milestone__title")]
    dates: TaskDatesObject
    time_logged: Annotated[Count, Computed(time_logged)]
    assigned: Annotated[list[PersonObject], People("assignees__user")]
    tags: Annotated[list[str], Names("task_tags__tag__name")]


#: How a task is read: for lists, for one, and for the answers of writes.
TASKS = Reading(Task, TaskObject, rows=seen.tasks)

TASK: TaskObject = {
    "id": 120,
    "title": "Design homepage",
    "description": "First draft.",
    "status": {"id": 1, "title": "To do", "color": "#4f8cff"},
    "priority": {"id": 2, "title": "High", "color": "#ff5b5b"},
    "active_state": "active",
    "client_visibility": "no",
    "billable": "yes",
    "project": {"id": 7, "title": "Website Redesign"},
    "client": {"id": 12, "name": "Acme Inc"},
    "milestone": {"id": 21, "name": "Uncategorised"},
    "dates": {"start": "2026-06-01", "due": "2026-06-30", **_MOMENTS},
    "time_logged": 3600,
    "assigned": [_PERSON],
    "tags": ["priority"],
}


class ChecklistParentObject(TypedDict):
    """What a checklist item belongs to."""

    type: Literal["task", "project"]
    id: Id


class ChecklistItemObject(TypedDict):
    """A line to tick off."""

    id: Id
    text: str
    status: Literal["pending", "completed"]
    position: int
    resource: ChecklistParentObject
    comments_count: Count
    dates: MomentsObject


CHECKLIST_ITEM: ChecklistItemObject = {
    "id": 31,
    "text": "Ask for the new logo",
    "status": "pending",
    "position": 1024,
    "resource": {"type": "task", "id": 120},
    "comments_count": 0,
    "dates": _MOMENTS,
}


class ProgressObject(TypedDict):
    """How far a whole checklist is; the percentage rounded down."""

    total: Count
    completed: Count
    percentage: Percentage


class ChecklistMetaObject(PagesObject):
    """The page of a checklist, and the progress of all of it."""

    progress: ProgressObject


CHECKLIST_META: dict[str, Any] = {"progress": {"total": 4, "completed": 1, "percentage": 25}}


class ChecklistOrderObject(TypedDict):
    """The ids as they were sent."""

    checklist_ids: list[Id]
