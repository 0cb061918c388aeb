"""Choosing the milestone of a project."""

from django.contrib.admin.widgets import AutocompleteSelect
from django.utils.http import urlencode

from tasks.admin.choosing import RowChoosing


class MilestoneSelect(RowChoosing, AutocompleteSelect):
    """Searches the milestones of one project, where the project is known."""

    project_id: int | None = None

    def get_url(self) -> str:
        url = super().get_url()
        return (
            url if self.project_id is None else f"{url}?{urlencode({'project': self.project_id})}"
        )
