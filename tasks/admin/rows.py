"""Lists whose rows are given more than their columns before they are shown, a query for all."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.main import ChangeList
from django.db.models import Sum
from django.http import HttpRequest
from django.utils.translation import ngettext

from tasks.admin.base import ServiceModelAdmin
from tasks.admin.links import tasks_link
from tasks.admin.lists import BoundedChangeList
from tasks.models.tallies import Tally, TaskTally
from tasks.querysets import is_narrowed


class PreparedChangeList(BoundedChangeList):
    """A list whose page says what its rows need."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        page: Any = self.model_admin
        self.result_list = page.prepared(request, self, list(self.result_list))


class PreparedRows(ServiceModelAdmin):
    """Pages whose lists prepare the rows that they show."""

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return PreparedChangeList

    def prepared(self, request: HttpRequest, changelist: ChangeList, rows: list[Any]) -> list[Any]:
        """The rows of a page, with what their columns show."""
        return rows


class CountedTasks(PreparedRows):
    """Lists that say how many tasks a row has, from the sums that the database keeps.

    Where the site narrows what is seen, a sum would tell of tasks out of sight: then the tasks are
    linked, and not counted.
    """

    tally: type[Tally] = TaskTally
    #: The column of the tally that a row is counted by, and the filter of the list of tasks.
    counted_by = ""

    def prepared(self, request: HttpRequest, changelist: ChangeList, rows: list[Any]) -> list[Any]:
        rows = super().prepared(request, changelist, rows)
        if not is_narrowed():
            keys = [row.pk for row in rows]
            cells = self.tally._default_manager.filter(**{f"{self.counted_by}_id__in": keys})
            sums = cells.order_by().values_list(f"{self.counted_by}_id").annotate(Sum("tasks"))
            found: dict[int, Any] = dict(sums)
            for row in rows:
                row.counted_tasks = max(int(found.get(row.pk) or 0), 0)
        return rows

    def tasks_link(self, obj: Any, text: Any) -> str:
        """A link to the tasks of a row, with their number where it is known."""
        count = getattr(obj, "counted_tasks", None)
        if count is not None:
            text = ngettext("%(count)d task", "%(count)d tasks", count) % {"count": count}
        return tasks_link(self, text, **{f"{self.counted_by}__id__exact": obj.pk})
