"""The admin of comments: read, written, corrected, deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from comments.admin.bulk import DeleteComments
from comments.admin.ownership import is_permitted
from comments.models import Comment
from comments.services import comments
from tasks.actors import Actor
from tasks.admin.base import ServiceModelAdmin, register_once
from tasks.admin.bulk import function_of
from tasks.admin.lists import LATEST, SEARCHES_LATEST
from tasks.admin.people import person_label


class CommentAdmin(ServiceModelAdmin):
    """Comments on tasks and on checklist items; a new one is on a task, by the user of the session.

    Users edit and delete their own comments; others' need ``change_any_comment`` and
    ``delete_any_comment``.
    """

    list_display = ("__str__", "about", "author", "created_at", "updated_at")
    list_select_related = ("task", "checklist_item", "creator")
    search_fields = ("text",)
    search_latest = LATEST
    search_help_text = SEARCHES_LATEST
    sortable_by = ()
    autocomplete_fields = ("task",)
    ordering = ("-id",)
    actions = (function_of(DeleteComments),)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and is_permitted(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_delete_permission(request, obj) and is_permitted(request, "delete", obj)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ("task", "text")
        return ("about", "text", "author", "created_at", "updated_at")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("about", "author", "created_at", "updated_at")

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[Any]:
        form = super().get_form(request, obj, change, **kwargs)
        if "task" in form.base_fields:
            # The column may be null for comments on checklist items; here it is what is asked.
            form.base_fields["task"].required = True
        return form

    @admin.display(description=_("about"))
    def about(self, obj: Comment) -> str:
        return str(obj.task or obj.checklist_item)

    @admin.display(description=_("creator"))
    def author(self, obj: Comment) -> str | None:
        return None if obj.creator is None else person_label(obj.creator)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return comments.add_comment(actor=actor, subject=values["task"], text=values["text"])

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        comments.edit_comment(actor=actor, comment_id=pk, **values)

    def delete_row(self, actor: Actor, pk: int) -> None:
        comments.delete_comment(actor=actor, comment_id=pk)


def register(site: AdminSite) -> None:
    """Register comments; for a host with an admin site of its own."""
    register_once(site, Comment, CommentAdmin)


register(admin.site)
