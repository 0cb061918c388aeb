"""A page of tasks with all that its columns show."""

from __future__ import annotations

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpRequest

from tasks.admin.lists import BoundedChangeList
from tasks.extensions import time_logged
from tasks.models import Task


class TaskChangeList(BoundedChangeList):
    """Looks up what the columns need for the rows of the page, and for no others."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list: Any = list(self.result_list)
        prefetch_related_objects(self.result_list, "assignees__user", "task_tags__tag")
        logged = seconds_logged(self.result_list)
        for task in self.result_list:
            task.logged_seconds = logged.get(task.pk, 0)


def seconds_logged(tasks: list[Task]) -> dict[int, int]:
    """The seconds logged on these tasks, by their keys: one question."""
    if not tasks:
        return {}
    rows = Task._base_manager.filter(pk__in=[task.pk for task in tasks]).order_by()
    return dict(rows.annotate(logged=time_logged()).values_list("pk", "logged"))
