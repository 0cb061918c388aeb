"""Tasks that repeat, and which of their days were done."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from tasks.models.deletion import OwnerKey
from tasks.models.telling_apart import TellApart


class Migration(migrations.Migration):
    dependencies = [
        ("taskdock", "0012_history_of_actor"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="TaskRecurrence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=255, verbose_name="rule")),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("at", models.TimeField(verbose_name="time of day")),
                ("zone", models.CharField(max_length=64, verbose_name="time zone")),
                (
                    "due_after_days",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="due after days"
                    ),
                ),
                (
                    "copy_checklist",
                    models.BooleanField(default=True, verbose_name="copy the checklist"),
                ),
                ("copy_files", models.BooleanField(default=False, verbose_name="copy the files")),
                ("is_paused", models.BooleanField(default=False, verbose_name="paused")),
                ("next_on", models.DateField(editable=False, null=True, verbose_name="next day")),
                (
                    "next_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="next time"),
                ),
                ("last_on", models.DateField(editable=False, null=True, verbose_name="last day")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="created by",
                    ),
                ),
                (
                    "status",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="taskdock.taskstatus",
                        verbose_name="status of the copies",
                    ),
                ),
                (
                    "task",
                    OwnerKey(related_name="recurrences", to="taskdock.task", verbose_name="task"),
                ),
            ],
            options={
                "verbose_name": "recurrence",
                "verbose_name_plural": "recurrences",
                "indexes": [
                    models.Index(fields=["next_at", "id"], name="taskdock_recurrence_next")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task",), name="taskdock_recurrence_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("next_at__isnull", True), ("next_on__isnull", True)),
                            models.Q(("next_at__isnull", False), ("next_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="taskdock_recurrence_next_both",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RecurrenceRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("occurs_on", models.DateField(verbose_name="day")),
                ("copy_id", models.BigIntegerField(verbose_name="copy")),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "recurrence",
                    OwnerKey(
                        related_name="runs", to="taskdock.taskrecurrence", verbose_name="recurrence"
                    ),
                ),
            ],
            options={
                "verbose_name": "run of a recurrence",
                "verbose_name_plural": "runs of recurrences",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("recurrence", "occurs_on"), name="taskdock_recurrence_run_once"
                    )
                ],
            },
        ),
        TellApart(
            {
                "Attachment": ["file"],
                "ImportedKey": ["source", "key"],
                "Milestone": ["title"],
                "Tag": ["name"],
                "TaskPriority": ["title"],
                "TaskStatus": ["title"],
            }
        ),
    ]
