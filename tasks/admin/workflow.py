from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceForm, actor_of, register_once
from tasks.admin.colors import colored
from tasks.admin.lists import count_of
from tasks.admin.permissions import may
from tasks.admin.refusals import refusal_text
from tasks.admin.rows import CountedTasks
from tasks.admin.sorting import SortedByHand
from tasks.exceptions import (
    NoCompletedStatus,
    NoDefaultPriority,
    NoDefaultStatus,
    PriorityTitleTaken,
    Refused,
    StatusTitleTaken,
)
from tasks.models import Task, TaskPriority, TaskStatus
from tasks.models.tallies import WorkflowTally
from tasks.models.workflow import Stage
from tasks.querysets import is_narrowed
from tasks.services import workflow
from tasks.services.tasks import POSITION_GAP

_FLAGS = ("is_default", "is_completed")
#: By which field a task has one.
_FIELDS: Mapping[type[Stage], str] = {TaskStatus: "status", TaskPriority: "priority"}


class StageForm(ServiceForm):
    """Leaves the flags to the service: setting one moves it away from the row that has it."""

    refused_at = {
        NoDefaultStatus: "is_default",
        NoDefaultPriority: "is_default",
        NoCompletedStatus: "is_completed",
        StatusTitleTaken: "title",
        PriorityTitleTaken: "title",
    }

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, unlisted
        return excluded | {*_FLAGS}


class MoveForm(forms.Form):
    """Where the tasks of a status or priority go before it is deleted."""

    move_to: Any = forms.ModelChoiceField(queryset=None)

    def __init__(self, stage: Stage, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = type(stage)._default_manager.exclude(pk=stage.pk).order_by("position", "id")
        field: Any = self.fields["move_to"]
        field.queryset = others
        if is_narrowed():
            # All of them move; how many are out of sight is not told.
            field.label = gettext("Move its tasks to")
            return
        count = count_of(Task._base_manager.filter(**{_FIELDS[type(stage)]: stage}))
        field.label = ngettext(
            "Move its %(count)s task to", "Move its %(count)s tasks to", count
        ) % {"count": count}


class StageAdmin(SortedByHand, CountedTasks):
    """What the pages of statuses and priorities have in common.

    One that has tasks is deleted by moving them to another in the same step.
    """

    form = StageForm
    delete_confirmation_template = "taskdock/stage_delete_confirmation.html"
    delete_selected_confirmation_template = "taskdock/stage_delete_selected_confirmation.html"
    list_display: Any = ("swatch", "default", "tasks")
    ordering = ("position", "id")
    fields: ClassVar[Any] = ("title", "color", "is_default")
    tally = WorkflowTally

    @admin.display(description=_("title"), ordering="title")
    def swatch(self, obj: Stage) -> str:
        return colored(obj.color, obj.title)

    @admin.display(description=_("default"), boolean=True)
    def default(self, obj: Stage) -> bool:
        return bool(obj.is_default)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "color":
            kwargs["widget"] = forms.ColorInput()
            kwargs["help_text"] = ""
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @admin.display(description=_("tasks"))
    def tasks(self, obj: Stage) -> str:
        return self.tasks_link(obj, _("Tasks"))

    def last_position(self) -> int:
        """Where a new row goes: after all of them."""
        last = self.model._default_manager.aggregate(last=Max("position"))["last"] or 0
        return int(last) + POSITION_GAP

    def delete_row_moving(self, actor: Actor, pk: int, move_to: int | None) -> None:
        """Call the service that deletes a row, its tasks moved to another one or none."""
        raise NotImplementedError

    def delete_row(self, actor: Actor, pk: int) -> None:
        self.delete_row_moving(actor, pk, None)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        target = self._target(request, obj)
        move_to = None if target is None else target.pk
        self.delete_row_moving(actor_of(request), obj.pk, move_to)

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[Any]]:
        shown, counts, lacking, protected = super().get_deleted_objects(objs, request)
        # What is moved away is not in the way; what else may be, the service says.
        moves = isinstance(objs, list) and self._target(request, objs[0]) is not None
        return shown, counts, lacking, [] if moves else protected

    def render_delete_form(self, request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
        stage = context["object"]
        if not context["perms_lacking"]:
            try:
                workflow.check_deletable(stage)
            except Refused as refusal:
                # Whatever else is in the way need not be told.
                context["refusal"] = refusal_text(refusal)
                context["protected"] = [context["refusal"]]
                context["title"] = gettext("Delete")
            else:
                if context["protected"] and self._may_move(request):
                    context["title"] = gettext("Delete")
                    context["move_form"] = MoveForm(stage, request.POST or None)
        response: HttpResponse = super().render_delete_form(request, context)
        return response

    def _target(self, request: HttpRequest, stage: Stage) -> Stage | None:
        """Where the tasks of a row are to go, where its delete page was told and may do so."""
        if "move_to" not in request.POST or not self._may_move(request):
            return None
        form = MoveForm(stage, request.POST)
        return form.cleaned_data["move_to"] if form.is_valid() else None

    def _may_move(self, request: HttpRequest) -> bool:
        return may(request, "change", Task, self.admin_site)


class TaskStatusAdmin(StageAdmin):
    """Statuses."""

    list_display = ("swatch", "default", "completed", "tasks")
    fields = ("title", "color", "is_default", "is_completed")
    counted_by = "status"

    @admin.display(description=_("means completed"), boolean=True)
    def completed(self, obj: TaskStatus) -> bool:
        return bool(obj.is_completed)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return workflow.create_status(actor=actor, position=self.last_position(), **values)

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        workflow.update_status(actor=actor, status_id=pk, **values)

    def delete_row_moving(self, actor: Actor, pk: int, move_to: int | None) -> None:
        workflow.delete_status(actor=actor, status_id=pk, move_to=move_to)

    def move_row(self, actor: Actor, pk: int, before: int | None) -> None:
        workflow.move_status(actor=actor, status_id=pk, before=before)


class TaskPriorityAdmin(StageAdmin):
    """Priorities."""

    counted_by = "priority"

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return workflow.create_priority(actor=actor, position=self.last_position(), **values)

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        workflow.update_priority(actor=actor, priority_id=pk, **values)

    def delete_row_moving(self, actor: Actor, pk: int, move_to: int | None) -> None:
        workflow.delete_priority(actor=actor, priority_id=pk, move_to=move_to)

    def move_row(self, actor: Actor, pk: int, before: int | None) -> None:
        workflow.move_priority(actor=actor, priority_id=pk, before=before)


def register(site: AdminSite) -> None:
    """Register statuses and priorities."""
    register_once(site, TaskStatus, TaskStatusAdmin)
    register_once(site, TaskPriority, TaskPriorityAdmin)
