"""The append-only history: one row a write, in the same transaction."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from tasks.actors import Actor
from tasks.models import HistoryEntry, Task
from tasks.saving import insert
from tasks.services.events import announce, of_record

#: A change of a field: what it was and what it is, as JSON.
Changes = Mapping[str, list[Any]]


def entry(
    *, actor: Actor, verb: str, subject: models.Model, changes: Changes | None = None
) -> HistoryEntry:
    """The history row that ``record`` would write, unsaved, for services that write in bulk."""
    return HistoryEntry(
        door=actor.door.value,
        actor_id="" if actor.user is None else str(actor.user.pk),
        actor_name=actor.name[:255],
        key_id=actor.key.pk if actor.key else None,
        key_name=actor.key.name if actor.key else "",
        verb=verb,
        subject_type=subject._meta.model_name or "",
        subject_id=subject.pk,
        subject_name=str(subject)[:255],
        changes=dict(changes or {}),
    )


def record(
    *, actor: Actor, verb: str, subject: models.Model, changes: Changes | None = None
) -> None:
    """Write down that ``actor`` did ``verb`` to ``subject``; call it inside the transaction.

    Of a task, whoever listens is told after the commit.
    """
    written = entry(actor=actor, verb=verb, subject=subject, changes=changes)
    insert(written)
    told = of_record(verb, subject, changes or {}) if isinstance(subject, Task) else None
    if told is not None:
        announce(*told, actor=actor, at=written.at)
