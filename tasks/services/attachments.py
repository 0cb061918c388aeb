"""Every change of a task's files. None of them moves the task's own dates or version."""

from __future__ import annotations

import logging
from typing import Any

from django.core.files import File
from django.db import Error as DatabaseFault

from tasks import conf
from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    AttachmentNotFound,
    FileKindRefused,
    FileMissing,
    FileTooLarge,
    StorageUnavailable,
    TaskdockError,
    TaskNotFound,
    TooManyFiles,
)
from tasks.files import clean_content_type, clean_name, readable_size
from tasks.images import check_image
from tasks.models import Attachment, Task
from tasks.services.changes import readable
from tasks.services.file_owner import owned_folder
from tasks.services.files import reading, remove_after_commit, store
from tasks.services.history import record
from tasks.services.removal import remove_row
from tasks.services.tasks import lock_task

logger = logging.getLogger("tasks.files")


def add_attachment(
    *, actor: Actor, task_id: int, file: File[Any], name: str, content_type: str = ""
) -> Attachment:
    """Keep a file with the task. ``name`` may be a path, of which the last part is kept.

    Raises ``TaskNotFound``, ``FileTooLarge``, ``FileKindRefused``, ``TooManyFiles`` and
    ``StorageUnavailable``.
    """
    name, size = clean_name(name), file.size
    check_file(name=name, size=size)
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        limit = conf.value("MAX_FILES")
        if Attachment.objects.filter(task=task).count() >= limit:
            raise TooManyFiles(limit)
        attachment = Attachment(
            task=task,
            file=store(file),
            name=name,
            size=size,
            content_type=clean_content_type(content_type),
            uploaded_by_id=actor.user_id,
        )
        attachment.save(force_insert=True)
        changes = {"file": [None, readable(attachment)]}
        record(actor=actor, verb="file_added", subject=task, changes=changes)
    return attachment


def check_file(*, name: str, size: int) -> None:
    """Raises ``FileTooLarge`` or ``FileKindRefused``, as the site's settings will have it."""
    limit = conf.value("MAX_FILE_SIZE")
    if size > limit:
        raise FileTooLarge(readable_size(limit))
    extensions = conf.value("FILE_EXTENSIONS")
    if extensions is None:
        return
    folded = sorted(extension.casefold() for extension in extensions)
    endings = tuple(f".{extension}" for extension in folded)
    if not clean_name(name).casefold().endswith(endings):
        raise FileKindRefused(folded)


def delete_attachment(*, actor: Actor, attachment_id: int) -> None:
    """Delete a file: its row now, the file itself once that is committed.

    Raises ``AttachmentNotFound``.
    """
    with atomic():
        attachment = lock_attachment(actor=actor, attachment_id=attachment_id)
        changes = {"file": [readable(attachment), None]}
        record(actor=actor, verb="file_deleted", subject=attachment.task, changes=changes)
        remove_after_commit([str(attachment.file)])
        remove_row(attachment)


def set_cover(*, actor: Actor, task_id: int, attachment_id: int | None) -> None:
    """Make an image of the task's its cover; with None it has none. Idempotent.

    Raises ``TaskNotFound``, ``AttachmentNotFound``, ``FileMissing``, ``NotAnImage``,
    ``ImageTooLarge``, ``PillowMissing`` and ``StorageUnavailable``.
    """
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        attachments = Attachment.objects.filter(task=task)
        old = attachments.filter(is_cover=True).first()
        new = None
        if attachment_id is not None:
            new = attachments.filter(pk=attachment_id).first()
            if new is None:
                raise AttachmentNotFound
        if old == new:
            return
        if new is not None:
            with open_attachment(new) as file, reading():
                check_image(file)
        attachments.filter(is_cover=True).update(is_cover=None)
        if new is not None:
            attachments.filter(pk=new.pk).update(is_cover=True)
        changes = {"cover": [readable(old), readable(new)]}
        record(actor=actor, verb="cover_changed", subject=task, changes=changes)


def open_attachment(attachment: Attachment) -> File[Any]:
    """The file itself, open for reading. Raises ``FileMissing`` and ``StorageUnavailable``."""
    try:
        file: File[Any] = attachment.file.open("rb")
        # Some storages look for nothing before the first access.
        file.seek(0)
    except FileNotFoundError as error:
        raise FileMissing(attachment.name) from error
    except (TaskdockError, DatabaseFault):
        raise
    except Exception as error:
        logger.exception("The storage does not give a file")
        raise StorageUnavailable from error
    return file


def copy_attachments(*, actor: Actor, source: Task, target: Task) -> None:
    """Copy the files of a task, which is locked, to another.

    The files themselves are copied, within the storage, so that deleting one leaves the other.
    Raises ``FileMissing`` and ``StorageUnavailable``.
    """
    copies = []
    folder = None
    for attachment in Attachment.objects.filter(task=source).order_by("pk"):
        folder = folder or owned_folder()
        with open_attachment(attachment) as file:
            copies.append(
                Attachment(
                    task=target,
                    file=store(file, folder=folder),
                    name=attachment.name,
                    size=attachment.size,
                    content_type=attachment.content_type,
                    is_cover=attachment.is_cover,
                    uploaded_by_id=actor.user_id,
                )
            )
    Attachment.objects.bulk_create(copies)


def lock_attachment(*, actor: Actor, attachment_id: int) -> Attachment:
    """The attachment as it is now, its task locked. Raises ``AttachmentNotFound``."""
    rows = Attachment.objects.filter(pk=attachment_id)
    task_id = rows.values_list("task_id", flat=True).first()
    if task_id is None:
        raise AttachmentNotFound
    try:
        # The task first, as everybody does: it may be out of sight, or going.
        lock_task(actor=actor, task_id=task_id)
    except TaskNotFound as error:
        raise AttachmentNotFound from error
    attachment: Attachment | None = rows.select_related("task").first()
    if attachment is None:
        raise AttachmentNotFound
    return attachment
