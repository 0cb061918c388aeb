"""The list of tasks, apart from the page of one."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from tasks.admin.base import ServiceModelAdmin, actor_of
from tasks.admin.bulk import function_of
from tasks.admin.lists import ArchivedColumn, BoundedPaginator
from tasks.admin.numbers import called, number_in
from tasks.admin.people import PersonSearch, found_people
from tasks.admin.permissions import may
from tasks.admin.task_list.bulk import ACTIONS
from tasks.admin.task_list.changelist import TaskChangeList
from tasks.admin.task_list.columns import TaskColumns
from tasks.admin.task_list.export import csv_of
from tasks.admin.task_list.filters import DueFilter, MineFilter, StateFilter
from tasks.admin.task_list.row_filters import (
    AssigneeFilter,
    MilestoneFilter,
    ProjectFilter,
    TagFilter,
)
from tasks.extensions import stop_permissions
from tasks.models import Client
from tasks.people import team_visible_to


class TaskList(TaskColumns, ArchivedColumn, ServiceModelAdmin):
    """Tasks as a list: the newest first, those that are active unless others are asked for."""

    list_display = (
        "title",
        "status_badge",
        "priority_badge",
        "project_title",
        "assigned",
        "due",
        "logged",
        "tag_names",
        "archived",
    )
    list_per_page = 50
    actions = (*map(function_of, ACTIONS), "export_selected")
    change_list_template = "taskdock/task_list/change_list.html"
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
    state_filter = StateFilter
    list_select_related = ("project", "status", "priority")
    search_fields = ("folded_title__contains",)
    search_help_text = _("Searches titles, and numbers such as 120 or #120.")
    #: What an index sorts a million tasks by.
    sortable_by = ("title", "due")

    class Media:
        css = {"all": ["taskdock/task_list.css"]}

    def get_urls(self) -> list[URLPattern]:
        prefix = f"{self.opts.app_label}_{self.opts.model_name}"
        team = self.admin_site.admin_view(require_safe(self.team_view))
        export = self.admin_site.admin_view(require_safe(self.export_view))
        return [
            path("team/", team, name=f"{prefix}_team"),
            path("export/", export, name=f"{prefix}_export"),
            *super().get_urls(),
        ]

    def has_stop_timers_permission(self, request: HttpRequest) -> bool:
        """Whether timers of tasks may be stopped: there are some, and one may change both."""
        needed = stop_permissions()
        user: Any = request.user
        return bool(needed) and self.has_change_permission(request) and user.has_perms(needed)

    def export_view(self, request: HttpRequest) -> HttpResponseBase:
        """All tasks of the list, as it is narrowed and sorted, as CSV."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            rows = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return HttpResponseRedirect(self.link_to("changelist"))
        return self._export(request, rows)

    @admin.action(description=_("Export selected tasks as CSV"), permissions=["view"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase:
        return self._export(request, queryset)

    def _export(self, request: HttpRequest, rows: QuerySet[Any]) -> HttpResponseBase:
        actor = actor_of(request)
        may_name = may(request, "view", Client, self.admin_site)
        return csv_of(
            rows,
            lambda: self.get_queryset(request).prefetch_related(None),
            (lambda: Client.objects.visible_to(actor)) if may_name else None,
        )

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """A number means the task that has it, beside those with the number in their titles."""
        if number_in(search_term) is None:
            return super().get_search_results(request, queryset, search_term)
        return queryset.filter(called(search_term)), False

    def get_paginator(
        self, request: HttpRequest, queryset: QuerySet[Any], *args: Any, **kwargs: Any
    ) -> BoundedPaginator:
        """A task that is searched by its number leads its list, and what a field offers."""
        paginator = super().get_paginator(request, queryset, *args, **kwargs)
        if queryset.model is self.model:
            # A list says ``q``, the search of a form ``term``.
            text = request.GET.get(SEARCH_VAR) or request.GET.get("term") or ""
            paginator.first = number_in(text)
        return paginator

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
        query = request.GET.urlencode()
        export_url = self.link_to("export") + (f"?{query}" if query else "")
        context = {"media": media, "export_url": export_url, **(extra_context or {})}
        return super().changelist_view(request, context)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return TaskChangeList

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # The lists of projects' clients and of tags link here.
        return lookup == "task_tags__tag__id__exact" or super().lookup_allowed(
            lookup, value, request
        )
