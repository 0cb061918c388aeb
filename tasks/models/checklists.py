from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models.deletion import cascade
from tasks.models.projects import Project
from tasks.models.tasks import Task
from tasks.querysets import ChecklistItemQuerySet


class ChecklistItem(models.Model):
    """A line to tick off, of a task or of a project: of exactly one of the two.

    Sorted by ``position`` and id within its parent: gapped, ties allowed.
    """

    task = models.ForeignKey(
        Task,
        verbose_name=_("task"),
        on_delete=cascade,
        db_index=False,
        null=True,
        blank=True,
        related_name="checklist_items",
    )
    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=cascade,
        db_index=False,
        null=True,
        blank=True,
        related_name="checklist_items",
    )
    text = models.TextField(_("text"))
    is_completed = models.BooleanField(_("completed"), default=False)
    position = models.BigIntegerField(_("position"), default=0, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = ChecklistItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist item")
        verbose_name_plural = _("checklist items")
        ordering = ["position", "id"]
        indexes = [
            models.Index(name="taskdock_checklist_of_task", fields=["task", "position", "id"]),
            models.Index(name="taskdock_checklist_project", fields=["project", "position", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="taskdock_checklistitem_one_parent",
                condition=models.Q(task__isnull=True, project__isnull=False)
                | models.Q(task__isnull=False, project__isnull=True),
                violation_error_message=_("An item belongs to a task or to a project."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:100]
