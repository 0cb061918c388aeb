"""The demo's time entries."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any

from tasks.actors import Actor
from tasks.demo.documented import TASK_ID
from tasks.demo.parts import add_rows
from tasks.models import Task
from timers.models import Timer

QUARTER = 15 * 60
#: What the documentation's own task has logged, in seconds: by a timer, and by hand.
DOCUMENTED_SECONDS = (2700, 900)


def fill(actor: Actor, tasks: Sequence[Task], rng: random.Random, now: dt.datetime) -> None:
    """Write time entries on some of the tasks, and let one timer run on the documented one."""
    add_rows(actor, [*_entries(tasks, rng, now)])


def _entries(tasks: Sequence[Task], rng: random.Random, now: dt.datetime) -> Iterator[Timer]:
    for task in tasks:
        people = sorted(task.assignees.values_list("user_id", flat=True))
        if task.pk == TASK_ID:
            yield from _documented(task, people, now)
        elif people:
            for _ in range(rng.choice((0, 0, 1, 1, 2, 3))):
                begins = min(task.created_at + dt.timedelta(hours=rng.randrange(1, 40)), now)
                seconds = rng.randrange(1, 17) * QUARTER
                by_hand = rng.random() < 1 / 3
                yield _entry(task, rng.choice(people), seconds, begins, now, by_hand=by_hand)


def _documented(task: Task, people: Sequence[Any], now: dt.datetime) -> Iterator[Timer]:
    user_id = people[0] if people else None
    with_timer, by_hand = DOCUMENTED_SECONDS
    begins = min(task.created_at + dt.timedelta(hours=4), now)
    yield _entry(task, user_id, with_timer, begins, now, by_hand=False)
    yield _entry(task, user_id, by_hand, begins, now, by_hand=True)
    if user_id is not None:
        yield Timer(
            task=task,
            user_id=user_id,
            recorded_by_id=user_id,
            is_running=True,
            started_at=now,
            work_date=now.date(),
            created_at=now,
        )


def _entry(
    task: Task,
    user_id: Any,
    seconds: int,
    begins: dt.datetime,
    now: dt.datetime,
    *,
    by_hand: bool,
) -> Timer:
    begins = min(begins, now - dt.timedelta(seconds=seconds))
    ends = begins + dt.timedelta(seconds=seconds)
    return Timer(
        task=task,
        user_id=user_id,
        recorded_by_id=user_id,
        started_at=None if by_hand else begins,
        stopped_at=None if by_hand else ends,
        seconds=seconds,
        work_date=begins.date(),
        created_at=begins,
    )
