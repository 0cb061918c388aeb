from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.files import CONTENT_TYPE_LENGTH, NAME_LENGTH, attachment_storage, stored_name
from tasks.models.fields import FlagField
from tasks.models.tasks import Task
from tasks.querysets import PartQuerySet


class Attachment(models.Model):
    """A file of a task. At most one of a task's is its cover, which the database sees to.

    ``file`` is where the storage has it, under a name that nobody can guess; ``name`` is what the
    uploader called it. ``size`` is in bytes. ``content_type`` is what the uploader claimed, or
    empty: nothing is ever served as that.
    """

    task = models.ForeignKey(
        Task, verbose_name=_("task"), on_delete=models.CASCADE, related_name="attachments"
    )
    file = models.FileField(
        _("file"), storage=attachment_storage, upload_to=stored_name, max_length=255
    )
    name = models.CharField(_("name"), max_length=NAME_LENGTH, editable=False)
    size = models.PositiveBigIntegerField(_("size"), editable=False)
    content_type = models.CharField(
        _("type"), max_length=CONTENT_TYPE_LENGTH, blank=True, editable=False
    )
    is_cover = FlagField(_("cover"), default=None)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("uploaded by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("file")
        verbose_name_plural = _("files")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                name="taskdock_attachment_one_cover", fields=["task", "is_cover"]
            ),
            models.UniqueConstraint(name="taskdock_attachment_file_once", fields=["file"]),
            models.CheckConstraint(
                name="taskdock_attachment_cover_true_or_null",
                condition=models.Q(is_cover__isnull=True) | models.Q(is_cover=True),
            ),
            models.CheckConstraint(
                name="taskdock_attachment_name_not_empty", condition=~models.Q(name="")
            ),
        ]

    def __str__(self) -> str:
        return self.name
