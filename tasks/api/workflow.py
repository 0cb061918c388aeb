"""The Statuses and Priorities API: what a task may have, managed in the admin."""

from typing import TypedDict

from rest_framework.request import Request

from tasks.exceptions import PriorityNotFound, StatusNotFound
from tasks.models import TaskPriority, TaskStatus
from tasks.models.workflow import Stage
from tasks.platform.answers import Answer
from tasks.platform.listing import ListSpec
from tasks.platform.operations import operation
from tasks.platform.shapes import Color, Id
from tasks.platform.views import APIViewSet
from tasks.reads import seen

STAGE_LIST = ListSpec(filters={}, sorts={}, default_sort="position", default_descending=False)


class PriorityObject(TypedDict):
    """A priority. ``is_default`` is what a new task gets in the admin."""

    id: Id
    title: str
    color: Color
    position: int
    is_default: bool


class StatusObject(PriorityObject):
    """A status. Tasks that enter the one that ``is_completed`` are completed."""

    is_completed: bool


PRIORITY: PriorityObject = {
    "id": 2,
    "title": "High",
    "color": "#ff5b5b",
    "position": 2048,
    "is_default": False,
}
STATUS: StatusObject = {
    "id": 1,
    "title": "To do",
    "color": "#4f8cff",
    "position": 1024,
    "is_default": True,
    "is_completed": False,
}


class StatusViewSet(APIViewSet):
    """What the status and the priority of a task can be, in the order of their columns."""

    not_found = StatusNotFound
    kind = "Status"
    tag = "Statuses and priorities"

    @operation(
        summary="List the statuses",
        message="Statuses retrieved successfully.",
        listing=STAGE_LIST,
        data=StatusObject,
        example=STATUS,
    )
    def list(self, request: Request) -> Answer:
        """In the order of the workflow."""
        stages = TaskStatus.objects.all()
        page = self.page_of(stages)
        return self.answer([status_representation(row) for row in page.of(stages)], meta=page.meta)

    @operation(
        summary="Get a status",
        message="Status retrieved successfully.",
        data=StatusObject,
        example=STATUS,
    )
    def retrieve(self, request: Request, status_id: str) -> Answer:
        row = self.row_of_path(seen.statuses, status_id)
        return self.answer(status_representation(row))


class PriorityViewSet(APIViewSet):
    """Priorities. Exactly one is the default."""

    not_found = PriorityNotFound
    kind = "Priority"
    tag = "Statuses and priorities"

    @operation(
        summary="List the priorities",
        message="Priorities retrieved successfully.",
        listing=STAGE_LIST,
        data=PriorityObject,
        example=PRIORITY,
    )
    def list(self, request: Request) -> Answer:
        """By their position."""
        stages = TaskPriority.objects.all()
        page = self.page_of(stages)
        data = [priority_representation(row) for row in page.of(stages)]
        return self.answer(data, meta=page.meta)

    @operation(
        summary="Get a priority",
        message="Priority retrieved successfully.",
        data=PriorityObject,
        example=PRIORITY,
    )
    def retrieve(self, request: Request, priority_id: str) -> Answer:
        row = self.row_of_path(seen.priorities, priority_id)
        return self.answer(priority_representation(row))


def priority_representation(row: Stage) -> PriorityObject:
    """The documented object of a priority, which a status has all of."""
    return {
        "id": row.pk,
        "title": row.title,
        "color": row.color,
        "position": row.position,
        "is_default": bool(row.is_default),
    }


def status_representation(row: TaskStatus) -> StatusObject:
    """The documented object of a status."""
    return {**priority_representation(row), "is_completed": bool(row.is_completed)}
