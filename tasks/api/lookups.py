"""Finding what a path names, for every app whose paths begin with a task's."""

from tasks.exceptions import TaskNotFound
from tasks.models import Task
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
