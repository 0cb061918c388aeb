"""Choosing the milestone of a project."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.utils.http import urlencode

from tasks.admin.choosing import RowChoosing


class MilestoneSelect(RowChoosing, AutocompleteSelect):
    """Searches the milestones of one project, where the project is known."""

    project_id: int | None = None

    def called(self, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
        found = super().called(rows, text)
        return found if self.project_id is None else found.filter(project_id=self.project_id)

    def get_url(self) -> str:
        url = super().get_url()
        return (
            url if self.project_id is None else f"{url}?{urlencode({'project': self.project_id})}"
        )
