"""What comes again: a task that is copied by a rule, and which of its days were done."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.deletion import OwnerKey
from tasks.models.tasks import Task
from tasks.models.workflow import TaskStatus
from tasks.querysets import PartQuerySet, RunQuerySet


class TaskRecurrence(models.Model):
    """That a task is copied again and again: by ``rule``, at a time of day in a zone of its own.

    ``next_on`` is the day that comes next, in that zone, and ``next_at`` the moment; both are null
    where it is paused or over. Goes with the task.
    """

    task = OwnerKey(Task, verbose_name=_("task"), related_name="recurrences")
    rule = models.CharField(_("rule"), max_length=255)
    starts_on = models.DateField(_("starts on"))
    at = models.TimeField(_("time of day"))
    zone = models.CharField(_("time zone"), max_length=64)
    status = models.ForeignKey(
        TaskStatus,
        verbose_name=_("status of the copies"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    due_after_days = models.PositiveSmallIntegerField(_("due after days"), null=True, blank=True)
    copy_checklist = models.BooleanField(_("copy the checklist"), default=True)
    copy_files = models.BooleanField(_("copy the files"), default=False)
    is_paused = models.BooleanField(_("paused"), default=False)
    next_on = models.DateField(_("next day"), null=True, editable=False)
    next_at = models.DateTimeField(_("next time"), null=True, editable=False)
    last_on = models.DateField(_("last day"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("recurrence")
        verbose_name_plural = _("recurrences")
        indexes = [
            # What is due, in the order in which it came due.
            models.Index(name="taskdock_recurrence_next", fields=["next_at", "id"]),
        ]
        constraints = [
            models.UniqueConstraint(name="taskdock_recurrence_once", fields=["task"]),
            models.CheckConstraint(
                name="taskdock_recurrence_next_both",
                condition=models.Q(next_on__isnull=True, next_at__isnull=True)
                | models.Q(next_on__isnull=False, next_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.rule}"


class RecurrenceRun(models.Model):
    """That a day of a recurrence was done, once: the copy is made in the same transaction.

    The copy is told by its id alone, so that its deletion doesn't make room for another.
    """

    recurrence = OwnerKey(TaskRecurrence, verbose_name=_("recurrence"), related_name="runs")
    occurs_on = models.DateField(_("day"))
    copy_id = models.BigIntegerField(_("copy"))
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("run of a recurrence")
        verbose_name_plural = _("runs of recurrences")
        constraints = [
            models.UniqueConstraint(
                name="taskdock_recurrence_run_once", fields=["recurrence", "occurs_on"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recurrence_id}: {self.occurs_on}"
