"""Time entries of a task, to be included beside ``tasks.urls`` under the same prefix."""

from tasks.platform.routing import route
from timers.api.views import TaskTimerViewSet

app_name = "taskdock_timers"

urlpatterns = [
    route("tasks/{task_id}/timers", TaskTimerViewSet, "task-timers", get="list"),
    route("tasks/{task_id}/stop-timers", TaskTimerViewSet, "task-stop-timers", put="stop_all"),
]
