"""Finding what a path names, of what its caller may see: 404 comes before 422.

Each raises the ``not_found`` of the view.
"""

from tasks.models import ChecklistItem, Milestone, Project, Task
from tasks.platform.views import APIViewSet
from tasks.reads import seen


def task_of_path(view: APIViewSet, task_id: str) -> Task:
    """The task."""
    task: Task = view.row_of_path(seen.tasks, task_id)
    return task


def project_of_path(view: APIViewSet, project_id: str) -> Project:
    """The project."""
    project: Project = view.row_of_path(seen.projects, project_id)
    return project


def milestone_of_path(view: APIViewSet, milestone_id: str) -> Milestone:
    """The milestone."""
    milestone: Milestone = view.row_of_path(seen.milestones, milestone_id)
    return milestone


def item_of_path(view: APIViewSet, item_id: str) -> ChecklistItem:
    """The checklist item."""
    item: ChecklistItem = view.row_of_path(seen.checklist_items, item_id)
    return item
