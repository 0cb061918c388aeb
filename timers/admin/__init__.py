"""The admin of time entries: timers are started and stopped here, time is entered and corrected."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceForm, actor_of, register_once
from tasks.admin.bulk import function_of
from tasks.admin.people import PersonField, by_login
from tasks.clock import today
from tasks.people import person_name, users_visible_to
from timers.admin.bulk import ACTIONS
from timers.admin.forgotten import check_other_timer
from timers.admin.running import RunningPages
from timers.admin.week import WeekPages
from timers.clock import clock
from timers.exceptions import TimeOutOfRange
from timers.models import Timer
from timers.services import timers
from timers.services.timers import HOUR, MINUTE


class TimerForm(ServiceForm):
    """Time in hours and minutes. A new entry without any is a timer that starts now."""

    hours = forms.IntegerField(label=_("Hours"), min_value=0, max_value=24, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=59, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and not self.instance.is_running:
            self.initial["hours"], rest = divmod(self.instance.seconds, HOUR)
            self.initial["minutes"] = rest // MINUTE
        elif "minutes" in self.fields:
            self.fields["minutes"].help_text = _("Leave the time empty to start a timer now.")

    def clean(self) -> dict[str, Any] | None:
        values = super().clean()
        seconds = self.seconds
        if seconds is not None:
            try:
                timers.check_seconds(seconds)
            except TimeOutOfRange as error:
                self.add_error("minutes", error.worded(lambda _name: gettext("time"), gettext))
        return values

    @property
    def seconds(self) -> int | None:
        """What was entered, or None."""
        given: Mapping[str, Any] = self.cleaned_data
        hours, minutes = given.get("hours"), given.get("minutes")
        if hours is None and minutes is None:
            return None
        return timers.seconds_of(hours=Decimal(hours or 0), minutes=Decimal(minutes or 0))

    def values(self) -> dict[str, Any]:
        values = super().values()
        changed = {"hours", "minutes"} & values.keys()
        rest = {name: value for name, value in values.items() if name not in {"hours", "minutes"}}
        return {**rest, "seconds": self.seconds} if changed else rest


class RunningFilter(admin.SimpleListFilter):
    """What runs, and what has stopped."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("running", _("Running")), ("stopped", _("Stopped"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Timer]) -> QuerySet[Timer]:
        match self.value():
            case "running":
                return queryset.filter(is_running=True)
            case "stopped":
                return queryset.filter(is_running=None)
        return queryset


class TimerAdmin(WeekPages, RunningPages):
    """Time entries. One that is invoiced is shown and not changed."""

    form = TimerForm
    list_display = ("task", "worker", "time", "state", "work_date", "is_invoiced")
    list_filter = (RunningFilter, "is_invoiced", "work_date")
    list_select_related = ("task", "user")
    search_fields = ("task__folded_title__contains",)
    search_help_text = _("Searches the titles of tasks.")
    empty_text = _("Time is entered here, or a timer is started.")
    people_fields = {"user": users_visible_to}
    #: What an index sorts a million entries by.
    sortable_by = ("work_date",)
    autocomplete_fields = ("task",)
    ordering = ("-id",)
    actions = tuple(map(function_of, ACTIONS))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("task", "user", "hours", "minutes", "work_date")
        shown = ("task", "worker", "started_at", "stopped_at", "is_invoiced", "state")
        if self._is_fixed(obj):
            return (*shown, "time", "work_date")
        return (*shown, "hours", "minutes", "work_date")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        shown = ("task", "worker", "started_at", "stopped_at", "is_invoiced", "state", "time")
        return (*shown, "work_date") if self._is_fixed(obj) else shown

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "user":
            people = users_visible_to(actor_of(request))
            return PersonField(
                by_login(people), label=_("Worked by"), initial=request.user.pk, required=True
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        return {"user": request.user.pk, "work_date": today(), **initial}

    @admin.display(description=_("worked by"))
    def worker(self, obj: Timer) -> str | None:
        return None if obj.user is None else person_name(obj.user)

    @admin.display(description=_("time"))
    def time(self, obj: Timer) -> str:
        return clock(obj.seconds_at(timezone.now()))

    @admin.display(description=_("state"))
    def state(self, obj: Timer) -> Any:
        return _("running") if obj.is_running else _("stopped")

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        task_id, user = values["task"].pk, values["user"]
        if values["seconds"] is None:
            check_other_timer(user, task_id)
            return timers.start_timer(actor=actor, task_id=task_id, user=user)
        return timers.add_time(
            actor=actor,
            task_id=task_id,
            user=user,
            seconds=values["seconds"],
            work_date=values["work_date"],
        )

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        timers.correct_time(actor=actor, timer_id=pk, **values)

    def delete_row(self, actor: Actor, pk: int) -> None:
        timers.delete_timer(actor=actor, timer_id=pk)

    def _is_fixed(self, obj: Timer) -> bool:
        return bool(obj.is_running) or obj.is_invoiced


def register(site: AdminSite) -> None:
    """Register time entries; for a host with an admin site of its own."""
    register_once(site, Timer, TimerAdmin)


register(admin.site)
