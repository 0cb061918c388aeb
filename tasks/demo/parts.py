"""What belongs to the demo's tasks: checklists and a file here, and what other apps hand in."""

import datetime as dt
import random
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models

from tasks import extensions
from tasks.actors import Actor
from tasks.demo.documented import TASK_ID
from tasks.models import ChecklistItem, HistoryEntry, Task
from tasks.services.attachments import add_attachment
from tasks.services.history import entry
from tasks.services.recurrence import set_recurrence
from tasks.services.tasks import POSITION_GAP

#: How many tasks, the latest ones, have parts: a demo of a million need not have ten million rows.
DETAILED = 300

DOCUMENTED_CHECKLIST = (
    ("Collect the three references Acme likes", True),
    ("Sketch the hero section", True),
    ("Check the contrast of the call to action", False),
    ("Show the draft to Acme", False),
)
CHECKLISTS = (
    ("Read the brief", "Agree on the scope", "Send it for review"),
    ("Write it down", "Have somebody else read it", "Tell the client"),
    ("Try it on a phone", "Try it with the keyboard alone", "Fix what is odd"),
    ("Ask for the missing texts", "Put them in", "Check the links"),
)
RULES = ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "FREQ=MONTHLY;BYDAY=-1FR")
BRIEF = """Homepage, first draft

One message, one picture, one call to action.
The three references that Acme likes are in the shared folder.
"""


def add_parts(*, actor: Actor, rng: random.Random, now: dt.datetime) -> None:
    """Give the documented task, and some of the latest, what a task in use has."""
    tasks = detailed_tasks()
    add_rows(actor, _checklists(actor, rng, tasks, now))
    add_attachment(
        actor=actor,
        task_id=TASK_ID,
        file=ContentFile(BRIEF.encode()),
        name="homepage-brief.txt",
        content_type="text/plain",
    )
    _repeat(actor, tasks, now)
    extensions.fill_demo(actor, tasks, rng, now)


def _repeat(actor: Actor, tasks: Sequence[Task], now: dt.datetime) -> None:
    """Let a few of the tasks come again."""
    active = (task for task in tasks if not task.is_archived)
    for task, rule in zip(active, RULES, strict=False):
        set_recurrence(
            actor=actor,
            task_id=task.pk,
            rule=rule,
            starts_on=now.date(),
            at=dt.time(9),
            zone=settings.TIME_ZONE,
            due_after_days=2,
        )


def detailed_tasks() -> Sequence[Task]:
    """The documented task first, then the latest."""
    latest = Task.objects.exclude(pk=TASK_ID).order_by("-created_at", "-pk")[:DETAILED]
    return [Task.objects.get(pk=TASK_ID), *latest]


def add_rows(actor: Actor, rows: Iterable[models.Model]) -> None:
    """Insert rows of one model, with a history row each."""
    made = list(rows)
    if made:
        type(made[0])._default_manager.bulk_create(made)
        HistoryEntry.objects.bulk_create(
            entry(actor=actor, verb="created", subject=row) for row in made
        )


def _checklists(
    actor: Actor, rng: random.Random, tasks: Sequence[Task], now: dt.datetime
) -> Iterable[ChecklistItem]:
    for task in tasks:
        if task.pk == TASK_ID:
            lines: Sequence[tuple[str, bool]] = DOCUMENTED_CHECKLIST
        elif rng.random() < 1 / 3:
            texts = rng.choice(CHECKLISTS)
            done = len(texts) if task.completed_at else rng.randrange(len(texts))
            lines = tuple((text, place < done) for place, text in enumerate(texts))
        else:
            continue
        written_at = min(task.created_at + dt.timedelta(minutes=5), now)
        for place, (text, is_completed) in enumerate(lines, start=1):
            yield ChecklistItem(
                task=task,
                text=text,
                is_completed=is_completed,
                position=place * POSITION_GAP,
                created_by_id=task.created_by_id,
                created_at=written_at,
                updated_at=written_at,
            )
