"""Finding files that no row names, and rows whose file is gone.

Crashes leave the first: files are written before a commit and removed after one. A transaction
that a host rolls back around ours does too.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from django.core.files.storage import Storage
from django.db.models import Max
from django.utils import timezone

from tasks.batches import by_key
from tasks.clock import instant
from tasks.files import PREFIX, attachment_storage
from tasks.models import Attachment
from tasks.services.file_owner import FOLDER_LENGTH, swept_folder

#: How many names are looked up at a time.
_BATCH = 500
#: What the folder of a database is called.
_OWNED = re.compile(rf"[0-9a-f]{{{FOLDER_LENGTH}}}")


class Swept(NamedTuple):
    """A file that no row names; ``error`` says why it is still there, if it should have gone."""

    name: str
    error: Exception | None = None


def sweep_files(
    *, older_than: dt.timedelta, dry_run: bool = False, unowned: bool = False
) -> Iterator[Swept]:
    """Delete, one at each step, the files of this database that no row names, older than this.

    Files that another database, or another schema, has stored in the same storage are never
    deleted: each has a folder of its own. Files in none of these folders were stored before there
    were any, by nobody knows whom: they are deleted only if ``unowned``.

    With ``dry_run`` they are only named. Younger ones may belong to a transaction that is still
    open. One folder's names and a few hundred more are in memory at a time.
    """
    storage = attachment_storage()
    before = instant(timezone.now()) - older_than
    names = _swept_names(storage, unowned=unowned)
    while batch := list(islice(names, _BATCH)):
        rows = Attachment.objects.filter(file__in=batch)
        for name in sorted(set(batch) - set(rows.values_list("file", flat=True))):
            try:
                if older_than and instant(storage.get_modified_time(name)) > before:
                    continue
                if not dry_run:
                    storage.delete(name)
            except FileNotFoundError:
                continue
            except Exception as error:  # noqa: BLE001 (one that can't go keeps no other from going)
                yield Swept(name, error)
            else:
                yield Swept(name)


def rows_without_file() -> Iterator[Attachment]:
    """The attachments whose file the storage does not have.

    Lists the storage once and asks again only for what was not listed: a bucket answers one list
    faster than a thousand questions. Needs a byte of memory a row.
    """
    storage = attachment_storage()
    last = Attachment.objects.aggregate(last=Max("pk"))["last"] or 0
    listed = bytearray(last + 1)
    names = _swept_names(storage, unowned=True)
    while batch := list(islice(names, _BATCH)):
        rows = Attachment.objects.filter(file__in=batch, pk__lte=last)
        for pk in rows.values_list("pk", flat=True):
            listed[pk] = True
    for attachment in by_key(Attachment.objects.filter(pk__lte=last), _BATCH):
        if listed[attachment.pk] or storage.exists(attachment.file.name):
            continue
        if Attachment.objects.filter(pk=attachment.pk).exists():
            yield attachment


def _swept_names(storage: Storage, *, unowned: bool) -> Iterator[str]:
    """The names of this database's files, and of those in no database's folder if ``unowned``."""
    folder = swept_folder()
    if folder is not None:
        yield from stored_names(storage, folder)
    if not unowned:
        return
    try:
        folders, files = storage.listdir(PREFIX)
    except FileNotFoundError:
        return
    yield from (f"{PREFIX}/{file}" for file in files if file)
    for inner in folders:
        if inner and not _OWNED.fullmatch(inner):
            yield from stored_names(storage, f"{PREFIX}/{inner}")


def stored_names(storage: Storage, folder: str = PREFIX) -> Iterator[str]:
    """The names of all files in this folder of the storage and below."""
    try:
        folders, files = storage.listdir(folder)
    except FileNotFoundError:
        return
    # A bucket may list a folder's own marker, which has no name.
    yield from (f"{folder}/{file}" for file in files if file)
    for inner in folders:
        if inner:
            yield from stored_names(storage, f"{folder}/{inner}")
