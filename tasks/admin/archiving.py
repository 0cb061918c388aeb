"""Putting projects away with all they hold, and bringing them back: asked first, said how much."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import quote, unquote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.utils.translation import ngettext

from tasks.admin.base import REFUSALS, refusal_of
from tasks.admin.deleting import ProjectDeletion
from tasks.admin.refusals import refusal_text
from tasks.models import TaskTally
from tasks.querysets import is_narrowed
from tasks.services import projects
from tasks.services.project_archiving import tasks_to_activate

#: Of how many archived tasks the history is looked into, to say how many come back.
_LOOKED_AT = 20_000


class WithTasks(forms.Form):
    """Whether the tasks of projects go with them."""

    with_tasks = forms.BooleanField(required=False, initial=True)


class ArchivedProjects(ProjectDeletion):
    """Pages that archive projects and bring them back, each with a page that asks first."""

    change_form_template = "taskdock/project_change_form.html"
    actions = ("archive", "restore")

    @admin.action(description=_lazy("Archive selected projects"), permissions=["change"])
    def archive(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self._asked(request, queryset, is_archived=True)

    @admin.action(description=_lazy("Restore selected projects"), permissions=["change"])
    def restore(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return self._asked(request, queryset, is_archived=False)

    def _asked(
        self, request: HttpRequest, rows: QuerySet[Any], *, is_archived: bool
    ) -> HttpResponse | None:
        if "confirmed" not in request.POST:
            action = "archive" if is_archived else "restore"
            return self._ask(request, rows, action=action, is_archived=is_archived)
        self._write(request, rows, is_archived=is_archived)
        return None

    def get_urls(self) -> list[URLPattern]:
        archive = path(
            "<path:object_id>/archive/",
            self.admin_site.admin_view(self.archive_view),
            name=f"{self.opts.app_label}_{self.opts.model_name}_archive",
        )
        return [archive, *super().get_urls()]

    def archive_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Ask, and archive one project, or bring back one that is archived."""
        project = self.get_object(request, unquote(object_id))
        if not self.has_change_permission(request, project):
            raise PermissionDenied
        if project is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined,no-any-return]  # Django's own, unlisted
        rows = self.get_queryset(request).filter(pk=project.pk)
        if request.method != "POST":
            return self._ask(request, rows, action="", is_archived=not project.is_archived)
        # What was asked is what is done, whatever somebody else has done meanwhile.
        is_archived = request.POST.get("archived") == "yes"
        try:
            self.written(request, lambda: self._write(request, rows, is_archived=is_archived))
        except REFUSALS as error:
            self.message_user(request, refusal_text(refusal_of(error)), messages.ERROR)
        return HttpResponseRedirect(self.link_to("change", quote(project.pk)))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        project = context.get("original")
        if project is not None and self.has_change_permission(request, project):
            context["archive_url"] = self.link_to("archive", quote(project.pk))
        return super().render_change_form(request, context, *args, **kwargs)

    def _write(self, request: HttpRequest, rows: QuerySet[Any], *, is_archived: bool) -> None:
        form = WithTasks(request.POST)
        form.full_clean()
        with_tasks = form.cleaned_data["with_tasks"] and self.may(request, "change")
        write = projects.archive_project if is_archived else projects.restore_project
        count = self.for_each(
            request,
            rows,
            lambda actor, pk: write(actor=actor, project_id=pk, with_tasks=with_tasks),
        )
        if is_archived:
            text = ngettext(
                "%(count)d project is archived.", "%(count)d projects are archived.", count
            )
        else:
            text = ngettext("%(count)d project is active.", "%(count)d projects are active.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)

    def _ask(
        self, request: HttpRequest, rows: QuerySet[Any], *, action: str, is_archived: bool
    ) -> HttpResponse:
        response = self.confirmation(
            request,
            rows,
            template="taskdock/archive_confirmation.html",
            title=_("Archive projects") if is_archived else _("Restore projects"),
            action=action,
        )
        context: dict[str, Any] = response.context_data or {}
        context["is_archived"] = is_archived
        context["told"] = _what_of_tasks(rows, is_archived=is_archived)
        context["form"] = WithTasks() if self.may(request, "change") else None
        return response


def _what_of_tasks(rows: QuerySet[Any], *, is_archived: bool) -> str:
    """How many tasks it is about, where that may be told."""
    keys = list(rows.values_list("pk", flat=True))
    count = None if is_narrowed() else _number(keys, is_archived=not is_archived)
    if is_archived:
        if count is None:
            return _("Archive all their active tasks too")
        text = ngettext(
            "Archive %(count)d active task too", "Archive %(count)d active tasks too", count
        )
    elif count is None or count > _LOOKED_AT:
        return _("Bring back the tasks that were archived with them")
    else:
        count = tasks_to_activate(keys)
        text = ngettext(
            "Bring back %(count)d task that was archived with them",
            "Bring back %(count)d tasks that were archived with them",
            count,
        )
    return text % {"count": count}


def _number(projects: Sequence[Any], *, is_archived: bool) -> int:
    cells = TaskTally.objects.filter(project_id__in=projects, is_archived=is_archived)
    return max(int(cells.aggregate(count=Sum("tasks"))["count"] or 0), 0)
