"""Tasks that somebody keeps at hand."""

from tasks.actors import Actor
from tasks.database import atomic, deletes_rows
from tasks.exceptions import NobodyActs
from tasks.models import TaskPin
from tasks.services.tasks import lock_task


def pin_task(*, actor: Actor, task_id: int) -> TaskPin:
    """Pin the task for the actor; idempotent, and what is pinned keeps its place.

    Nobody else's business, so the history says nothing of it. Raises ``NobodyActs`` and
    ``TaskNotFound``.
    """
    if actor.user is None:
        raise NobodyActs
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        pin: TaskPin
        pin, _ = TaskPin.objects.get_or_create(task=task, user_id=actor.user_id)
    return pin


def unpin_task(*, actor: Actor, task_id: int) -> None:
    """Unpin the task for the actor; idempotent. Raises ``NobodyActs`` and ``TaskNotFound``."""
    if actor.user is None:
        raise NobodyActs
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        deletes_rows()
        TaskPin.objects.filter(task=task, user_id=actor.user_id).delete()
