"""The Tasks API, to be included under a prefix of the site's choice."""

from tasks.api.checklists import ChecklistViewSet
from tasks.api.views import TaskDetailViewSet, TaskViewSet
from tasks.platform.routing import route

app_name = "taskdock"

urlpatterns = [
    route("tasks", TaskViewSet, "task-list", get="list", post="create"),
    route(
        "tasks/{task_id}",
        TaskDetailViewSet,
        "task-detail",
        get="retrieve",
        patch="update",
        delete="destroy",
    ),
    route("tasks/{task_id}/status", TaskViewSet, "task-status", put="set_status"),
    route("tasks/{task_id}/assigned", TaskViewSet, "task-assigned", put="set_assigned"),
    route("tasks/{task_id}/tags", TaskViewSet, "task-tags", put="set_tags"),
    route("tasks/{task_id}/archive", TaskViewSet, "task-archive", put="archive"),
    route("tasks/{task_id}/activate", TaskViewSet, "task-activate", put="activate"),
    route("tasks/{task_id}/clone", TaskViewSet, "task-clone", post="clone"),
    route("checklists", ChecklistViewSet, "checklist-list", get="list", post="create"),
    route("checklists/positions", ChecklistViewSet, "checklist-positions", put="set_positions"),
    route(
        "checklists/{item_id}",
        ChecklistViewSet,
        "checklist-detail",
        get="retrieve",
        patch="update",
        delete="destroy",
    ),
    route("checklists/{item_id}/status", ChecklistViewSet, "checklist-status", put="set_status"),
]
