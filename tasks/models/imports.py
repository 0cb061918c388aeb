from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DIGEST_LENGTH = 64
SOURCE_LENGTH, KEY_LENGTH = 100, 255


class TaskImport(models.Model):
    """How far the import of a file has come, written together with the rows that it counts.

    ``run`` counts from 1 how often the very same file was imported, on purpose.
    """

    name = models.CharField(_("file"), max_length=255)
    file_digest = models.CharField(_("digest of the file"), max_length=DIGEST_LENGTH)
    mapping_digest = models.CharField(_("digest of the mapping"), max_length=DIGEST_LENGTH)
    run = models.PositiveIntegerField(_("run"), default=1)
    rows_done = models.PositiveBigIntegerField(_("rows done"), default=0)
    tasks_added = models.PositiveBigIntegerField(_("tasks added"), default=0)
    started_at = models.DateTimeField(_("started"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.UniqueConstraint(name="taskdock_import_run", fields=["file_digest", "run"]),
            models.CheckConstraint(
                name="taskdock_import_tasks_of_rows",
                condition=Q(tasks_added__lte=models.F("rows_done")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportedKey(models.Model):
    """What a task is called where it came from, so that it comes only once.

    The id of the task is no foreign key: deleting a task costs nothing more for it, and the key of
    one that is gone may come again.
    """

    source = models.CharField(_("source"), max_length=SOURCE_LENGTH, blank=True)
    key = models.CharField(_("key"), max_length=KEY_LENGTH)
    task_id = models.BigIntegerField(_("task (id)"))

    class Meta:
        verbose_name = _("imported key")
        verbose_name_plural = _("imported keys")
        constraints = [
            models.UniqueConstraint(name="taskdock_imported_key_once", fields=["source", "key"])
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.key}"
