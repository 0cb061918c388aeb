from typing import Any, Never

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.actors import Door
from tasks.querysets import HistoryQuerySet


class HistoryEntry(models.Model):
    """What happened: one row a write, never changed afterwards.

    Refers to nothing by foreign key, so that it outlives its subject, its actor and its key; their
    names are kept beside their ids. ``changes`` maps a field to ``[old, new]``.
    """

    at = models.DateTimeField(_("when"), default=timezone.now)
    door = models.CharField(
        _("by way of"), max_length=10, choices=[(d.value, d.value) for d in Door]
    )
    actor_id = models.CharField(_("who (id)"), max_length=64, blank=True)
    actor_name = models.CharField(_("who"), max_length=255)
    key_id = models.BigIntegerField(_("key (id)"), null=True)
    key_name = models.CharField(_("key"), max_length=100, blank=True)
    verb = models.CharField(_("what"), max_length=40)
    subject_type = models.CharField(_("of what kind"), max_length=40)
    subject_id = models.BigIntegerField(_("of what (id)"))
    subject_name = models.CharField(_("of what"), max_length=255)
    changes = models.JSONField(_("changes"), default=dict)

    objects = HistoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("history entry")
        verbose_name_plural = _("history")
        ordering = ["-id"]
        indexes = [
            models.Index(
                name="taskdock_history_subject", fields=["subject_type", "subject_id", "id"]
            ),
            # What somebody did, the newest first.
            models.Index(name="taskdock_history_actor", fields=["actor_id", "id"]),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name}: {self.verb} {self.subject_name}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the entry; an entry that exists can't be saved again."""
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        raise TypeError("History is append-only.")
