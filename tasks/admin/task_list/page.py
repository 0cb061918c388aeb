"""The list of tasks, apart from the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tasks.admin.base import ServiceModelAdmin, actor_of
from tasks.admin.people import PersonSearch, found_people
from tasks.admin.task_list.changelist import TaskChangeList
from tasks.admin.task_list.columns import TaskColumns
from tasks.admin.task_list.filters import DueFilter, MineFilter, StateFilter
from tasks.admin.task_list.row_filters import (
    AssigneeFilter,
    MilestoneFilter,
    ProjectFilter,
    TagFilter,
)
from tasks.people import team_visible_to


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
    list_filter = (
        StateFilter,
        MineFilter,
        AssigneeFilter,
        "status",
        "priority",
        DueFilter,
        ProjectFilter,
        MilestoneFilter,
        TagFilter,
    )
    list_select_related = ("project", "status", "priority")
    search_fields = ("folded_title__contains",)
    search_help_text = _("Searches titles.")
    #: What an index sorts a million tasks by.
    sortable_by = ("title", "due")

    class Media:
        css = {"all": ["taskdock/task_list.css"]}

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        team = self.admin_site.admin_view(require_safe(self.team_view))
        return [path("team/", team, name=f"{prefix}_team"), *super().get_urls()]

    def team_view(self, request: HttpRequest) -> HttpResponse:
        """The people of the team that a search means, whose tasks the list may be of."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return found_people(request, team_visible_to(actor_of(request)))

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # What its filters search with.
        media = self.media + PersonSearch("").media
        return super().changelist_view(request, {"media": media, **(extra_context or {})})

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TaskChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # The lists of projects' clients and of tags link here.
        return lookup == "task_tags__tag__id__exact" or super().lookup_allowed(
            lookup, value, request
        )
