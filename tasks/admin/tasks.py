from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks import extensions
from tasks.actors import Actor
from tasks.admin.base import register_once
from tasks.admin.board import BoardPages
from tasks.admin.descriptions import DescriptionPages
from tasks.admin.fields import DATE_LABELS, format_tags
from tasks.admin.milestones import MilestoneSelect
from tasks.admin.my_work.page import MyWorkPages
from tasks.admin.panels import Panel, PanelPages
from tasks.admin.panels.checklist import CHECKLIST
from tasks.admin.panels.cloning import CLONE
from tasks.admin.panels.dependencies import DEPENDENCIES
from tasks.admin.panels.files import FILES
from tasks.admin.panels.history import HISTORY
from tasks.admin.panels.note import NOTE
from tasks.admin.panels.pin import PIN
from tasks.admin.panels.recurrence import RECURRENCE
from tasks.admin.sets import SetsForm
from tasks.admin.task_list.page import TaskList
from tasks.exceptions import MilestoneNotInProject, NoDefaultMilestone
from tasks.models import Task, TaskPriority, TaskStatus
from tasks.people import members_visible_to
from tasks.services import assignees, tagging, tasks


class TaskForm(SetsForm):
    """A task, with who works on it and its tags."""

    refused_at = {MilestoneNotInProject: "milestone", NoDefaultMilestone: "milestone"}

    class Meta:
        labels = DATE_LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "milestone" in self.fields:
            milestone = self.fields["milestone"]
            milestone.required = False
            select: Any = getattr(milestone.widget, "widget", milestone.widget)
            select.project_id = self.instance.project_id

    def assigned_rows(self) -> Any:
        return self.instance.assignees

    def tag_rows(self) -> Any:
        return self.instance.task_tags

    def rules(self, values: Mapping[str, Any]) -> Iterator[Callable[[], object]]:
        yield lambda: tasks.check_dates(
            start_date=values.get("start_date"), due_date=values.get("due_date")
        )
        project_id = getattr(values.get("project"), "pk", self.instance.project_id)
        milestone = values.get("milestone")
        if project_id is not None and milestone is not None and "milestone" in self.changed_data:
            yield lambda: tasks.milestone_of(
                actor=self.actor, project_id=project_id, milestone_id=milestone.pk
            )


class TaskAdmin(MyWorkPages, TaskList, BoardPages, PanelPages, DescriptionPages):
    """Tasks. Whatever is done here is what the API would have done."""

    form = TaskForm
    empty_text = _("They come from here, by the API, or from files: the command taskdock_import.")
    autocomplete_fields = ("project",)
    people_fields = {"assigned": members_visible_to}
    record_fields = (
        "created_at",
        "created_by",
        "updated_at",
        "status_changed_at",
        "previous_status",
        "completed_at",
        "completed_by",
    )

    class Media:
        css = {"all": ["taskdock/task_page.css"]}
        js = ("admin/js/jquery.init.js", "taskdock/milestones.js")

    def panels(self) -> Sequence[Panel]:
        own = (CHECKLIST, DEPENDENCIES, FILES, NOTE, PIN, RECURRENCE, CLONE, HISTORY)
        return (*own, *extensions.admin_panels())

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        looks = not self.has_change_permission(request, obj) and obj is not None
        description = "rendered_description" if looks else "description"
        switches = ("is_client_visible", "is_billable")
        sections: list[tuple[Any, dict[str, Any]]] = [
            (None, {"fields": ("title", description)}),
            (
                _("Place and state"),
                {"fields": (("project", "milestone"), ("status", "priority"))},
            ),
            (_("Dates"), {"fields": (("start_date", "due_date"),)}),
            (_("People and tags"), {"fields": ("assigned", "tags")}),
        ]
        if obj is None:
            return [*sections, (_("Client and billing"), {"fields": (switches,)})]
        archive: dict[str, Any] = {"fields": ("is_archived",)}
        if obj.project.is_archived:
            archive["description"] = _("The project of this task is archived.")
        return [
            *sections,
            (_("Client and billing"), {"fields": ("client", switches)}),
            (_("Archive"), archive),
            (_("Record"), {"fields": self.record_fields, "classes": ("collapse",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return ()
        shown = ("project", "client", *self.record_fields)
        if self.has_change_permission(request, obj):
            return shown
        return ("rendered_description", *shown)

    @admin.display(description=_("client"))
    def client(self, obj: Task) -> str | None:
        client = obj.project.client
        return None if client is None else str(client)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        preselected = {
            "status": TaskStatus.objects.filter(is_default=True).first(),
            "priority": TaskPriority.objects.filter(is_default=True).first(),
        }
        chosen = {name: row.pk for name, row in preselected.items() if row is not None}
        return {**chosen, **super().get_changeform_initial_data(request)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("assignees__user")

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "milestone":
            kwargs["widget"] = MilestoneSelect(db_field, self.admin_site, request)
            kwargs["help_text"] = _("Left empty: the default milestone of the project.")
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name in {"status", "priority", "milestone"}:
            # The workflow is not changed in passing, and a milestone belongs to a project.
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    @admin.display(description=_("tags"))
    def tags(self, obj: Task) -> str:
        return format_tags(sorted(obj.task_tags.values_list("tag__name", flat=True)))

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        status = form.values().get("status")
        if change and status is not None and status.is_completed:
            self.warn_of_blockers(request, obj.pk)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        assigned, tags = values.pop("assigned"), values.pop("tags")
        task = tasks.create_task(actor=actor, **_with_milestone_id(values))
        _write_sets(actor, task.pk, assigned=assigned, tags=tags)
        return task

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        assigned, tags = values.pop("assigned", None), values.pop("tags", None)
        is_archived = values.pop("is_archived", None)
        if values:
            tasks.update_task(actor=actor, task_id=pk, **_with_milestone_id(values))
        _write_sets(actor, pk, assigned=assigned, tags=tags)
        if is_archived is not None:
            write = tasks.archive_task if is_archived else tasks.activate_task
            write(actor=actor, task_id=pk)

    def delete_row(self, actor: Actor, pk: int) -> None:
        tasks.delete_task(actor=actor, task_id=pk)


def _with_milestone_id(values: dict[str, Any]) -> dict[str, Any]:
    if "milestone" in values:
        milestone = values.pop("milestone")
        values["milestone_id"] = None if milestone is None else milestone.pk
    return values


def _write_sets(actor: Actor, task_id: int, *, assigned: Any, tags: list[str] | None) -> None:
    if assigned is not None:
        ids = [user.pk for user in assigned]
        assignees.set_assignees(actor=actor, task_id=task_id, user_ids=ids)
    if tags is not None:
        tagging.set_tags(actor=actor, task_id=task_id, names=tags)


def register(site: AdminSite) -> None:
    """Register tasks."""
    register_once(site, Task, TaskAdmin)
