"""Comments, to be included beside ``tasks.urls`` under the same prefix."""

from comments.api.views import ChecklistCommentViewSet, TaskCommentViewSet
from tasks.platform.routing import route

app_name = "taskdock_comments"

urlpatterns = [
    route(
        "tasks/{subject_id}/comments",
        TaskCommentViewSet,
        "task-comments",
        get="list",
        post="create",
    ),
    route(
        "tasks/{subject_id}/comments/{comment_id}",
        TaskCommentViewSet,
        "task-comment",
        delete="destroy",
    ),
    route(
        "checklists/{subject_id}/comments",
        ChecklistCommentViewSet,
        "checklist-comments",
        get="list",
        post="create",
    ),
    route(
        "checklists/{subject_id}/comments/{comment_id}",
        ChecklistCommentViewSet,
        "checklist-comment",
        delete="destroy",
    ),
]
