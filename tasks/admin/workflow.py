from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceForm, ServiceModelAdmin, register_once
from tasks.admin.colors import colored
from tasks.exceptions import NoCompletedStatus, NoDefaultPriority, NoDefaultStatus
from tasks.models import TaskPriority, TaskStatus
from tasks.models.workflow import Stage
from tasks.services import workflow
from tasks.services.tasks import POSITION_GAP

_FLAGS = ("is_default", "is_completed")


class StageForm(ServiceForm):
    """Leaves the flags to the service: setting one moves it away from the row that has it."""

    refused_at = {
        NoDefaultStatus: "is_default",
        NoDefaultPriority: "is_default",
        NoCompletedStatus: "is_completed",
    }

    def _get_validation_exclusions(self) -> set[str]:
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]  # Django's own, unlisted
        return excluded | {*_FLAGS}


class StageAdmin(ServiceModelAdmin):
    """What the lists of statuses and priorities have in common."""

    form = StageForm
    list_display: Any = ("swatch", "position", "default")
    ordering = ("position", "id")
    fields: ClassVar[Any] = ("title", "color", "position", "is_default")

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

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        last = self.model._default_manager.aggregate(last=Max("position"))["last"] or 0
        given: Mapping[str, Any] = super().get_changeform_initial_data(request)
        return {"position": last + POSITION_GAP, **given}


class TaskStatusAdmin(StageAdmin):
    """Statuses."""

    list_display = ("swatch", "position", "default", "completed")
    fields = ("title", "color", "position", "is_default", "is_completed")

    @admin.display(description=_("means completed"), boolean=True)
    def completed(self, obj: TaskStatus) -> bool:
        return bool(obj.is_completed)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return workflow.create_status(actor=actor, **values)

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        workflow.update_status(actor=actor, status_id=pk, **values)

    def delete_row(self, actor: Actor, pk: int) -> None:
        workflow.delete_status(actor=actor, status_id=pk)


class TaskPriorityAdmin(StageAdmin):
    """Priorities."""

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return workflow.create_priority(actor=actor, **values)

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        workflow.update_priority(actor=actor, priority_id=pk, **values)

    def delete_row(self, actor: Actor, pk: int) -> None:
        workflow.delete_priority(actor=actor, priority_id=pk)


def register(site: AdminSite) -> None:
    """Register statuses and priorities."""
    register_once(site, TaskStatus, TaskStatusAdmin)
    register_once(site, TaskPriority, TaskPriorityAdmin)
