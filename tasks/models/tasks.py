from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.folding import GROWTH
from tasks.models.fields import CasefoldedField, CopiedMomentField, FoldingModel
from tasks.models.projects import Milestone, Project
from tasks.models.workflow import TaskPriority, TaskStatus
from tasks.querysets import TaskQuerySet

TITLE_LENGTH = 255


class Task(FoldingModel):
    """A piece of work in a project.

    ``position`` orders the tasks of a status, together with the id: gapped, ties allowed.
    ``version`` grows with every change of what a client of the API can write.
    ``folded_title`` is what searches read; the model keeps it. Foreign keys without an index of
    their own are covered by one that begins with them.
    """

    project = models.ForeignKey(
        Project,
        verbose_name=_("project"),
        on_delete=models.CASCADE,
        db_index=False,
        related_name="tasks",
    )
    milestone = models.ForeignKey(
        Milestone,
        verbose_name=_("milestone"),
        on_delete=models.RESTRICT,
        db_index=False,
        related_name="tasks",
    )
    status = models.ForeignKey(
        TaskStatus,
        verbose_name=_("status"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="tasks",
    )
    priority = models.ForeignKey(
        TaskPriority,
        verbose_name=_("priority"),
        on_delete=models.PROTECT,
        db_index=False,
        related_name="tasks",
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    # Casefolding can make a text three times as long.
    folded_title = CasefoldedField(source="title", max_length=GROWTH * TITLE_LENGTH)
    description = models.TextField(_("description"), null=True, blank=True)  # noqa: DJ001 (the API tells null apart)
    start_date = models.DateField(_("start"), null=True, blank=True)
    due_date = models.DateField(_("due"), null=True, blank=True)
    is_archived = models.BooleanField(_("archived"), default=False)
    is_client_visible = models.BooleanField(_("visible to the client"), default=False)
    is_billable = models.BooleanField(_("billable"), default=False)
    position = models.BigIntegerField(_("position"), default=0, editable=False)
    previous_status = models.ForeignKey(
        TaskStatus,
        verbose_name=_("previous status"),
        on_delete=models.SET_NULL,
        db_index=False,
        null=True,
        editable=False,
        related_name="+",
    )
    status_changed_at = models.DateTimeField(_("status changed"), null=True, editable=False)
    completed_at = models.DateTimeField(_("completed"), null=True, editable=False)
    completed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("completed by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
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
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    objects = TaskQuerySet.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["-created_at", "-id"]
        # What each is for, and what it costs: docs/scaling.md. Some are PostgreSQL's alone, and
        # made by migrations.
        indexes = [
            # All tasks, in each order that a list may have.
            models.Index(name="taskdock_task_created", fields=["created_at", "id"]),
            models.Index(name="taskdock_task_title", fields=["title", "id"]),
            models.Index(name="taskdock_task_due", fields=["due_date", "id"]),
            models.Index(name="taskdock_task_position", fields=["position", "id"]),
            # Some of them, in the default order. What comes after the id is what they are filtered
            # by besides: of a hundred thousand tasks, those passed over need not be read.
            models.Index(
                name="taskdock_task_of_project",
                fields=["project", "created_at", "id", "is_archived", "status"],
            ),
            models.Index(
                name="taskdock_task_of_milestone",
                fields=["milestone", "created_at", "id", "is_archived", "status"],
            ),
            models.Index(
                name="taskdock_task_of_status",
                fields=["status", "created_at", "id", "is_archived"],
            ),
            models.Index(
                name="taskdock_task_of_priority",
                fields=["priority", "created_at", "id", "is_archived"],
            ),
            # A status' column on a board, and where it ends.
            models.Index(name="taskdock_task_column", fields=["status", "position", "id"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="taskdock_task_title_not_empty", condition=~models.Q(title="")
            ),
            models.CheckConstraint(
                name="taskdock_task_due_after_start",
                condition=models.Q(start_date__isnull=True)
                | models.Q(due_date__isnull=True)
                | models.Q(due_date__gte=models.F("start_date")),
                violation_error_message=_("The due date must be on or after the start date."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TaskAssignee(models.Model):
    """A team member assigned to a task.

    Goes with its user: an assignment to nobody says nothing, and history keeps the name.
    """

    task = models.ForeignKey(
        Task, on_delete=models.CASCADE, db_index=False, related_name="assignees"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("team member"),
        on_delete=models.CASCADE,
        db_index=False,
        related_name="+",
    )
    task_created_at = CopiedMomentField(_("task created"), source="task.created_at")

    class Meta:
        verbose_name = _("assignee")
        verbose_name_plural = _("assignees")
        indexes = [
            # Somebody's tasks, in the default order, and how many they are.
            models.Index(
                name="taskdock_assignee_of_user", fields=["user", "task_created_at", "task"]
            ),
        ]
        constraints = [
            models.UniqueConstraint(name="taskdock_assignee_once", fields=["task", "user"])
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.user_id}"
