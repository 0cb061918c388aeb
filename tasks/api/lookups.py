"""Finding what a path names, of what its caller may see: 404 comes before 422.

Each raises the ``not_found`` of the view.
"""

from tasks.models import ChecklistItem, Milestone, Project, Task
from tasks.platform.views import APIViewSet


def task_of_path(view: APIViewSet, task_id: str) -> Task:
    """The task."""
    task: Task = view.row_of_path(Task.objects.visible_to(view.actor), task_id)
    return task


def project_of_path(view: APIViewSet, project_id: str) -> Project:
    """The project."""
    project: Project = view.row_of_path(Project.objects.visible_to(view.actor), project_id)
    return project


def milestone_of_path(view: APIViewSet, milestone_id: str) -> Milestone:
    """The milestone."""
    visible = Milestone.objects.visible_to(view.actor)
    milestone: Milestone = view.row_of_path(visible, milestone_id)
    return milestone


def item_of_path(view: APIViewSet, item_id: str) -> ChecklistItem:
    """The checklist item."""
    item: ChecklistItem = view.row_of_path(ChecklistItem.objects.visible_to(view.actor), item_id)
    return item
