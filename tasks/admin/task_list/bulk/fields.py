"""Fields of tasks: status, priority, milestone, dates."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, ClassVar

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import visible
from tasks.admin.bulk import BulkAction, BulkForm, Change, Plan, Refusal
from tasks.admin.milestones import MilestoneSelect
from tasks.admin.people import LISTED
from tasks.admin.refusals import refusal_text
from tasks.exceptions import MilestoneNotInProject, TaskdockError
from tasks.models import Milestone, Task, TaskPriority, TaskStatus
from tasks.reads.dependencies import still_waiting
from tasks.services import tasks

_NOTHING = "–"  # noqa: RUF001 (a dash is what stands for nothing)
#: Further than this nobody moves a date.
_MOST_DAYS = 36_500


class StatusForm(BulkForm):
    status = forms.ModelChoiceField(TaskStatus.objects.all(), label=_("Status"))


class PriorityForm(BulkForm):
    priority = forms.ModelChoiceField(TaskPriority.objects.all(), label=_("Priority"))


class _SetStage(BulkAction):
    field: ClassVar[str]

    def plan(self, task: Task) -> Plan:
        now, wanted = getattr(task, self.field), self.values[self.field]
        return None if now.pk == wanted.pk else Change(now.title, wanted.title)

    def write(self, task: Task) -> None:
        changed: Any = {self.field: self.values[self.field]}
        tasks.update_task(actor=self.actor, task_id=task.pk, **changed)


class SetStatus(_SetStage):
    """Gives tasks a status; each goes to the end of its column. Warns of blockers left open."""

    name = "set_status"
    label = _("Change the status of selected tasks")
    form = StatusForm
    field = "status"

    def load(self) -> None:
        completes = self.values["status"].is_completed
        chosen = [task.pk for task in self.rows]
        self._waiting = still_waiting(self.actor, chosen) if completes else set()

    def plan(self, task: Task) -> Plan:
        plan = super().plan(task)
        if isinstance(plan, Change) and task.pk in self._waiting:
            return replace(plan, warning=gettext("It waits for open tasks."))
        return plan


class SetPriority(_SetStage):
    """Gives tasks a priority."""

    name = "set_priority"
    label = _("Change the priority of selected tasks")
    form = PriorityForm
    field = "priority"


class _MilestoneField(forms.ModelChoiceField):  # type: ignore[type-arg]  # Django's own takes none when it runs
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.project}: {obj}"


class MilestoneForm(BulkForm):
    """Offers the milestones of the tasks' projects: listed, or searched for where they are many."""

    milestone = _MilestoneField(Milestone.objects.none(), label=_("Milestone"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        projects = {task.project_id for task in self.rows}
        rows = Milestone.objects.visible_to(self.actor).filter(project_id__in=projects)
        field: Any = self.fields["milestone"]
        field.queryset = rows.select_related("project").order_by(
            "project__title", "project_id", "position", "id"
        )
        if rows.order_by()[LISTED : LISTED + 1].exists():
            column: Any = Task._meta.get_field("milestone")
            select = MilestoneSelect(column, self.page.admin_site, self.request)
            select.project_id = projects.pop() if len(projects) == 1 else None
            field.widget = select
            field.widget.is_required = True
            field.widget.choices = field.choices


class SetMilestone(BulkAction):
    """Puts tasks into a milestone of their own project; those of others stay where they are."""

    name = "set_milestone"
    label = _("Change the milestone of selected tasks")
    form = MilestoneForm

    def load(self) -> None:
        keys = {task.milestone_id for task in self.rows}
        rows = visible(Milestone.objects.filter(pk__in=keys), self.request)
        self.titles = dict(rows.values_list("pk", "title"))

    def plan(self, task: Task) -> Plan:
        wanted = self.values["milestone"]
        if task.milestone_id == wanted.pk:
            return None
        if task.project_id != wanted.project_id:
            return Refusal(refusal_text(MilestoneNotInProject()))
        return Change(self.titles.get(task.milestone_id, _NOTHING), wanted.title)

    def write(self, task: Task) -> None:
        wanted = self.values["milestone"].pk
        tasks.update_task(actor=self.actor, task_id=task.pk, milestone_id=wanted)


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class DatesForm(BulkForm):
    """Dates to set or to clear, or days to move both by."""

    start_date = forms.DateField(
        label=_("Start date"), required=False, widget=_day(), input_formats=["%Y-%m-%d"]
    )
    due_date = forms.DateField(
        label=_("Due date"), required=False, widget=_day(), input_formats=["%Y-%m-%d"]
    )
    clear_start_date = forms.BooleanField(label=_("Clear the start date"), required=False)
    clear_due_date = forms.BooleanField(label=_("Clear the due date"), required=False)
    days = forms.IntegerField(
        label=pgettext_lazy("dates of tasks", "Move both by days"),
        required=False,
        min_value=-_MOST_DAYS,
        max_value=_MOST_DAYS,
        help_text=_("Instead of the above. -7 is a week earlier."),
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if self.errors:
            return values
        fixed = {name for name in self.fields if name != "days" and values.get(name)}
        if bool(values.get("days")) == bool(fixed):
            raise forms.ValidationError(
                gettext("Set or clear dates, or else give the days to move them by.")
            )
        for name in ("start_date", "due_date"):
            if {name, f"clear_{name}"} <= fixed:
                self.add_error(name, gettext("A date is either set or cleared."))
        return values


class SetDates(BulkAction):
    """Sets, clears or moves the first and the last day of tasks."""

    name = "set_dates"
    label = _("Change the dates of selected tasks")
    form = DatesForm

    def plan(self, task: Task) -> Plan:
        try:
            wanted = self._wanted(task)
            tasks.check_dates(start_date=wanted["start_date"], due_date=wanted["due_date"])
        except OverflowError:
            return Refusal(gettext("There is no such day."))
        except TaskdockError as error:
            return Refusal(refusal_text(error))
        if (task.start_date, task.due_date) == tuple(wanted.values()):
            return None
        return Change(_span(task.start_date, task.due_date), _span(*wanted.values()))

    def write(self, task: Task) -> None:
        wanted: Any = self._wanted(task)
        tasks.update_task(actor=self.actor, task_id=task.pk, **wanted)

    def _wanted(self, task: Task) -> dict[str, dt.date | None]:
        return {name: self._date(task, name) for name in ("start_date", "due_date")}

    def _date(self, task: Task, name: str) -> dt.date | None:
        now: dt.date | None = getattr(task, name)
        if self.values["days"]:
            return None if now is None else now + dt.timedelta(days=self.values["days"])
        if self.values[f"clear_{name}"]:
            return None
        wanted: dt.date | None = self.values[name]
        return now if wanted is None else wanted


def _span(start: dt.date | None, due: dt.date | None) -> str:
    days = (
        _NOTHING if day is None else date_format(day, "SHORT_DATE_FORMAT") for day in (start, due)
    )
    first, last = days
    return gettext("start %(start)s, due %(due)s") % {"start": first, "due": last}
