"""Whether a task repeats: by which rule, when next, and what came of it."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.forms.widgets import Script
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.admin.moments import moment
from tasks.admin.panels.forms import PanelForm
from tasks.admin.panels.panel import Action, Panel, Values
from tasks.admin.panels.visits import Visit, needs
from tasks.admin.refusals import refusal_text
from tasks.admin.rules import ORDINALS, in_words
from tasks.clock import as_kept, instant, today
from tasks.exceptions import Invalid
from tasks.models import RecurrenceRun, Task, TaskRecurrence, TaskStatus
from tasks.recurring import (
    Rule,
    check_start,
    first_after,
    moments,
    open_from,
    parse_rule,
    zone_called,
)
from tasks.services.recurrence import (
    MOST_DAYS,
    pause_recurrence,
    remove_recurrence,
    resume_recurrence,
    set_recurrence,
)

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Any]
else:  # Django's own classes take no type parameters when they run.
    _Choice = forms.ModelChoiceField

SHOWN_DATES, SHOWN_RUNS = 8, 5
BY_TEXT = "RULE"
#: Which weekday of a month the fields can say.
NTHS = (1, 2, 3, 4, -1)
FREQUENCIES = (
    ("DAILY", _("Daily")),
    ("WEEKLY", _("Weekly")),
    ("MONTHLY", _("Monthly")),
    ("YEARLY", _("Yearly")),
    (BY_TEXT, _("By a rule (RFC 5545)")),
)


class RecurrenceForm(PanelForm):
    """How a task repeats: by fields for what is common, or by a rule as text."""

    frequency = forms.ChoiceField(label=_("Repeats"), choices=FREQUENCIES)
    interval = forms.IntegerField(
        label=_("Every so many"),
        min_value=1,
        max_value=1000,
        help_text=_("1: every day, week, month or year. 2: every second one."),
    )
    weekdays = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        coerce=int,
        choices=list(WEEKDAYS.items()),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: the day of the week that it starts on."),
    )
    nth = forms.TypedChoiceField(
        label=_("In the month"),
        coerce=int,
        empty_value=0,  # type: ignore[arg-type]  # what coerce makes
        required=False,
        choices=[("", _("on a day of the month")), *((n, ORDINALS[n]) for n in NTHS)],
    )
    nth_day = forms.TypedChoiceField(
        label=_("Day of the week"),
        coerce=int,
        empty_value=0,  # type: ignore[arg-type]  # what coerce makes
        required=False,
        choices=list(WEEKDAYS.items()),
        help_text=_("For the first, second, third, fourth or last one."),
    )
    month_day = forms.IntegerField(
        label=_("Day of the month"),
        min_value=-1,
        max_value=31,
        required=False,
        help_text=_("-1: the last one. Left empty: the day that it starts on."),
    )
    rule = forms.CharField(
        label=_("Rule"),
        required=False,
        max_length=255,
        help_text=_("Such as FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
    )
    starts_on = forms.DateField(
        label=_("Starts on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    count = forms.IntegerField(
        label=_("Or after so many times"), required=False, min_value=1, max_value=1000
    )
    at = forms.TimeField(
        label=_("Time of day"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    zone = forms.CharField(
        label=_("Time zone"), max_length=64, help_text=_("Such as Europe/Berlin.")
    )
    status = _Choice(
        queryset=None,
        label=_("Status of the copies"),
        required=False,
        help_text=_("Left empty: the default one."),
    )
    due_after_days = forms.IntegerField(
        label=_("Due after so many days"),
        required=False,
        min_value=0,
        max_value=MOST_DAYS,
        help_text=_("Left empty: the copies are not due on any day."),
    )
    copy_checklist = forms.BooleanField(label=_("Copy the checklist"), required=False)
    copy_files = forms.BooleanField(label=_("Copy the files"), required=False)

    def prepare(self) -> None:
        fields: dict[str, Any] = self.fields
        fields["status"].queryset = TaskStatus.objects.all()
        self.is_preview = "preview" in self.data

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if self.errors:
            return values
        if values["month_day"] == 0:
            self.add_error("month_day", gettext("There is no such day."))
            return values
        try:
            check_start(values["starts_on"])
            rule, zone = parse_rule(_text_of(values)), zone_called(values["zone"])
            row, now = _of(self.visit), instant(timezone.now())
            since = open_from(zone, row.last_on if row else None, now)
            times = {"starts_on": values["starts_on"], "at": values["at"], "zone": zone}
            since = first_after(rule, **times, since=since, now=now)
            self.words, self.dates = shown(rule, **times, since=since)
        except Invalid as error:
            self.add_refusal(error)
            return values
        values["rule"] = str(rule)
        return values

    def add_refusal(self, error: Any) -> None:
        # The field of the rule is hidden from who filled in the others.
        if isinstance(error, Invalid) and error.field == "rule":
            shown_at = "rule" if self.data.get("frequency") == BY_TEXT else None
            self.add_error(shown_at, error.worded(self._spoken, gettext))
            return
        super().add_refusal(error)


def _text_of(values: Values) -> str:
    """The rule that the fields say."""
    freq = values["frequency"]
    if freq == BY_TEXT:
        return str(values["rule"])
    byday: tuple[tuple[int, int], ...] = ()
    bymonthday: tuple[int, ...] = ()
    if freq == "WEEKLY":
        byday = tuple((0, day) for day in sorted(values["weekdays"]))
    elif freq == "MONTHLY" and values["nth"]:
        byday = ((values["nth"], values["nth_day"]),)
    elif freq == "MONTHLY":
        bymonthday = (values["month_day"] or values["starts_on"].day,)
    rule = Rule(
        freq=freq,
        interval=values["interval"],
        count=values["count"],
        until=values["until"],
        byday=byday,
        bymonthday=bymonthday,
    )
    return str(rule)


def _fields_of_text(text: str, starts_on: dt.date) -> dict[str, Any]:
    """What the fields show of a rule: its parts, or its text where they can't say it."""
    as_text = {"frequency": BY_TEXT, "rule": text, "interval": 1}
    try:
        return _fields_of(parse_rule(text), starts_on) or as_text
    except Invalid:
        return as_text


def _fields_of(rule: Rule, starts_on: dt.date) -> dict[str, Any] | None:
    if isinstance(rule.until, dt.datetime):
        return None
    values: dict[str, Any] = {
        "frequency": rule.freq,
        "interval": rule.interval,
        "count": rule.count,
        "until": rule.until,
        "weekdays": [day for _nth, day in rule.byday] if rule.freq == "WEEKLY" else [],
        "month_day": rule.bymonthday[0] if rule.bymonthday else None,
    }
    if rule.freq == "MONTHLY" and len(rule.byday) == 1:
        values["nth"], values["nth_day"] = rule.byday[0]
        if values["nth"] not in NTHS:
            return None
    if values["month_day"] is not None and values["month_day"] < -1:
        return None
    full = {"weekdays": [], "nth": 0, "nth_day": 0, "starts_on": starts_on, **values}
    return values if _text_of(full) == str(rule) else None


def shown(
    rule: Rule, *, starts_on: dt.date, at: dt.time, zone: ZoneInfo, since: dt.date
) -> tuple[str, list[Any]]:
    """The rule in words, or as its text, and the next of its moments, as pages show them."""
    now = instant(timezone.now())
    # A time that the spring leaves out may be that of the day before.
    since = max(since, now.astimezone(zone).date() - dt.timedelta(days=1))
    every = moments(rule, starts_on=starts_on, at=at, zone=zone, since=since)
    coming = islice((one for _day, one in every if one > now), SHOWN_DATES)
    words = in_words(rule, starts_on, last=rule.last_day(at, zone)) or str(rule)
    return words, [moment(as_kept(one)) for one in coming]


def _of(visit: Visit) -> TaskRecurrence | None:
    rows = TaskRecurrence.objects.visible_to(visit.actor)
    row: TaskRecurrence | None = rows.filter(task=visit.row).first()
    return row


def _set(visit: Visit, values: Values, verb: str) -> None:
    is_there = _of(visit) is not None
    if is_there != (verb == "change") and not visit.may(
        "change" if is_there else "add", TaskRecurrence
    ):
        raise PermissionDenied
    taken = ("rule", "starts_on", "at", "zone", "status", "due_after_days")
    copied = ("copy_checklist", "copy_files")
    given = {name: values[name] for name in (*taken, *copied)}
    set_recurrence(actor=visit.actor, task_id=visit.row.pk, **given)


def _pause(visit: Visit, values: Values) -> None:
    pause_recurrence(actor=visit.actor, task_id=visit.row.pk)


def _resume(visit: Visit, values: Values) -> None:
    resume_recurrence(actor=visit.actor, task_id=visit.row.pk)


def _remove(visit: Visit, values: Values) -> None:
    remove_recurrence(actor=visit.actor, task_id=visit.row.pk)


class RecurrencePanel(Panel):
    """By which rule a task repeats, with the dates to come and the last copies."""

    name = "repeats"
    title = _("Repeats")
    template = "taskdock/panels/repeats.html"
    order = 75
    touches = ("history",)
    actions = (
        Action(
            name="add",
            form=RecurrenceForm,
            allowed=needs("add", TaskRecurrence),
            write=lambda visit, values: _set(visit, values, "add"),
            said=_("The task repeats."),
        ),
        Action(
            name="change",
            form=RecurrenceForm,
            allowed=needs("change", TaskRecurrence),
            write=lambda visit, values: _set(visit, values, "change"),
            said=_("The task repeats as you said."),
        ),
        Action(
            name="pause",
            form=PanelForm,
            allowed=needs("change", TaskRecurrence),
            write=_pause,
            said=_("No more copies are made until it is resumed."),
        ),
        Action(
            name="resume",
            form=PanelForm,
            allowed=needs("change", TaskRecurrence),
            write=_resume,
            said=_("Copies are made again."),
        ),
        Action(
            name="remove",
            form=PanelForm,
            allowed=needs("delete", TaskRecurrence),
            write=_remove,
            said=_("The task no longer repeats."),
        ),
    )

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            css={"all": ["taskdock/repeats.css"]},
            js=[Script("taskdock/repeats.js", type="module")],  # type: ignore[list-item]  # the stub knows no objects
        )

    def is_visible(self, visit: Visit) -> bool:
        return visit.may("view", TaskRecurrence)

    def context(self, visit: Visit) -> dict[str, Any]:
        row = _of(visit)
        setting = "add" if row is None else "change"
        context: dict[str, Any] = {
            "row": row,
            "may_set": self.action_of[setting].allowed(visit),
            "set": self.form(visit, setting, initial=_initial(row)),
        }
        if row is None:
            return context
        return {
            **context,
            **_saved(row),
            "copies": _copies(visit, row),
            **{name: self.form(visit, name) for name in ("pause", "resume", "remove")},
        }


def _saved(row: TaskRecurrence) -> dict[str, Any]:
    """What the panel shows of a recurrence; ``problem`` where its rule or zone is refused today.

    Another version of the apps or of the time zones may have accepted them.
    """
    try:
        words, dates = shown(
            parse_rule(row.rule),
            starts_on=row.starts_on,
            at=row.at,
            zone=zone_called(row.zone),
            since=row.next_on or row.starts_on,
        )
    except Invalid as error:
        return {"words": row.rule, "dates": [], "problem": refusal_text(error)}
    return {"words": words, "dates": [] if row.next_on is None else dates}


def _initial(row: TaskRecurrence | None) -> dict[str, Any]:
    if row is None:
        return {
            "frequency": "WEEKLY",
            "interval": 1,
            "starts_on": today(),
            "at": dt.time(9),
            "zone": settings.TIME_ZONE,
            "copy_checklist": True,
        }
    kept = ("starts_on", "at", "zone", "status", "due_after_days", "copy_checklist", "copy_files")
    return {name: getattr(row, name) for name in kept if name != "status"} | {
        "status": row.status_id,
        **_fields_of_text(row.rule, row.starts_on),
    }


def _copies(visit: Visit, row: TaskRecurrence) -> list[dict[str, Any]]:
    """The last copies that the visitor sees, the latest first."""
    runs = list(RecurrenceRun.objects.filter(recurrence=row).order_by("-occurs_on")[:SHOWN_RUNS])
    seen = Task.objects.visible_to(visit.actor).in_bulk([run.copy_id for run in runs])
    return [
        {
            "on": run.occurs_on,
            "task": seen[run.copy_id],
            "url": visit.page.link_to("change", run.copy_id),
        }
        for run in runs
        if run.copy_id in seen
    ]


RECURRENCE = RecurrencePanel()
