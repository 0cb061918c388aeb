"""Whose time is shown, of which project, for which client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from tasks.admin.base import actor_of
from tasks.admin.task_list.row_filters import FOUND, PeopleFilter, RowFilter
from tasks.models import Project, Task
from tasks.people import users_visible_to
from timers.models import Timer
from timers.reads import entries

ME, ALL = "me", "all"


class _WeekFilter(RowFilter):
    """One of the form above the table; ``lookup`` leads from an entry to what is chosen."""

    lookup: str

    @property
    def nothing(self) -> dict[str, Any]:
        """Its parameters, each left out."""
        return {str(name): None for name in self.expected_parameters()}

    def narrowed(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        # What is out of sight has no time.
        return queryset.none() if self.row is None else queryset.filter(**{self.lookup: self.value})

    def found_links(self, asked: Any) -> Iterator[tuple[str, str]]:
        """What a typed text means, for pages without scripts."""
        if self.text and self.may_search:
            for row in self.found()[:FOUND]:
                yield asked.link(**{**self.nothing, self.parameter: row.pk}), self.label(row)


class ProjectOfTime(_WeekFilter):
    """Time for a project."""

    title = _("project")
    parameter = "project"
    field = Task._meta.get_field("project")
    lookup = "task__project_id"


class ClientOfTime(_WeekFilter):
    """Time for a client."""

    title = _("client")
    parameter = "client"
    field = Project._meta.get_field("client")
    lookup = "task__project__client_id"


class PersonOfTime(PeopleFilter, _WeekFilter):
    """One's own time, everybody's, or somebody's."""

    title = _("person")
    parameter = "person"
    field = Timer._meta.get_field("user")
    lookup = "user_id"
    search_page = "week_people"

    @cached_property
    def choice(self) -> str:
        """What is asked for; one's own by default for who has some."""
        if self.value:
            return self.value
        own = entries(actor_of(self.request)).filter(user_id=self.request.user.pk)
        return ME if own.order_by().exists() else ALL

    @property
    def is_told(self) -> bool:
        return self.value in {ME, ALL}

    def rows(self) -> QuerySet[Any]:
        return users_visible_to(actor_of(self.request))

    def queryset(self, request: Any, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.choice == ALL:
            return queryset
        if self.choice == ME:
            return queryset.filter(user_id=request.user.pk)
        return self.narrowed(queryset) if self.is_key else queryset.none()

    @property
    def enters_for(self) -> Any:
        """Whose time is entered from the head of a day."""
        return self.value if self.row is not None else self.request.user.pk


FILTERS = (PersonOfTime, ProjectOfTime, ClientOfTime)
