"""What somebody asked the page for: its address, taken apart and put together again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import actor_of
from tasks.admin.choosing import is_key
from tasks.admin.weeks import DAYS
from tasks.clock import today
from tasks.models import Project, Task
from tasks.people import user_model
from timers.admin.week.days import Week, day_asked_for
from timers.admin.week.filters import FILTERS, PersonOfTime, ProjectOfTime
from timers.reads import entries

#: By what rows are put together.
GROUPS: Mapping[str, Any] = {"person": _("Person"), "project": _("Project"), "client": _("Client")}
#: How many weeks the charts are of, the shown one being the last.
SPANS: Mapping[str, tuple[int, Any]] = {
    "week": (1, _("1 week")),
    "month": (4, _("4 weeks")),
    "quarter": (13, _("13 weeks")),
}
#: What stands for those whose user is gone.
NOBODY = "nobody"


class Cell(NamedTuple):
    """Somebody's time on a day, for a project or one of its tasks, where it is of a row."""

    day: dt.date
    person: Any
    project: Any = None
    task: Any = None

    @property
    def parameters(self) -> dict[str, Any]:
        """What an address says of it."""
        return {
            "cell_day": self.day.isoformat(),
            "cell_person": NOBODY if self.person is None else self.person,
            "cell_project": self.project,
            "cell_task": self.task,
        }


_CELL = ("cell_day", "cell_person", "cell_project", "cell_task")


class Asked:
    """What is shown: a week, narrowed, grouped, with a cell open or none.

    Whatever an address says that means nothing is as if it weren't there, but a filter that means
    nothing has no time.
    """

    def __init__(self, request: HttpRequest, page: Any) -> None:
        self.request, self.page = request, page
        self._addresses: dict[tuple[str, ...], str] = {}
        self.actor: Actor = actor_of(request)
        # The form above the table sends who is shown now besides whom one chooses, or nobody.
        given = {name: list(filter(None, values)) for name, values in request.GET.lists()}
        given = {name: values for name, values in given.items() if values}
        self._given = {name: str(values[-1]) for name, values in given.items()}
        self.filters: list[Any] = [kind(request, given, page.model, page) for kind in FILTERS]
        self.week = Week.of(day_asked_for(self._text("day")) or today())
        self.group = self._one_of("group", GROUPS)
        self.span = self._one_of("span", SPANS)
        self.search = self._text("q").replace("\x00", "").strip()[:200]

    @property
    def person(self) -> PersonOfTime:
        """The filter by person."""
        found: PersonOfTime = self.filters[0]
        return found

    @property
    def project(self) -> ProjectOfTime:
        """The filter by project."""
        found: ProjectOfTime = self.filters[1]
        return found

    @property
    def has_tasks(self) -> bool:
        """Whether each task has a row: when that is asked for, and in a single project."""
        return self._text("tasks") == "1" or bool(self.project.value)

    @cached_property
    def cell(self) -> Cell | None:
        """The open one."""
        day = day_asked_for(self._text("cell_day"))
        keys = [
            self._key("cell_person", user_model()._meta.pk),
            self._key("cell_project", Project._meta.pk),
            self._key("cell_task", Task._meta.pk),
        ]
        person = self._text("cell_person")
        if day is None or not person or (keys[0] is None and person != NOBODY):
            return None
        return Cell(day, *keys)

    def rows(self) -> QuerySet[Any]:
        """All entries that are asked for, of whatever day."""
        found: QuerySet[Any] = entries(self.actor)
        for one in self.filters:
            found = one.queryset(self.request, found)
        return found.order_by()

    def of_week(self) -> QuerySet[Any]:
        """Those of the week."""
        return self.rows().filter(work_date__gte=self.week.first, work_date__lte=self.week.last)

    @property
    def since(self) -> dt.date:
        """The first day of the charts."""
        return self.week.first - dt.timedelta(days=DAYS * (SPANS[self.span][0] - 1))

    def of_span(self) -> QuerySet[Any]:
        """Those of the charts."""
        return self.rows().filter(work_date__gte=self.since, work_date__lte=self.week.last)

    def of_cell(self, cell: Cell) -> QuerySet[Any]:
        """Those of a cell, whatever else is left out: what was entered just now is shown."""
        rows: QuerySet[Any] = entries(self.actor).filter(work_date=cell.day, user_id=cell.person)
        if cell.project is not None:
            rows = rows.filter(task__project_id=cell.project)
        return rows if cell.task is None else rows.filter(task_id=cell.task)

    @cached_property
    def kept(self) -> dict[str, str]:
        """The parameters of the address, but for the open cell."""
        names = ["day", "group", "span", "tasks"]
        names += [name for one in self.filters for name in one.expected_parameters()]
        found = {name: self._text(name) for name in names}
        return {name: value for name, value in found.items() if value}

    def link(self, page: str = "week", *args: str, **changes: Any) -> str:
        """The address of the same with changes; None leaves a parameter out."""
        query = {**self.kept, **changes}
        said = {name: value for name, value in query.items() if value not in (None, "")}
        if (page, *args) not in self._addresses:
            self._addresses[page, *args] = self.page.link_to(page, *args)
        return f"{self._addresses[page, *args]}?{urlencode(said)}"

    def cell_link(self, cell: Cell, page: str = "week", *args: str) -> str:
        """The address of the same with a cell open."""
        return self.link(page, *args, **cell.parameters)

    def _text(self, name: str) -> str:
        return self._given.get(name, "")

    def _one_of(self, name: str, choices: Mapping[str, Any]) -> str:
        asked = self._text(name)
        return asked if asked in choices else next(iter(choices))

    def _key(self, name: str, field: Any) -> Any:
        value = self._text(name)
        return field.to_python(value) if value and is_key(field, value) else None
