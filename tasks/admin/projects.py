from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.archiving import ArchivedProjects
from tasks.admin.base import ServiceForm, actor_of, register_once, visible
from tasks.admin.colors import colored
from tasks.admin.deleting import DELETE, MilestoneDeletion
from tasks.admin.fields import DATE_LABELS
from tasks.admin.links import list_link
from tasks.admin.lists import ArchivedColumn
from tasks.admin.marks import badge, due, progress_bar
from tasks.admin.people import PersonField, by_login
from tasks.admin.permissions import may
from tasks.admin.project_progress import ProgressPages
from tasks.admin.rows import CountedTasks
from tasks.admin.sets import SetsForm
from tasks.admin.sorting import SortedByHand
from tasks.exceptions import MilestoneTitleTaken
from tasks.models import Milestone, Project, Task
from tasks.people import members_visible_to, parse_key, person_name, users
from tasks.progress import with_progress
from tasks.services import milestones, projects
from tasks.services.tasks import check_dates

#: By which the list of milestones is narrowed to a project's, where they are sorted.
PROJECT_FILTER = "project__id__exact"
#: How many milestones a project's page lists before it points to their own list.
MILESTONES_SHOWN = 50

#: What the colours look like that the admin knows.
_COLORS: Mapping[str, str] = {
    Milestone.Color.DEFAULT: "#8a94a6",
    Milestone.Color.PRIMARY: "#4f8cff",
    Milestone.Color.INFO: "#2bb8c4",
    Milestone.Color.SUCCESS: "#2fb573",
    Milestone.Color.WARNING: "#f5a623",
    Milestone.Color.DANGER: "#ff5b5b",
}


class ProjectForm(SetsForm):
    """A project, with its manager, its team and its tags."""

    class Meta:
        labels = DATE_LABELS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "manager" in self.fields:
            # Who manages it already may go on after leaving the team.
            known = Q(pk__in=members_visible_to(self.actor).values("pk")) | Q(
                pk=self.instance.manager_id
            )
            self.fields["manager"].queryset = by_login(users().filter(known))  # type: ignore[attr-defined]  # a PersonField

    def assigned_rows(self) -> Any:
        return self.instance.members

    def tag_rows(self) -> Any:
        return self.instance.project_tags

    def rules(self, values: Mapping[str, Any]) -> Iterator[Callable[[], object]]:
        yield lambda: check_dates(
            start_date=values.get("start_date"), due_date=values.get("due_date")
        )


class MilestoneForm(ServiceForm):
    """A milestone."""

    refused_at = {MilestoneTitleTaken: "title"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "color" in self.fields:
            known: dict[str, Any] = dict(Milestone.Color.choices)
            # A program may have given it a colour of its own, which a save is not to take away.
            color = self.instance.color
            self.fields["color"].widget = forms.Select(
                choices=[*known.items(), *([] if color in known else [(color, color)])]
            )


class ArchivedFilter(admin.SimpleListFilter):
    """Active projects, unless others are asked for."""

    title = _("state")
    parameter_name = "state"
    beside_active = ("archived", "all")

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("archived", _("Archived")), ("all", _("All"))]

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": _("Active")}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "all":
            return queryset
        return queryset.filter(is_archived=self.value() == "archived")


#: How the states of a project are marked.
_KINDS: Mapping[str, str] = {
    Project.Status.NOT_STARTED: "plain",
    Project.Status.IN_PROGRESS: "warning",
    Project.Status.ON_HOLD: "muted",
    Project.Status.CANCELLED: "muted",
    Project.Status.COMPLETED: "good",
}
_CLOSED = {Project.Status.CANCELLED, Project.Status.COMPLETED}


class ProjectAdmin(ProgressPages, ArchivedProjects, CountedTasks, ArchivedColumn):
    """Projects. A new one gets its default milestone."""

    form = ProjectForm
    list_display = (
        "title",
        "client",
        "status_badge",
        "progress",
        "manager_name",
        "due",
        "tasks",
        "archived",
    )
    list_filter = (ArchivedFilter, "status")
    state_filter = ArchivedFilter
    counted_by = "project"
    list_select_related = ("client", "manager")
    search_fields = ("folded_title__contains", "client__folded_name__contains")
    search_help_text = _("Searches titles and clients.")
    empty_text = _("A project holds milestones and tasks, for a client or for nobody.")
    people_fields = {"manager": members_visible_to, "assigned": members_visible_to}
    autocomplete_fields = ("client",)
    #: What its page shows beside the form.
    shown_fields = ("progress", "archived", "milestones", "tasks")
    fields = (
        "title",
        "client",
        "description",
        "status",
        ("start_date", "due_date"),
        "manual_progress",
        "manager",
        "assigned",
        "tags",
    )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_fields(request, obj)
        return fields if obj is None else (*fields, *self.shown_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else self.shown_fields

    @admin.display(description=_("tasks"))
    def tasks(self, obj: Project) -> str:
        return self.tasks_link(obj, _("Tasks"))

    @admin.display(description=_("status"), ordering="status")
    def status_badge(self, obj: Project) -> Any:
        return badge(obj.get_status_display(), _KINDS.get(obj.status, "plain"))

    @admin.display(description=_("due"), ordering="due_date")
    def due(self, obj: Project) -> Any:
        return due(obj.due_date, is_open=obj.status not in _CLOSED and not obj.is_archived)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return with_progress(super().get_queryset(request), actor_of(request))

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "manager":
            return PersonField(users(), label=_("Manager"), required=False)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "manager":
            # People are not made or changed in passing.
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        project: Any = super().get_object(request, object_id, from_field)
        if project is not None:
            project.seen_milestones = visible(project.milestones.all(), request)
            project.milestones_may_be_added = may(request, "add", Milestone, self.admin_site)
        return project

    @admin.display(description=_("progress"), ordering="progress")
    def progress(self, obj: Any) -> str:
        return progress_bar(obj.progress, obj)

    @admin.display(description=_("manager"))
    def manager_name(self, obj: Project) -> str | None:
        return None if obj.manager is None else person_name(obj.manager)

    @admin.display(description=_("archived"), ordering="is_archived", empty_value="")
    def archived(self, obj: Project) -> Any:
        return badge(_("Archived"), "muted") if obj.is_archived else None

    @admin.display(description=_("milestones"))
    def milestones(self, obj: Any) -> str:
        rows = [
            (
                reverse(
                    "admin:taskdock_milestone_change",
                    args=[row.pk],
                    current_app=self.admin_site.name,
                ),
                colored(_color_of(row), row.title),
            )
            for row in obj.seen_milestones.order_by("position", "id")[:MILESTONES_SHOWN]
        ]
        items = format_html_join("", '<li><a href="{}">{}</a></li>', rows)
        everything = gettext("List and sort the milestones")
        links = [list_link(self, "milestone", everything, **{PROJECT_FILTER: obj.pk})]
        if obj.milestones_may_be_added:
            add = reverse("admin:taskdock_milestone_add", current_app=self.admin_site.name)
            query = urlencode({"project": obj.pk})
            links.append(
                format_html('<a href="{}?{}">{}</a>', add, query, gettext("Add a milestone"))
            )
        return format_html(
            '<ul class="taskdock-list">{}</ul><p>{}</p>',
            items,
            format_html_join(" · ", "{}", [(link,) for link in links]),
        )

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        sets = _taken(values)
        project = projects.create_project(actor=actor, **values)
        _write_sets(actor, project.pk, sets)
        return project

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        sets = _taken(values)
        if values:
            projects.update_project(actor=actor, project_id=pk, **values)
        _write_sets(actor, pk, sets)

    def delete_row(self, actor: Actor, pk: int) -> None:
        projects.delete_project(actor=actor, project_id=pk)


class ColorFilter(admin.SimpleListFilter):
    """The colours that the admin knows. Asking the table for its own would read all of it."""

    title = _("colour")
    parameter_name = "color__exact"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(Milestone.Color.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset if self.value() is None else queryset.filter(color=self.value())


class MilestoneAdmin(MilestoneDeletion, SortedByHand, CountedTasks):
    """Milestones. The default one stays; the tasks of a deleted one go where it is said."""

    form = MilestoneForm
    list_display = ("title", "project", "swatch", "default", "tasks")
    list_filter = (ColorFilter,)
    list_select_related = ("project",)
    search_fields = ("folded_title__contains", "project__folded_title__contains")
    ordering = ("project__title", "project_id", "position", "id")
    autocomplete_fields = ("project",)
    fields = ("project", "title", "color")
    counted_by = "milestone"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return () if obj is None else ("project",)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """The form of a task asks for the milestones of its project alone."""
        if request.GET.get("field_name") == "milestone" and "project" in request.GET:
            project_id = parse_key(request.GET["project"])
            if project_id is None:
                return queryset.none(), False
            queryset = queryset.filter(project_id=project_id).order_by("position", "id")
        return super().get_search_results(request, queryset, search_term)

    @admin.display(description=_("colour"), ordering="color")
    def swatch(self, obj: Milestone) -> str:
        return colored(_color_of(obj), _COLOR_NAMES.get(obj.color, obj.color))

    @admin.display(description=_("default"), boolean=True)
    def default(self, obj: Milestone) -> bool:
        return bool(obj.is_default)

    @admin.display(description=_("tasks"))
    def tasks(self, obj: Milestone) -> str:
        return self.tasks_link(obj, _("Tasks"))

    def is_sorted_list(self, request: HttpRequest) -> bool:
        """They are sorted within their project."""
        return PROJECT_FILTER in request.GET and super().is_sorted_list(request)

    def neighbours(self, request: HttpRequest, row: Milestone) -> QuerySet[Any]:
        return super().neighbours(request, row).filter(project_id=row.project_id)

    def move_row(self, actor: Actor, pk: int, before: int | None) -> None:
        milestones.move_milestone(actor=actor, milestone_id=pk, before=before)

    def blocks_deletion(self, model: type[models.Model]) -> bool:
        return model is not Task

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        original = context.get("original")
        if original is not None and original.is_default:
            context["show_delete"] = False
        return super().render_change_form(request, context, *args, **kwargs)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return milestones.create_milestone(actor=actor, **values)

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        milestones.update_milestone(actor=actor, milestone_id=pk, **values)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        answer = self.answer(request)
        target = answer.get("move_to")
        milestones.delete_milestone(
            actor=actor_of(request),
            milestone_id=obj.pk,
            delete_tasks=answer.get("tasks") == DELETE,
            move_to=None if target is None else target.pk,
        )

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        delete_tasks = self.answer(request).get("tasks") == DELETE
        self.for_each(
            request,
            queryset,
            lambda actor, pk: milestones.delete_milestone(
                actor=actor, milestone_id=pk, delete_tasks=delete_tasks
            ),
        )


def _taken(values: dict[str, Any]) -> dict[str, Any]:
    """What services of their own write, taken out of a form's values."""
    return {name: values.pop(name) for name in ("manager", "assigned", "tags") if name in values}


def _write_sets(actor: Actor, project_id: int, sets: Mapping[str, Any]) -> None:
    if "manager" in sets:
        user_id = None if sets["manager"] is None else sets["manager"].pk
        projects.set_manager(actor=actor, project_id=project_id, user_id=user_id)
    if "assigned" in sets:
        ids = [user.pk for user in sets["assigned"]]
        projects.set_members(actor=actor, project_id=project_id, user_ids=ids)
    if "tags" in sets:
        projects.set_project_tags(actor=actor, project_id=project_id, names=sets["tags"])


_COLOR_NAMES: Mapping[str, Any] = dict(Milestone.Color.choices)


def _color_of(milestone: Milestone) -> str:
    return _COLORS.get(milestone.color, _COLORS[Milestone.Color.DEFAULT])


def register(site: AdminSite) -> None:
    """Register projects and milestones."""
    register_once(site, Project, ProjectAdmin)
    register_once(site, Milestone, MilestoneAdmin)
