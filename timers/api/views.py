"""A task's time entries: read, and stopped."""

from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from tasks.api.lookups import task_of_path
from tasks.exceptions import TaskNotFound
from tasks.people import people_by_id
from tasks.platform.listing import ListSpec
from tasks.platform.timestamps import utc_text
from tasks.platform.views import APIViewSet
from timers.models import Timer
from timers.services import timers

TIMER_LIST = ListSpec(filters={}, sorts={}, default_sort="created_at", whole=True)


class TaskTimerViewSet(APIViewSet):
    """The time entries of a task. Single timers are started and stopped in the admin."""

    not_found = TaskNotFound

    def list(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        query = TIMER_LIST.parse(request.query_params)
        rows, meta = query.page_of(Timer.objects.filter(task=task))
        message = "Task timers retrieved successfully."
        return self.answer(timer_representations(rows), message, meta=meta)

    def stop_all(self, request: Request, task_id: str) -> Response:
        task = task_of_path(self, task_id)
        timers.stop_timers_of_task(actor=self.actor, task_id=task.pk)
        return self.answer({"id": task.pk}, "Task timers stopped successfully.")


def timer_representations(rows: Any) -> list[dict[str, Any]]:
    """The documented entries, in two queries whatever their number."""
    entries = list(rows)
    people = people_by_id(timer.user_id for timer in entries if timer.user_id is not None)
    now = timezone.now()
    return [
        {
            "id": timer.pk,
            "user": people[timer.user_id]._asdict() if timer.user_id in people else None,
            "started": timer.started_at and utc_text(timer.started_at),
            "stopped": timer.stopped_at and utc_text(timer.stopped_at),
            "time": timer.seconds_at(now),
            "status": timer.status,
            "billing_status": "invoiced" if timer.is_invoiced else "not_invoiced",
        }
        for timer in entries
    ]
