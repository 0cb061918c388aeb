"""What a board is narrowed by: the filters of the list of tasks, in one form."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import SEARCH_VAR
from django.db.models import QuerySet
from django.http import HttpRequest

from tasks.admin.numbers import number_in
from tasks.admin.task_list.row_filters import (
    AssigneeFilter,
    MilestoneFilter,
    ProjectFilter,
    RowFilter,
    TagFilter,
)

_KINDS: tuple[type[RowFilter], ...] = (ProjectFilter, MilestoneFilter, AssigneeFilter, TagFilter)


class BoardFilters:
    """The filters as a request has them."""

    def __init__(self, request: HttpRequest, page: Any) -> None:
        self._request, self._page = request, page
        params: dict[str, Any] = {name: request.GET.getlist(name) for name in request.GET}
        self._filters = [kind(request, params, page.model, page) for kind in _KINDS]
        self.text = request.GET.get(SEARCH_VAR, "").replace("\x00", "").strip()
        #: The task that is searched by its number: it leads its column.
        self.number = number_in(self.text)

    @property
    def shown(self) -> list[RowFilter]:
        """Those that the form offers to this reader."""
        return [one for one in self._filters if one.may_search]

    @property
    def query(self) -> dict[str, str]:
        """The parameters in use."""
        used = {one.parameter: one.value for one in self._filters if one.value}
        return {**used, **({SEARCH_VAR: self.text} if self.text else {})}

    @property
    def project(self) -> Any:
        """The project that the board is of, where there is one in sight."""
        return self._filters[0].row

    @property
    def is_mine(self) -> bool:
        """Whether only one's own tasks are asked for."""
        return self.query.get(AssigneeFilter.parameter) == "me"

    @property
    def is_few(self) -> bool:
        """Whether the tasks are those of a person or a tag, which a status' index can't find."""
        assigned = self.query.get(AssigneeFilter.parameter, "nobody")
        return TagFilter.parameter in self.query or assigned != "nobody"

    @property
    def is_sparse(self) -> bool:
        """Whether a column may have many other tasks before the first that passes."""
        return self.query.get(AssigneeFilter.parameter) == "nobody"

    def narrowed(self, tasks: QuerySet[Any]) -> QuerySet[Any]:
        """Those of the tasks that pass."""
        for one in self._filters:
            tasks = one.queryset(self._request, tasks)
        if self.text:
            tasks, _doubled = self._page.get_search_results(self._request, tasks, self.text)
        return tasks
