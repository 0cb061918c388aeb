"""Finding what a path names, for every app whose paths begin with a task's."""

from tasks.exceptions import MilestoneNotFound, ProjectNotFound, TaskNotFound
from tasks.models import Milestone, Project, Task
from tasks.platform.views import APIViewSet


def task_of_path(view: APIViewSet, task_id: str) -> Task:
    """The task, looked up before the body is read: 404 comes before 422.

    Raises ``TaskNotFound`` where there is none, or none that the caller may see.
    """
    visible = Task.objects.visible_to(view.actor)
    task: Task | None = visible.filter(pk=view.path_id(task_id)).first()
    if task is None:
        raise TaskNotFound
    return task


def project_of_path(view: APIViewSet, project_id: str) -> Project:
    """The project, likewise. Raises ``ProjectNotFound``."""
    visible = Project.objects.visible_to(view.actor)
    project: Project | None = visible.filter(pk=view.path_id(project_id)).first()
    if project is None:
        raise ProjectNotFound
    return project


def milestone_of_path(view: APIViewSet, milestone_id: str) -> Milestone:
    """The milestone, likewise. Raises ``MilestoneNotFound``."""
    visible = Milestone.objects.visible_to(view.actor)
    milestone: Milestone | None = visible.filter(pk=view.path_id(milestone_id)).first()
    if milestone is None:
        raise MilestoneNotFound
    return milestone
