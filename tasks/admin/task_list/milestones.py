"""Choosing a milestone, of one project where the project is known."""

from __future__ import annotations

from typing import Any

from django.utils.http import urlencode

from tasks.admin.choosing import RowSelect


class MilestoneOfProject(RowSelect):
    """Searches milestones: those of a project, or of all."""

    def __init__(self, *args: Any, project_id: int | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project_id = project_id

    def get_url(self) -> str:
        url = super().get_url()
        if self.project_id is None:
            return url
        return f"{url}?{urlencode({'project': self.project_id})}"
