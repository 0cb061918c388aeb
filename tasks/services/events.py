"""Telling a site's code what happened to tasks, by the signals of ``tasks.signals``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, TypeAlias

from django.dispatch import Signal

from tasks.actors import Actor
from tasks.database import on_commit
from tasks.models import Task
from tasks.people import user_key
from tasks.signals import (
    task_assigned,
    task_completed,
    task_created,
    task_deleted,
    task_status_changed,
    task_updated,
)

#: A signal, and what it says beside who did it and when.
News: TypeAlias = tuple[Signal, Mapping[str, Any]]

#: What may be told of a task that is made, changed, deleted.
CREATION = (task_created, task_completed, task_assigned)
UPDATE = (task_updated, task_status_changed, task_completed, task_assigned)
DELETION = (task_deleted,)


def announce(
    signals: Iterable[Signal],
    news: Callable[[], Iterable[News]],
    *,
    actor: Actor,
    at: dt.datetime,
) -> None:
    """Send ``news``, which are among these signals, once what is being written is committed.

    They are made now, and only where somebody listens.
    """
    heard = {signal for signal in signals if signal.has_listeners(Task)}
    if not heard:
        return
    told = [one for one in news() if one[0] in heard]
    if told:
        on_commit(partial(_send, told, actor, at))


def creation(
    task: Task, *, source_id: int | None = None, assigned: Iterable[Any] = ()
) -> Iterator[News]:
    """What is told of a new task; ``assigned`` are the primary keys of its people."""
    yield task_created, {"task_id": task.pk, "source_id": source_id}
    if task.completed_at is not None:
        yield task_completed, {"task_id": task.pk}
    added = tuple(assigned)
    if added:
        yield task_assigned, {"task_id": task.pk, "added": added, "removed": ()}


def update(task_id: int, changes: Mapping[str, list[Any]], *, is_completed: bool) -> Iterator[News]:
    """What is told of a changed task, which ``is_completed`` now."""
    yield (
        task_updated,
        {"task_id": task_id, "changes": {name: (old, new) for name, (old, new) in changes.items()}},
    )
    if "status" in changes:
        old, new = changes["status"]
        yield task_status_changed, {"task_id": task_id, "old": old, "new": new}
        if is_completed:
            yield task_completed, {"task_id": task_id}
    if "assigned" in changes:
        before, after = ([_key_of(person) for person in people] for people in changes["assigned"])
        yield (
            task_assigned,
            {
                "task_id": task_id,
                "added": tuple(key for key in after if key not in before),
                "removed": tuple(key for key in before if key not in after),
            },
        )


def deletion(task: Task) -> Iterator[News]:
    """What is told of a task that goes."""
    yield (
        task_deleted,
        {"task_id": task.pk, "title": task.title, "project_id": task.project_id},
    )


def of_record(verb: str, task: Task, changes: Mapping[str, list[Any]]) -> tuple[Any, Any] | None:
    """The signals and the news of a write as history has it; None where it tells of none."""
    match verb:
        case "created":
            return CREATION, partial(creation, task)
        case "updated" | "assigned" | "tagged" | "archived" | "activated":
            is_completed = task.completed_at is not None
            return UPDATE, partial(update, task.pk, changes, is_completed=is_completed)
        case "deleted":
            return DELETION, partial(deletion, task)
    # Files and checklists are no change of the task; who copies a task tells more than history.
    return None


def _key_of(person: Mapping[str, Any]) -> Any:
    """The primary key of somebody as history shows them."""
    return user_key().to_python(person["id"])


def _send(told: Iterable[News], actor: Actor, at: dt.datetime) -> None:
    for signal, arguments in told:
        signal.send_robust(sender=Task, actor=actor, at=at, **arguments)
