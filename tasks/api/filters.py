"""What the list of tasks takes."""

from typing import Any

from django.db.models import Q

from tasks.folding import GROWTH
from tasks.models import Project, TaskAssignee, TaskTally, WorkflowTally
from tasks.models.tasks import TITLE_LENGTH
from tasks.platform.listing import (
    ChoiceFilter,
    IdFilter,
    ListSpec,
    SearchFilter,
    Total,
    UserFilter,
)
from tasks.platform.several import AnyOf, among
from tasks.reads import seen


def _of_client(client: Any) -> Q:
    is_any = among("client_id", client) if isinstance(client, AnyOf) else Q(client_id=client)
    return Q(project_id__in=Project.objects.filter(is_any).values("pk"))


def _assigned_to_any(people: AnyOf) -> Q:
    """A join would list a task once for each of its people."""
    of_people = TaskAssignee._default_manager.filter(among("user_id", people))
    return Q(pk__in=of_people.order_by().values("task_id"))


TASK_LIST = ListSpec(
    rows=seen.tasks,
    is_large=True,
    filters={
        "project_id": IdFilter("project_id", is_steady=True),
        "client_id": IdFilter("project__client_id"),
        "status": IdFilter("status_id", is_steady=True),
        "priority": IdFilter("priority_id", is_steady=True),
        "milestone_id": IdFilter("milestone_id", is_steady=True),
        "active_state": ChoiceFilter("is_archived", {"active": False, "archived": True}),
        "assigned_user_id": UserFilter(
            "assignees__user_id",
            orders={"created_at": "assignees__task_created_at"},
            any_of=_assigned_to_any,
        ),
        "search": SearchFilter("folded_title", longest=GROWTH * TITLE_LENGTH),
    },
    sorts={
        "task_title": "title",
        "task_date_due": "due_date",
        "task_created": "created_at",
        "task_position": "position",
    },
    default_sort="created_at",
    nullable=frozenset({"due_date"}),
    totals=[
        # The one with the fewest sums first.
        Total(
            WorkflowTally,
            amount="tasks",
            conditions={
                "status": "status_id",
                "priority": "priority_id",
                "active_state": "is_archived",
            },
        ),
        Total(
            TaskAssignee,
            amount=None,
            key="task_id",
            conditions={"assigned_user_id": "user_id"},
        ),
        Total(
            TaskTally,
            amount="tasks",
            conditions={
                "project_id": "project_id",
                "client_id": _of_client,
                "status": "status_id",
                "milestone_id": "milestone_id",
                "active_state": "is_archived",
            },
        ),
    ],
)
