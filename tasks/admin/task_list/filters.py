"""Filters of the list of tasks that are links, and dates from and to."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.admin.task_list.kept import kept_parameters
from tasks.clock import today

_WEEK = dt.timedelta(days=7)
_DAY = "%Y-%m-%d"


class StateFilter(SimpleListFilter):
    """Active tasks unless others are asked for; which of the three is shown is always marked."""

    title = _("state")
    parameter_name = "is_archived__exact"
    beside_active = ("1", "all")
    _flags = {"1": True, "0": False}

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("0", _("Active")), ("1", _("Archived")), ("all", _("All"))]

    def value(self) -> str:
        asked = super().value()
        return asked if asked in self.beside_active else "0"

    def choices(self, changelist: Any) -> Iterator[Any]:
        for value, label in self.lookup_choices:
            asked = {self.parameter_name: None if value == "0" else value}
            yield {
                "selected": self.value() == value,
                "query_string": changelist.get_query_string(asked),
                "display": label,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        flag = self._flags.get(self.value())
        return queryset if flag is None else queryset.filter(is_archived=flag)


class MineFilter(SimpleListFilter):
    """What is one's own otherwise than by being assigned."""

    title = _("mine")
    parameter_name = "mine"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("created", _("Created by me")), ("pinned", _("Pinned by me"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "created":
            return queryset.filter(created_by_id=request.user.pk)
        if self.value() == "pinned":
            return queryset.filter(pins__user_id=request.user.pk)
        return queryset


class DueRangeForm(forms.Form):
    """The first and the last day of a range; either may be left out."""

    due_from = forms.DateField(
        label=_("From"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format=_DAY),
        input_formats=[_DAY],
    )
    due_to = forms.DateField(
        label=_("To"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format=_DAY),
        input_formats=[_DAY],
    )


class DueFilter(SimpleListFilter):
    """When a task is due; what is completed is never overdue."""

    title = _("due")
    parameter_name = "due"
    template = "taskdock/task_list/due_filter.html"

    def __init__(self, request: HttpRequest, params: dict[str, Any], *args: Any) -> None:
        super().__init__(request, params, *args)
        for name in DueRangeForm.base_fields:
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.form = DueRangeForm(self.used_parameters)
        self.kept: list[tuple[str, str]] = []

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter_name, *DueRangeForm.base_fields]

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("overdue", _("Overdue")),
            ("today", _("Today")),
            ("week", _("In the next 7 days")),
            ("never", _("No date")),
        ]

    def choices(self, changelist: Any) -> Iterator[Any]:
        self.kept = kept_parameters(changelist, without=self.expected_parameters())
        ranged = any(self.used_parameters.get(name) for name in DueRangeForm.base_fields)
        without_range = dict.fromkeys(DueRangeForm.base_fields)
        values = [None, *(value for value, _label in self.lookup_choices)]
        for value, choice in zip(values, super().choices(changelist), strict=True):
            asked = {self.parameter_name: value, **without_range}
            yield {
                **choice,
                "selected": choice["selected"] and not ranged,
                "query_string": changelist.get_query_string(asked),
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "overdue":
                queryset = queryset.filter(due_date__lt=today(), completed_at__isnull=True)
            case "today":
                queryset = queryset.filter(due_date=today())
            case "week":
                queryset = queryset.filter(due_date__gte=today(), due_date__lt=today() + _WEEK)
            case "never":
                queryset = queryset.filter(due_date__isnull=True)
        if not self.form.is_valid():
            return queryset.none()
        first, last = (self.form.cleaned_data[name] for name in DueRangeForm.base_fields)
        if first is not None:
            queryset = queryset.filter(due_date__gte=first)
        if last is not None:
            queryset = queryset.filter(due_date__lte=last)
        return queryset
