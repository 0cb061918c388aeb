"""Filters of the list of tasks that no column gives."""

import datetime as dt
from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.clock import today
from tasks.models import TaskAssignee

WEEK = dt.timedelta(days=7)


class AssignedFilter(SimpleListFilter):
    """One's own tasks, and those that nobody has. All people would be too many to list."""

    title = _("assigned")
    parameter_name = "assigned"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("me", _("To me")), ("nobody", _("To nobody"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "me":
            return queryset.filter(assignees__user_id=request.user.pk)
        if self.value() == "nobody":
            # The database can stop at a task's first assignee, and at the page's last task.
            return queryset.filter(~Exists(TaskAssignee.objects.filter(task=OuterRef("pk"))))
        return queryset


class DueFilter(SimpleListFilter):
    """When a task is due; what is completed is never overdue."""

    title = _("due")
    parameter_name = "due"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("In the next 7 days")),
            ("never", _("No date")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "overdue":
                return queryset.filter(due_date__lt=today(), completed_at__isnull=True)
            case "today":
                return queryset.filter(due_date=today())
            case "week":
                return queryset.filter(due_date__gte=today(), due_date__lt=today() + WEEK)
            case "never":
                return queryset.filter(due_date__isnull=True)
        return queryset
