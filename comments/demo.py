"""The demo's comments."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from typing import Any

from comments.models import Comment
from tasks.actors import Actor
from tasks.demo.documented import TASK_ID
from tasks.demo.parts import add_rows
from tasks.models import Task

DOCUMENTED = (
    "The second reference is the one they keep coming back to.",
    "Moved the call to action above the fold. What do you think?",
    "Much better. Let's show it on Thursday.",
)
#: On the first item of the documented task's checklist.
ON_THE_CHECKLIST = "All three are on the shared drive."
TEXTS = (
    "Waiting for the client's answer.",
    "First version is in the shared folder.",
    "Can somebody have a look before I send it?",
    "Looks good to me.",
    "They asked for one more round, small things only.",
    "Done from my side.",
)


def fill(actor: Actor, tasks: Sequence[Task], rng: random.Random, now: dt.datetime) -> None:
    """Write comments on some of the tasks, the documented one among them."""
    add_rows(actor, _comments(tasks, rng, now))


def _comments(tasks: Sequence[Task], rng: random.Random, now: dt.datetime) -> Iterator[Comment]:
    for task in tasks:
        assigned = task.assignees.order_by("user_id").values_list("user_id", flat=True)
        people: list[Any] = list(assigned) or [task.created_by_id]
        texts: Sequence[str] = DOCUMENTED
        if task.pk != TASK_ID:
            texts = rng.sample(TEXTS, rng.choice((0, 0, 0, 1, 1, 2, 3)))
        for number, text in enumerate(texts, start=1):
            written_at = min(task.created_at + dt.timedelta(hours=3 * number), now)
            yield Comment(
                task=task,
                creator_id=people[number % len(people)],
                text=text,
                created_at=written_at,
                updated_at=written_at,
            )
        item = task.checklist_items.first() if task.pk == TASK_ID else None
        if item is not None:
            yield Comment(checklist_item=item, creator_id=people[0], text=ON_THE_CHECKLIST)
