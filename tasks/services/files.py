"""Files that come and go with what a transaction comes to."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any
from weakref import finalize

from django.core.files import File
from django.db import Error as DatabaseFault
from django.db.models import QuerySet

from tasks.batches import by_key
from tasks.conf import MEBIBYTE
from tasks.database import on_commit, on_failure
from tasks.exceptions import StorageUnavailable, TaskdockError
from tasks.files import attachment_storage, stored_name
from tasks.models import Attachment
from tasks.services.file_owner import owned_folder

logger = logging.getLogger("tasks.files")

#: How many characters of names wait in memory for a commit before they go to a temporary file.
_NAMES_IN_MEMORY = MEBIBYTE


def store(file: File[Any], *, folder: str | None = None) -> str:
    """Write a file to the storage, and see that it goes again if the transaction fails.

    ``folder`` is ``owned_folder()`` where the caller has it: it is the same for all files of a
    transaction. Returns the name in the storage. Raises ``StorageUnavailable``: the disk is full or
    read-only, or the storage has an error of its own.
    """
    name = stored_name(folder=folder or owned_folder())
    on_failure(partial(_remove_unused, name))
    try:
        # As a plain file: of an upload some storages would take the temporary file away, and a
        # write that is tried again needs it.
        return attachment_storage().save(name, File(file))
    except (TaskdockError, DatabaseFault):
        raise
    except Exception as error:
        logger.exception("The storage does not take a file")
        raise StorageUnavailable from error


@contextmanager
def reading() -> Iterator[None]:
    """Raise ``StorageUnavailable`` where the storage fails to give what a file holds."""
    try:
        yield
    except OSError as error:
        if error.errno is None:
            # Pillow's, of what is in the file.
            raise
        logger.exception("The storage does not give a file")
        raise StorageUnavailable from error


def remove_after_commit(names: Iterable[str]) -> None:
    """Remove these files once the transaction, which deletes their rows, has committed.

    The names are read now. However many there are, memory holds a few.
    """
    waiting = SpooledTemporaryFile(  # noqa: SIM115 (closed once it was read or forgotten)
        max_size=_NAMES_IN_MEMORY, mode="w+", encoding="utf-8"
    )
    waiting.writelines(f"{name}\n" for name in names)
    if not waiting.tell():
        waiting.close()
        return
    remove = partial(_remove_all, waiting)
    # A rollback forgets what was to be called, and tells nobody.
    finalize(remove, waiting.close)
    on_commit(remove)


def remove_files_of(tasks: QuerySet[Any]) -> None:
    """``remove_after_commit`` for all files of these tasks: locked ones, about to be deleted."""
    attachments = Attachment.objects.filter(task__in=tasks).only("file")
    remove_after_commit(str(attachment.file) for attachment in by_key(attachments))


def _remove_all(names: SpooledTemporaryFile[str]) -> None:
    storage = attachment_storage()
    with names:
        names.seek(0)
        for line in names:
            name = line.rstrip("\n")
            try:
                storage.delete(name)
            except Exception:  # the rows are gone for good, and the sweep will come
                logger.warning("Left to taskdock_sweep_files: %s", name, exc_info=True)


def _remove_unused(name: str) -> None:
    # Of a commit that fails nobody knows how far it came: what a row names is not ours to remove.
    try:
        if not Attachment.objects.filter(file=name).exists():
            attachment_storage().delete(name)
    except Exception:  # the error that brought us here is the one to be seen
        logger.warning("Left to taskdock_sweep_files: %s", name, exc_info=True)
