"""The Tasks API, to be included under a prefix of the site's choice."""

from tasks.api.checklists import ChecklistViewSet
from tasks.api.clients import ClientViewSet
from tasks.api.milestones import MilestoneDetailViewSet, MilestoneViewSet
from tasks.api.projects import ProjectDetailViewSet, ProjectViewSet
from tasks.api.reference import ReferenceViewSet
from tasks.api.team import TeamViewSet
from tasks.api.views import TaskDetailViewSet, TaskViewSet
from tasks.api.workflow import PriorityViewSet, StatusViewSet
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
    route("projects", ProjectViewSet, "project-list", get="list", post="create"),
    route(
        "projects/{project_id}",
        ProjectDetailViewSet,
        "project-detail",
        get="retrieve",
        patch="update",
        delete="destroy",
    ),
    route("projects/{project_id}/assign", ProjectViewSet, "project-assign", put="assign"),
    route("projects/{project_id}/manager", ProjectViewSet, "project-manager", put="set_manager"),
    route("projects/{project_id}/status", ProjectViewSet, "project-status", put="set_status"),
    route("projects/{project_id}/progress", ProjectViewSet, "project-progress", put="set_progress"),
    route("projects/{project_id}/tags", ProjectViewSet, "project-tags", put="set_tags"),
    route("projects/{project_id}/archive", ProjectViewSet, "project-archive", put="archive"),
    route("projects/{project_id}/restore", ProjectViewSet, "project-restore", put="restore"),
    route("projects/{project_id}/clone", ProjectViewSet, "project-clone", post="clone"),
    route("milestones", MilestoneViewSet, "milestone-list", get="list", post="create"),
    route("milestones/positions", MilestoneViewSet, "milestone-positions", put="set_positions"),
    route(
        "milestones/{milestone_id}",
        MilestoneDetailViewSet,
        "milestone-detail",
        get="retrieve",
        patch="update",
        delete="destroy",
    ),
    route("statuses", StatusViewSet, "status-list", get="list"),
    route("statuses/{status_id}", StatusViewSet, "status-detail", get="retrieve"),
    route("priorities", PriorityViewSet, "priority-list", get="list"),
    route("priorities/{priority_id}", PriorityViewSet, "priority-detail", get="retrieve"),
    route("clients", ClientViewSet, "client-list", get="list"),
    route("clients/{client_id}", ClientViewSet, "client-detail", get="retrieve"),
    route("team", TeamViewSet, "team-list", get="list"),
    route("team/{person_id}", TeamViewSet, "team-detail", get="retrieve"),
    route("schema", ReferenceViewSet, "reference", get="retrieve"),
]
