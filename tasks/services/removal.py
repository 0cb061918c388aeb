"""Deleting many tasks at once, with all that belongs to them, in constant memory."""

from functools import partial
from itertools import chain
from typing import Any

from django.db import models
from django.db.models import QuerySet

from tasks.actors import Actor
from tasks.batches import by_key
from tasks.database import deletes_rows
from tasks.extensions import before_delete
from tasks.models import HistoryEntry, Task
from tasks.services.events import DELETION, announce, deletion
from tasks.services.files import remove_files_of
from tasks.services.history import entry

#: How many tasks go by one statement; what hangs on them is looked up by their ids.
BATCH = 500


def remove_row(row: models.Model) -> None:
    """Delete a row with what hangs on it; call it inside a transaction.

    Raises ``StillReferredTo`` where rows of the site's refer to it: then, or at the commit.
    """
    deletes_rows()
    row.delete()


def remove_tasks(*, actor: Actor, tasks: QuerySet[Any]) -> None:
    """Delete these tasks, all or none; files go after the commit.

    Call it inside a transaction that lets none be added: one that has locked their project or
    their milestone. Raises whatever an extension refuses with.
    """
    # Whatever is written to a task waits for its lock, so none changes once it has been asked.
    for _ in by_key(tasks.select_for_update().only("pk"), BATCH):
        pass
    deletes_rows()
    before_delete(tasks)
    remove_files_of(tasks)
    while rows := list(tasks.order_by("pk").only("pk", "title", "project")[:BATCH]):
        entries = [entry(actor=actor, verb="deleted", subject=task) for task in rows]
        HistoryEntry.objects.bulk_create(entries)
        announce(
            DELETION,
            partial(chain.from_iterable, map(deletion, rows)),
            actor=actor,
            at=entries[0].at,
        )
        Task._base_manager.filter(pk__in=[task.pk for task in rows]).delete()
