"""Filters by a row of many: a project, a milestone, a tag, a person.

Each is a form of its own whose field searches, by Django's own script. Without scripts one types
a part of the name instead, and chooses among links to what was found.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from django import forms
from django.contrib.admin import ListFilter, ModelAdmin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import actor_of
from tasks.admin.choosing import RowSelect, found_on, is_key, page_of
from tasks.admin.milestones import MilestoneSelect
from tasks.admin.people import PersonField, PersonSearch, people_called, person_label
from tasks.admin.task_list.kept import kept_parameters
from tasks.models import Milestone, Task, TaskAssignee, TaskTag
from tasks.people import parse_key, team_visible_to, user_model

#: How many rows a search without scripts links to.
FOUND = 20


class RowFilter(ListFilter):
    """The tasks of one row of another table."""

    template = "taskdock/task_list/row_filter.html"
    parameter: ClassVar[str]
    #: The foreign key whose rows are chosen from.
    field: ClassVar[Any]
    search_label: ClassVar[Any] = _("Part of the name")

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.page = model_admin
        for name in self.expected_parameters():
            if name in params:
                self.used_parameters[name] = params.pop(name)[-1]
        self.kept: list[tuple[str, str]] = []

    @property
    def value(self) -> str:
        """What was asked for, a key or not."""
        return str(self.used_parameters.get(self.parameter) or "")

    @property
    def text(self) -> str:
        """What was typed to look for rows."""
        return str(self.used_parameters.get(self.text_parameter) or "").strip()

    @property
    def text_parameter(self) -> str:
        return f"{self.field.name}_like"

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter, self.text_parameter]

    def has_output(self) -> bool:
        # What is in use is applied and shown, also to who may not look for others.
        return bool(self.value) or self.may_search

    @cached_property
    def searched(self) -> ModelAdmin[Any] | None:
        """The page of the rows on the same site."""
        return page_of(self.field, self.page.admin_site)

    @property
    def may_search(self) -> bool:
        """Whether who asks may look for rows: may see their pages."""
        page = self.searched
        return page is not None and page.has_view_permission(self.request)

    def rows(self) -> QuerySet[Any]:
        """The rows that who asks may see."""
        return self.searched.get_queryset(self.request) if self.searched else self.none()

    def none(self) -> QuerySet[Any]:
        """No row."""
        rows: QuerySet[Any] = self.field.remote_field.model._base_manager.none()
        return rows

    def found(self) -> QuerySet[Any]:
        """The rows that the typed text means."""
        return found_on(self.searched, self.request, self.rows(), self.text)

    def label(self, row: Any) -> str:
        """What a row is called."""
        return str(row)

    @cached_property
    def row(self) -> Any:
        """The row that was asked for, where there is one in sight."""
        if not self.is_key:
            return None
        return self.rows().filter(pk=self.value).first()

    @property
    def is_key(self) -> bool:
        return is_key(self.field.target_field, self.value)

    def widget(self) -> forms.Select:
        """The field that searches."""
        return RowSelect(self.field, self.page.admin_site, self.request)

    def form_field(self, widget: forms.Select) -> forms.ModelChoiceField[Any]:
        """The field of the form around the widget."""
        return forms.ModelChoiceField(self.rows(), required=False, widget=widget)

    @property
    def field_id(self) -> str:
        return f"taskdock-filter-{self.parameter}"

    def rendered(self) -> SafeString:
        """The field, with the chosen row in it."""
        widget: Any = self.widget()
        # The text without a script stands in a form of its own.
        widget.is_typed = False
        field = self.form_field(widget)
        bound: Any = field.widget
        bound.choices = field.choices
        value = self.value if self.is_key else None
        rendered: SafeString = bound.render(self.parameter, value, attrs={"id": self.field_id})
        return rendered

    def choices(self, changelist: Any) -> Iterator[Any]:
        self.kept = kept_parameters(changelist, without=self.expected_parameters())
        nothing = dict.fromkeys(self.expected_parameters())
        yield self._choice(changelist, _("All"), nothing, selected=not self.value)
        yield from self.other_choices(changelist, nothing)
        if self.value and not self.is_told:
            label = _("Unknown") if self.row is None else self.label(self.row)
            yield self._choice(
                changelist, label, {**nothing, self.parameter: self.value}, selected=True
            )
        if self.text and self.may_search:
            for row in self.found()[:FOUND]:
                asked = {**nothing, self.parameter: str(row.pk)}
                yield self._choice(changelist, self.label(row), asked, selected=False)

    def other_choices(self, changelist: Any, nothing: dict[Any, None]) -> Iterator[Any]:
        """Choices that are no rows."""
        yield from ()

    @property
    def is_told(self) -> bool:
        """Whether what was asked for is one of the other choices."""
        return False

    def _choice(self, changelist: Any, label: Any, asked: Any, *, selected: bool) -> Any:
        query = changelist.get_query_string(asked)
        return {"selected": selected, "query_string": query, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.value:
            return queryset
        return self.narrowed(queryset) if self.is_key else queryset.none()

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The tasks of the row with the key that was asked for."""
        return queryset.filter(**{self.field.attname: self.value})


class ProjectFilter(RowFilter):
    """The tasks of a project."""

    title = _("project")
    parameter = "project__id__exact"
    field = Task._meta.get_field("project")


class MilestoneFilter(RowFilter):
    """The tasks of a milestone; of those of one project where the list shows one."""

    title = _("milestone")
    parameter = "milestone__id__exact"
    field = Task._meta.get_field("milestone")

    @cached_property
    def project_id(self) -> int | None:
        return parse_key(self.request.GET.get(ProjectFilter.parameter, ""))

    def widget(self) -> forms.Select:
        select = MilestoneSelect(self.field, self.page.admin_site, self.request)
        select.project_id = self.project_id
        return select

    def found(self) -> QuerySet[Any]:
        rows = super().found()
        return rows if self.project_id is None else rows.filter(project_id=self.project_id)

    def label(self, row: Milestone) -> str:
        return f"{row} ({row.project})"


class TagFilter(RowFilter):
    """The tasks that have a tag."""

    title = _("tag")
    parameter = "task_tags__tag__id__exact"
    field = TaskTag._meta.get_field("tag")

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(task_tags__tag_id=self.value)


class PeopleFilter(RowFilter):
    """What is somebody's; people are found by a page of the site's at ``search_page``."""

    search_page: ClassVar[str]

    @property
    def may_search(self) -> bool:
        return True

    def found(self) -> QuerySet[Any]:
        return people_called(self.text, self.rows())

    def label(self, row: Any) -> str:
        return person_label(row)

    @property
    def is_key(self) -> bool:
        return not self.is_told and is_key(user_model()._meta.pk, self.value)

    def widget(self) -> forms.Select:
        return PersonSearch(self.page.link_to(self.search_page))

    def form_field(self, widget: forms.Select) -> forms.ModelChoiceField[Any]:
        return PersonField(self.rows(), required=False, widget=widget)


class AssigneeFilter(PeopleFilter):
    """One's own tasks, those that nobody has, and those of somebody of the team."""

    title = _("assigned")
    parameter = "assigned"
    field = TaskAssignee._meta.get_field("user")
    search_page = "team"
    _others = {"me": _("To me"), "nobody": _("To nobody")}

    def rows(self) -> QuerySet[Any]:
        return team_visible_to(actor_of(self.request))

    @property
    def is_told(self) -> bool:
        return self.value in self._others

    def other_choices(self, changelist: Any, nothing: dict[Any, None]) -> Iterator[Any]:
        for value, label in self._others.items():
            asked = {**nothing, self.parameter: value}
            yield self._choice(changelist, label, asked, selected=self.value == value)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value:
            case "me":
                return queryset.filter(assignees__user_id=request.user.pk)
            case "nobody":
                # The database can stop at a task's first assignee, and at the page's last task.
                return queryset.filter(~Exists(TaskAssignee.objects.filter(task=OuterRef("pk"))))
        return super().queryset(request, queryset)

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(assignees__user_id=self.value)
