from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.deletion import OwnerKey
from tasks.models.tasks import Task
from tasks.querysets import DependencyQuerySet


class TaskDependency(models.Model):
    """That a task waits for another: ``blocker`` is to be completed before ``blocked``.

    The two may be of different projects. No task waits for itself, by whatever detour: the
    services see to that. Goes with either task.
    """

    blocker = OwnerKey(Task, verbose_name=_("blocker"), related_name="blocking")
    blocked = OwnerKey(Task, verbose_name=_("blocked task"), related_name="blocked_by")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = DependencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("dependency")
        verbose_name_plural = _("dependencies")
        indexes = [
            # What a task blocks; what blocks it is found by the constraint below.
            models.Index(name="taskdock_dependency_of_blocker", fields=["blocker", "blocked"]),
        ]
        constraints = [
            models.UniqueConstraint(name="taskdock_dependency_once", fields=["blocked", "blocker"]),
            models.CheckConstraint(
                name="taskdock_dependency_not_self",
                condition=~models.Q(blocker=models.F("blocked")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} → {self.blocked_id}"


class DependencyTurn(models.Model):
    """The one row that whoever adds a dependency writes to, so that they do so one by one.

    Two that are added at the same time may only together be a cycle.
    """

    id = models.PositiveSmallIntegerField(primary_key=True)
    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.number)
