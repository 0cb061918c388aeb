"""What somebody has on a task for themselves."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.deletion import OwnerKey
from tasks.models.tasks import Task
from tasks.querysets import OwnQuerySet


class TaskNote(models.Model):
    """Somebody's private note on a task: one for each, read by nobody else.

    History says nothing of it. Goes with the task, and with its writer.
    """

    task = OwnerKey(Task, verbose_name=_("task"), related_name="notes")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("written by"),
        on_delete=models.CASCADE,
        related_name="+",
    )
    text = models.TextField(_("text"))
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        constraints = [
            models.UniqueConstraint(name="taskdock_note_once", fields=["task", "user"]),
            models.CheckConstraint(
                name="taskdock_note_text_not_empty", condition=~models.Q(text="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.user_id}"


class TaskPin(models.Model):
    """A task that somebody keeps at hand: nobody else's business, and so not in the history.

    Goes with the task, and with its user.
    """

    task = OwnerKey(Task, verbose_name=_("task"), related_name="pins")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("pinned by"),
        on_delete=models.CASCADE,
        db_index=False,
        related_name="+",
    )
    pinned_at = models.DateTimeField(_("pinned"), default=timezone.now, editable=False)

    objects = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("pin")
        verbose_name_plural = _("pins")
        ordering = ["-pinned_at", "-id"]
        indexes = [
            # Somebody's pins, the newest first.
            models.Index(name="taskdock_pin_of_user", fields=["user", "pinned_at", "id"]),
        ]
        constraints = [models.UniqueConstraint(name="taskdock_pin_once", fields=["task", "user"])]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.user_id}"
