"""Somebody's own note on a task."""

from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic, deletes_rows
from tasks.exceptions import NobodyActs
from tasks.folding import is_blank
from tasks.models import TaskNote
from tasks.services.tasks import lock_task
from tasks.texts import check_storable


def set_note(*, actor: Actor, task_id: int, text: str) -> TaskNote | None:
    """Make this the actor's note on the task, trimmed; a blank text deletes it, and is None.

    Private: nobody else reads it, and the history says nothing of it, not even that it is there.
    Raises ``NobodyActs``, ``TaskNotFound`` and ``UnstorableText``.
    """
    if actor.user is None:
        raise NobodyActs
    check_storable("text", text)
    text = "" if is_blank(text) else text.strip()
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        if not text:
            deletes_rows()
            TaskNote.objects.filter(task=task, user_id=actor.user_id).delete()
            return None
        note: TaskNote
        note, _ = TaskNote.objects.update_or_create(
            task=task,
            user_id=actor.user_id,
            defaults={"text": text, "updated_at": timezone.now()},
        )
    return note
