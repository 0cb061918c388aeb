"""What people say about a task or a checklist item."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.models import ChecklistItem, Task
from tasks.models.deletion import cascade
from tasks.querysets import PartQuerySet

TEXT_LENGTH = 50_000


class CommentQuerySet(PartQuerySet):
    """Comments, on tasks and on checklist items."""

    parents = ("task", "checklist_item")


class Comment(models.Model):
    """A comment on a task or on a checklist item: on exactly one of the two.

    ``text`` is kept exactly as sent. ``updated_at`` moves when it is edited, in the admin.
    """

    task = models.ForeignKey(
        Task, verbose_name=_("task"), on_delete=cascade, null=True, related_name="comments"
    )
    checklist_item = models.ForeignKey(
        ChecklistItem,
        verbose_name=_("checklist item"),
        on_delete=cascade,
        null=True,
        related_name="comments",
    )
    creator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("creator"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["created_at", "id"]
        # People edit and delete their own comments, unless one of these permits more.
        permissions = [
            ("change_any_comment", _("Can change comments of others")),
            ("delete_any_comment", _("Can delete comments of others")),
        ]
        indexes = [
            models.Index(name="taskdock_comment_of_task", fields=["task", "created_at", "id"]),
            models.Index(
                name="taskdock_comment_of_item", fields=["checklist_item", "created_at", "id"]
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="taskdock_comment_one_subject",
                condition=models.Q(task__isnull=True, checklist_item__isnull=False)
                | models.Q(task__isnull=False, checklist_item__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.text[:100]
