"""A task's time entries: read, and stopped."""

from typing import Any, Literal, TypedDict

from django.utils import timezone
from rest_framework.request import Request

from tasks.api.lookups import project_of_path, task_of_path
from tasks.api.serializers import known_person
from tasks.exceptions import ProjectNotFound, TaskNotFound
from tasks.people import people_by_id
from tasks.platform.answers import Answer
from tasks.platform.listing import ListSpec
from tasks.platform.operations import operation
from tasks.platform.shapes import Count, DoneObject, Id, Moment, PersonObject
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet
from timers.models import Timer
from timers.services import timers

TIMER_LIST = ListSpec(filters={}, sorts={}, default_sort="created_at", whole=True)


class TimerObject(TypedDict):
    """A time entry of a task. ``time`` is its seconds, of a running timer those so far."""

    id: Id
    user: PersonObject | None
    started: Moment | None
    stopped: Moment | None
    time: Count
    status: Literal["running", "stopped"]
    billing_status: Literal["not_invoiced", "invoiced"]


TIMER: TimerObject = {
    "id": 1,
    "user": {"id": 53, "name": "Sam Lee"},
    "started": "2026-06-17T09:00:00.000000Z",
    "stopped": "2026-06-17T09:45:00.000000Z",
    "time": 2700,
    "status": "stopped",
    "billing_status": "not_invoiced",
}


class TaskTimerViewSet(APIViewSet):
    """The time entries of a task. Single timers are started and stopped in the admin."""

    not_found = TaskNotFound
    kind = "Task"
    tag = "Tasks"

    @operation(
        summary="List the time entries of a task",
        message="Task timers retrieved successfully.",
        listing=TIMER_LIST,
        data=TimerObject,
        example=TIMER,
    )
    def list(self, request: Request, task_id: str) -> Answer:
        """The newest first; all of them, unless a page is asked for."""
        task = task_of_path(self, task_id)
        entries = Timer.objects.filter(task=task)
        page = self.page_of(entries)
        return self.answer(timer_representations(page.of(entries)), meta=page.meta)

    @operation(
        summary="Stop all timers of a task",
        message="Task timers stopped successfully.",
        data=DoneObject,
        example={"id": 120},
    )
    def stop_all(self, request: Request, task_id: str) -> Answer:
        """At one instant; also where none runs."""
        task = task_of_path(self, task_id)
        timers.stop_timers_of_task(actor=self.actor, task_id=task.pk)
        return self.answer({"id": task.pk})


class ProjectTimerViewSet(APIViewSet):
    """The time entries of a project."""

    not_found = ProjectNotFound
    kind = "Project"
    tag = "Projects"

    @operation(
        summary="Stop all timers of a project",
        message="Project timers stopped successfully.",
        data=DoneObject,
        example={"id": 7},
    )
    def stop_all(self, request: Request, project_id: str) -> Answer:
        """Of all its tasks, archived ones too, at one instant; also where none runs."""
        project = project_of_path(self, project_id)
        timers.stop_timers_of_project(actor=self.actor, project_id=project.pk)
        return self.answer({"id": project.pk})


def timer_representations(rows: Any) -> list[TimerObject]:
    """The documented entries, in two queries whatever their number."""
    entries = list(rows)
    people = people_by_id(timer.user_id for timer in entries if timer.user_id is not None)
    now = timezone.now()
    return [
        {
            "id": timer.pk,
            "user": known_person(people, timer.user_id),
            "started": timer.started_at and utc_text(timer.started_at),
            "stopped": timer.stopped_at and utc_text(timer.stopped_at),
            "time": timer.seconds_at(now),
            "status": timer.status,
            "billing_status": "invoiced" if timer.is_invoiced else "not_invoiced",
        }
        for timer in entries
    ]
