"""The objects of the API's documentation, under their ids, so that its examples run as they are."""

import datetime as dt

from tasks.people import UserId
from tasks.services.new_tasks import NewTask

CLIENT_ID, CLIENT_NAME = 12, "Acme Inc"
PROJECT_ID, PROJECT_TITLE, PROJECT_KIND = 7, "Website Redesign", "website"
PROJECT_START, PROJECT_DUE = dt.date(2026, 6, 1), dt.date(2026, 8, 30)
MILESTONE_ID = 21
PERSON_ID = 53
TASK_ID = 120
STATUS_IDS = (1, 2)
PRIORITY_ID = 2
_CREATED = dt.datetime(2026, 5, 28, 9, 30, tzinfo=dt.UTC)


def created_at(latest: dt.datetime) -> dt.datetime:
    """When the task was made: before its start, and not in the future of a demo that ends early."""
    return min(_CREATED, latest)


def task(*, created_at: dt.datetime, assigned: tuple[UserId, ...]) -> NewTask:
    """Task 120."""
    return NewTask(
        id=TASK_ID,
        project_id=PROJECT_ID,
        milestone_id=MILESTONE_ID,
        title="Design homepage",
        description="First draft.",
        status_id=STATUS_IDS[0],
        priority_id=PRIORITY_ID,
        start_date=dt.date(2026, 6, 1),
        due_date=dt.date(2026, 6, 30),
        is_billable=True,
        tags=("priority",),
        assigned=assigned,
        created_at=created_at,
    )
