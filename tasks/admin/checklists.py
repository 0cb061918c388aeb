from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceModelAdmin, register_once
from tasks.admin.lists import LATEST, SEARCHES_LATEST
from tasks.models import ChecklistItem
from tasks.services import checklists


class ChecklistItemAdmin(ServiceModelAdmin):
    """Checklist items of tasks and of projects."""

    list_display = ("text", "belongs_to", "is_completed", "updated_at")
    list_filter = ("is_completed",)
    list_select_related = ("task", "project")
    search_fields = ("text",)
    search_latest = LATEST
    search_help_text = SEARCHES_LATEST
    sortable_by = ()
    autocomplete_fields = ("task", "project")
    fields = ("task", "project", "text", "is_completed")
    ordering = ("-id",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("task", "project", "text") if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("task", "project")

    @admin.display(description=_("belongs to"))
    def belongs_to(self, obj: ChecklistItem) -> str:
        return str(obj.task or obj.project)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        parent = values["task"] or values["project"]
        return checklists.add_checklist_item(actor=actor, parent=parent, text=values["text"])

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        checklists.update_checklist_item(actor=actor, item_id=pk, **values)

    def delete_row(self, actor: Actor, pk: int) -> None:
        checklists.delete_checklist_item(actor=actor, item_id=pk)


def register(site: AdminSite) -> None:
    """Register checklist items."""
    register_once(site, ChecklistItem, ChecklistItemAdmin)
