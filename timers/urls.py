"""Time entries, to be included beside ``tasks.urls`` under the same prefix."""

from tasks.platform.routing import route
from timers.api.timesheets import TimesheetDetailViewSet, TimesheetViewSet
from timers.api.views import ProjectTimerViewSet, TaskTimerViewSet

app_name = "taskdock_timers"

urlpatterns = [
    route("tasks/{task_id}/timers", TaskTimerViewSet, "task-timers", get="list"),
    route("tasks/{task_id}/stop-timers", TaskTimerViewSet, "task-stop-timers", put="stop_all"),
    route(
        "projects/{project_id}/stop-timers",
        ProjectTimerViewSet,
        "project-stop-timers",
        put="stop_all",
    ),
    route("timesheets", TimesheetViewSet, "timesheets", get="list", post="create"),
    route(
        "timesheets/{timesheet_id}",
        TimesheetDetailViewSet,
        "timesheet",
        get="retrieve",
        patch="update",
        delete="destroy",
    ),
]
