"""The time worked on a task: started, stopped, entered by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.utils import quote
from django.db.models import QuerySet, Sum
from django.forms.widgets import Script
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tasks.admin.panels import Action, Panel, PanelForm, RowForm, Values, Visit, needs
from tasks.clock import today
from tasks.people import person_name
from timers.admin.forgotten import StopFields, check_other_timer, is_long
from timers.clock import clock
from timers.exceptions import TimeOutOfRange
from timers.models import Timer
from timers.services import timers

#: How many entries that have stopped a page shows: the newest. All are in their own list.
SHOWN = 20
#: How many running timers a page shows: everybody has at most one.
RUNNING = 50
_SCRIPTS: Any = [Script("taskdock_timers/clock.js", type="module")]


def time_on(visit: Visit) -> QuerySet[Any]:
    """The entries on the task that the visitor sees, the newest first."""
    rows = Timer.objects.visible_to(visit.actor).filter(task=visit.row)
    return rows.select_related("user").order_by("-created_at", "-pk")


class TimerForm(RowForm):
    """Something that is done to an entry."""

    def rows(self) -> QuerySet[Any]:
        return time_on(self.visit)


class StopForm(StopFields, TimerForm):
    """Stops a timer; for a long one it asks for the time."""

    field_order = ("row", "time")

    def clean_row(self) -> Any:
        self.timer = super().clean_row()
        return self.timer


class EntryForm(PanelForm):
    """Time that was worked without a timer."""

    is_once = True

    hours = forms.IntegerField(
        label=_("Hours"), min_value=0, max_value=24, required=False, initial=0
    )
    minutes = forms.IntegerField(
        label=_("Minutes"), min_value=0, max_value=59, required=False, initial=0
    )
    work_date = forms.DateField(
        label=_("Day of the work"),
        initial=today,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        values["seconds"] = timers.seconds_of(
            hours=Decimal(values.get("hours") or 0), minutes=Decimal(values.get("minutes") or 0)
        )
        try:
            timers.check_seconds(values["seconds"])
        except TimeOutOfRange:
            self.add_error("minutes", _("The time must be between one minute and 24 hours."))
        return values


def _start(visit: Visit, values: Values) -> None:
    user: Any = visit.request.user
    check_other_timer(user, visit.row.pk)
    timers.start_timer(actor=visit.actor, task_id=visit.row.pk, user=user)


def _stop(visit: Visit, values: Values) -> None:
    timers.stop_timer(actor=visit.actor, timer_id=values["row"].pk, seconds=values["seconds"])


def _enter(visit: Visit, values: Values) -> None:
    user: Any = visit.request.user
    timers.add_time(
        actor=visit.actor,
        task_id=visit.row.pk,
        user=user,
        seconds=values["seconds"],
        work_date=values["work_date"],
    )


def _delete(visit: Visit, values: Values) -> None:
    timers.delete_timer(actor=visit.actor, timer_id=values["row"].pk)


class TimePanel(Panel):
    """The timers that run on a task, the time that was worked, and all of it added up."""

    name = "time"
    title = _("Time")
    template = "taskdock_timers/panel.html"
    order = 30
    actions = (
        Action(
            name="start",
            form=PanelForm,
            allowed=needs("add", Timer),
            write=_start,
            said=_("The timer runs."),
        ),
        Action(
            name="stop",
            form=StopForm,
            allowed=needs("change", Timer),
            write=_stop,
            said=_("The timer was stopped."),
        ),
        Action(
            name="enter",
            form=EntryForm,
            allowed=needs("add", Timer),
            write=_enter,
            said=_("The time was added."),
        ),
        Action(
            name="delete",
            form=TimerForm,
            allowed=needs("delete", Timer),
            write=_delete,
            said=_("The time was deleted."),
        ),
    )

    @property
    def media(self) -> forms.Media:
        return forms.Media(js=_SCRIPTS)

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", Timer)

    def context(self, visit: Visit) -> dict[str, Any]:
        now = timezone.now()
        rows = time_on(visit)
        running = [
            {**_shown(visit, timer, now), "stop": self._stop_form(visit, timer)}
            for timer in rows.filter(is_running=True)[:RUNNING]
        ]
        stopped = list(rows.filter(is_running=None)[: SHOWN + 1])
        logged = rows.filter(is_running=None).order_by().aggregate(total=Sum("seconds"))["total"]
        return {
            "running": running,
            "is_mine_running": any(one["is_mine"] for one in running),
            "entries": [_shown(visit, timer, now) for timer in stopped[:SHOWN]],
            "logged": clock(int(logged or 0)),
            "all": _page(visit, "changelist") if len(stopped) > SHOWN else None,
            "enter": self.form(visit, "enter"),
        }

    def _stop_form(self, visit: Visit, timer: Timer) -> PanelForm | None:
        """The form that asks for the time; None where the timer just stops."""
        form = self.form(visit, "stop", row=timer.pk)
        return form if form.is_bound or is_long(timer) else None


def _shown(visit: Visit, timer: Timer, now: Any) -> dict[str, Any]:
    seconds = timer.seconds_at(now)
    return {
        "timer": timer,
        "pk": str(timer.pk),
        "worker": None if timer.user is None else person_name(timer.user),
        "is_mine": timer.user_id == visit.request.user.pk,
        "seconds": str(seconds),
        "clock": clock(seconds),
        "change": _page(visit, "change", timer) if visit.may("change", Timer) else None,
    }


def _page(visit: Visit, name: str, timer: Timer | None = None) -> str | None:
    """The address of a page of time entries, unless the host shows them on pages of its own."""
    args = [] if timer is None else [quote(str(timer.pk))]
    try:
        url = reverse(
            f"admin:taskdock_timers_timer_{name}",
            args=args,
            current_app=visit.page.admin_site.name,
        )
    except NoReverseMatch:
        return None
    query = urlencode({"task__id__exact": visit.row.pk})
    return url if timer is not None else f"{url}?{query}"


PANELS = (TimePanel(),)
