"""The forms of a cell: an entry is added, or one is corrected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceForm, actor_of
from tasks.admin.choosing import is_key
from tasks.admin.numbers import called, led, number_in
from tasks.exceptions import TaskdockError
from tasks.models import Task
from timers.admin.week.asked import Asked, Cell
from timers.admin.week.times import TimeField
from timers.exceptions import TimerIsInvoiced, TimerIsRunning
from timers.models import Timer
from timers.reads import entries
from timers.services import timers

#: How many tasks a form offers: those at hand, or those found.
OFFERED = 25
_DAY = "%Y-%m-%d"


def tasks_at_hand(asked: Asked, cell: Cell) -> list[tuple[Any, str]]:
    """The tasks that a new entry may be about: those found where one searches, else likely ones.

    Those that the person has worked on lately, then those that are assigned to them; of the
    cell's project where it has one.
    """
    seen = Task.objects.visible_to(asked.actor)
    if cell.task is not None and not asked.search:
        return list(seen.filter(pk=cell.task).values_list("pk", "title"))
    if cell.project is not None:
        seen = seen.filter(project_id=cell.project)
    if asked.search:
        found = seen.filter(called(asked.search)).order_by("-pk")
        number = number_in(asked.search)
        rows = found.only("title")[:OFFERED]
        shown = rows if number is None else led(rows, number, found.only("title"))
        return [(task.pk, task.title) for task in shown]
    worked = entries(asked.actor).filter(user_id=cell.person).order_by("-work_date", "-id")
    if cell.project is not None:
        worked = worked.filter(task__project_id=cell.project)
    lately = list(dict.fromkeys(worked.values_list("task_id", flat=True)[: 2 * OFFERED]))
    likely = Q(pk__in=lately) | Q(pk__in=_assigned(asked, cell))
    offered = dict(seen.filter(likely).order_by("-pk").values_list("pk", "title"))
    ordered = [*(key for key in lately if key in offered), *offered]
    return [(key, offered[key]) for key in dict.fromkeys(ordered)][:OFFERED]


def _assigned(asked: Asked, cell: Cell) -> list[Any]:
    rows = Task.objects.visible_to(asked.actor).active().assigned_to(cell.person)
    if cell.project is not None:
        rows = rows.filter(project_id=cell.project)
    newest = rows.filter(completed_at=None).order_by("-assignees__task_created_at", "-pk")
    return list(newest.values_list("pk", flat=True)[:OFFERED])


class EntryForm(ServiceForm):
    """A new entry in a cell."""

    task = forms.ModelChoiceField(queryset=Task.objects.none(), label=_("Task"))
    seconds = TimeField(label=_("Time"), help_text=_("Hours and minutes: 1:30, or 1.5."))

    class Meta:
        model = Timer
        fields = ("task", "seconds")

    def __init__(self, *args: Any, offered: list[tuple[Any, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        tasks: Any = self.fields["task"]
        tasks.queryset = Task.objects.visible_to(self.actor)
        chosen = str(self.data.get(self.add_prefix("task")) or "")
        is_offered = chosen in {str(key) for key, _title in offered}
        if not is_offered and is_key(Task._meta.pk, chosen):
            kept = tasks.queryset.filter(pk=chosen).values_list("pk", "title")
            offered = [*kept, *offered]
        tasks.widget.choices = offered if len(offered) == 1 else [("", "—"), *offered]

    def rules(self, values: Mapping[str, Any]) -> Iterator[Callable[[], object]]:
        if values.get("seconds") is not None:
            yield lambda: timers.check_seconds(values["seconds"])


class CorrectionForm(ServiceForm):
    """The time and the day of an entry."""

    seconds = TimeField(label=_("Time"))
    work_date = forms.DateField(
        label=_("Day"),
        widget=forms.DateInput(attrs={"type": "date"}, format=_DAY),
        input_formats=[_DAY],
    )

    class Meta:
        model = Timer
        fields = ("seconds", "work_date")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in self.fields.values():
            one.show_hidden_initial = True

    def rules(self, values: Mapping[str, Any]) -> Iterator[Callable[[], object]]:
        yield self._check_open
        if "seconds" in self.changed_data and values.get("seconds") is not None:
            yield lambda: timers.check_seconds(values["seconds"])

    def _check_open(self) -> None:
        if self.instance.is_invoiced:
            raise TimerIsInvoiced
        if self.instance.is_running:
            raise TimerIsRunning


def form_of(
    kind: type[Any], request: HttpRequest, refusal: TaskdockError | None, *args: Any, **kwargs: Any
) -> Any:
    """A form for whoever asks, which shows what a service has refused."""
    actor: Actor = actor_of(request)
    own = type(kind.__name__, (kind,), {"actor": actor, "refusal": refusal})
    return own(*args, label_suffix="", **kwargs)


def correction(
    request: HttpRequest, timer: Timer, data: Any = None, refusal: TaskdockError | None = None
) -> Any:
    """The form of one of a page's entries."""
    return form_of(
        CorrectionForm, request, refusal, data, instance=timer, prefix=f"entry-{timer.pk}"
    )
