"""What tasks wait for, and what people have on tasks for themselves: notes and pins."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from tasks.models.deletion import OwnerKey
from tasks.models.telling_apart import TellApart


class Migration(migrations.Migration):
    dependencies = [
        ("taskdock", "0010_tell_texts_apart"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DependencyTurn",
            fields=[
                ("id", models.PositiveSmallIntegerField(primary_key=True, serialize=False)),
                ("number", models.PositiveBigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="TaskDependency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "created_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="created"
                    ),
                ),
                (
                    "blocked",
                    OwnerKey(
                        related_name="blocked_by", to="taskdock.task", verbose_name="blocked task"
                    ),
                ),
                (
                    "blocker",
                    OwnerKey(related_name="blocking", to="taskdock.task", verbose_name="blocker"),
                ),
            ],
            options={
                "verbose_name": "dependency",
                "verbose_name_plural": "dependencies",
                "indexes": [
                    models.Index(
                        fields=["blocker", "blocked"], name="taskdock_dependency_of_blocker"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("blocked", "blocker"), name="taskdock_dependency_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("blocker", models.F("blocked")), _negated=True),
                        name="taskdock_dependency_not_self",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskNote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(verbose_name="text")),
                (
                    "updated_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="updated"
                    ),
                ),
                ("task", OwnerKey(related_name="notes", to="taskdock.task", verbose_name="task")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "verbose_name": "note",
                "verbose_name_plural": "notes",
                "constraints": [
                    models.UniqueConstraint(fields=("task", "user"), name="taskdock_note_once"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True),
                        name="taskdock_note_text_not_empty",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskPin",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "pinned_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="pinned"
                    ),
                ),
                ("task", OwnerKey(related_name="pins", to="taskdock.task", verbose_name="task")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pinned by",
                    ),
                ),
            ],
            options={
                "verbose_name": "pin",
                "verbose_name_plural": "pins",
                "ordering": ["-pinned_at", "-id"],
                "indexes": [
                    models.Index(fields=["user", "pinned_at", "id"], name="taskdock_pin_of_user")
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("task", "user"), name="taskdock_pin_once")
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
