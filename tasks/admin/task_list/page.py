"""The list of tasks, apart from the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import ServiceModelAdmin
from tasks.admin.filters import AssignedFilter, DueFilter
from tasks.admin.task_list.changelist import TaskChangeList
from tasks.admin.task_list.columns import TaskColumns


class TaskList(TaskColumns, ServiceModelAdmin):
    """Tasks as a list: the newest first, those that are active unless others are asked for."""

    list_display = (
        "title",
        "status_badge",
        "priority_badge",
        "project",
        "assigned",
        "due",
        "logged",
        "tag_names",
        "archived",
    )
    list_per_page = 50
    list_filter = ("status", "priority", AssignedFilter, DueFilter, "is_archived")
    list_select_related = ("project", "status", "priority")
    search_fields = ("folded_title__contains",)
    search_help_text = _("Searches titles.")
    #: What an index sorts a million tasks by.
    sortable_by = ("title", "due")

    class Media:
        css = {"all": ["taskdock/task_list.css"]}

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TaskChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # The lists of projects' clients and of tags link here.
        return lookup == "task_tags__tag__id__exact" or super().lookup_allowed(
            lookup, value, request
        )
