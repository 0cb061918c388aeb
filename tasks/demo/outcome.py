"""What became of a task until today: when it was due, how far it got, whether it was put away."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from tasks.demo.calendar import Calendar, workday
from tasks.models import TaskPriority, TaskStatus
from tasks.people import UserId
from tasks.services.new_tasks import NewTask

_DAY = dt.timedelta(days=1)
#: The shares of tasks without dates, with a due date only and with a start only, added up.
_NO_DATES, _ONLY_DUE, _ONLY_START = 0.12, 0.22, 0.28
#: How likely a task is done, by the days since it should have been: the first that fits.
_DONE = ((100, 0.93), (40, 0.84), (0, 0.58), (-10, 0.22))
_DONE_EARLY, _DONE_WHEN_CLOSED = 0.04, 0.98
#: How likely somebody has begun with a task that is not done: before it is due, and after.
_BEGUN, _BEGUN_LATE = 0.3, 0.75
_USUAL_TIME, _LONGEST = 21, 60
_PUT_AWAY_AFTER = dt.timedelta(days=60)
_PUT_AWAY, _PUT_AWAY_UNDONE = 0.4, 0.01


@dataclass(frozen=True, slots=True)
class Workflow:
    """The ids of the site's statuses and priorities: whatever they are, they are used in order."""

    default: int
    completed: int
    between: Sequence[int]
    priorities: Sequence[int]

    @classmethod
    def of_site(cls) -> "Workflow":
        """As it stands in the database."""
        statuses = list(TaskStatus.objects.order_by("position", "pk"))
        return cls(
            default=next(status.pk for status in statuses if status.is_default),
            completed=next(status.pk for status in statuses if status.is_completed),
            between=[s.pk for s in statuses if not s.is_default and not s.is_completed],
            priorities=list(
                TaskPriority.objects.order_by("position", "pk").values_list("pk", flat=True)
            ),
        )


def dates(created: dt.date, rng: random.Random) -> tuple[dt.date | None, dt.date | None]:
    """Start and due date of a task made on that day."""
    kind = rng.random()
    start = workday(created + rng.randrange(9) * _DAY)
    due = workday(start + int(1 + _LONGEST * rng.random() ** 3) * _DAY)
    if kind < _NO_DATES:
        return None, None
    if kind < _ONLY_DUE:
        return None, due
    return start, None if kind < _ONLY_START else due


def lived(
    new: NewTask,
    *,
    created: dt.datetime,
    project_is_closed: bool,
    doer: UserId | None,
    workflow: Workflow,
    calendar: Calendar,
    rng: random.Random,
) -> NewTask:
    """The task as it is today."""
    expected = new.due_date or created.date() + _USUAL_TIME * _DAY
    late = (calendar.today - expected).days
    chance = next((chance for days, chance in _DONE if late > days), _DONE_EARLY)
    if rng.random() < (_DONE_WHEN_CLOSED if project_is_closed else chance):
        latest = dt.datetime.combine(expected, created.timetz()) + rng.randrange(7) * _DAY
        done = calendar.between(created, latest, 0.5 + rng.random() / 2)
        old = calendar.today - done.date() > _PUT_AWAY_AFTER
        return replace(
            new,
            status_id=workflow.completed,
            previous_status_id=_one(workflow.between, rng),
            status_changed_at=done,
            completed_by_id=doer,
            is_archived=rng.random() < (_PUT_AWAY if old else 0),
        )
    is_archived = rng.random() < _PUT_AWAY_UNDONE
    status = _one(workflow.between, rng)
    if status is None or rng.random() > (_BEGUN_LATE if late > 0 else _BEGUN):
        return replace(new, is_archived=is_archived)
    return replace(
        new,
        status_id=status,
        previous_status_id=workflow.default,
        status_changed_at=calendar.between(created, calendar.end, rng.random()),
        is_archived=is_archived,
    )


def _one(statuses: Sequence[int], rng: random.Random) -> int | None:
    """One of them, the earlier ones more often."""
    return statuses[int(rng.random() ** 1.6 * len(statuses))] if statuses else None
