"""What the list of tasks takes."""

from tasks.models.tasks import TITLE_LENGTH
from tasks.platform.listing import ChoiceFilter, IdFilter, ListSpec, SearchFilter, UserFilter

TASK_LIST = ListSpec(
    filters={
        "project_id": IdFilter("project_id"),
        "client_id": IdFilter("project__client_id"),
        "status": IdFilter("status_id"),
        "priority": IdFilter("priority_id"),
        "milestone_id": IdFilter("milestone_id"),
        "active_state": ChoiceFilter("is_archived", {"active": False, "archived": True}),
        "assigned_user_id": UserFilter("assignees__user_id"),
        "search": SearchFilter("folded_title", longest=3 * TITLE_LENGTH),
    },
    sorts={
        "task_title": "title",
        "task_date_due": "due_date",
        "task_created": "created_at",
        "task_position": "position",
    },
    default_sort="created_at",
    nullable=frozenset({"due_date"}),
)
