"""Indexes for lists of a million tasks; docs/scaling.md tells which query needs which."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone

import tasks.models.fields
from tasks.models.indexes import AddPostgreSQLIndex, AddTrigramIndex


def copy_moments(apps, schema_editor):
    alias = schema_editor.connection.alias
    task = apps.get_model("taskdock", "Task").objects.using(alias).filter(pk=OuterRef("task_id"))
    rows = apps.get_model("taskdock", "TaskAssignee").objects.using(alias)
    rows.update(task_created_at=Subquery(task.values("created_at")[:1]))


class Migration(migrations.Migration):
    dependencies = [
        ("taskdock", "0004_fold_and_count"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # The new before the old: MariaDB wants an index for every foreign key at any time.
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["project", "created_at", "id", "is_archived", "status"],
                name="taskdock_task_of_project",
            ),
        ),
        migrations.RemoveIndex(model_name="task", name="taskdock_task_in_project"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["milestone", "created_at", "id", "is_archived", "status"],
                name="taskdock_task_of_milestone",
            ),
        ),
        migrations.RemoveIndex(model_name="task", name="taskdock_task_in_milestone"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["status", "created_at", "id", "is_archived"],
                name="taskdock_task_of_status",
            ),
        ),
        migrations.RemoveIndex(model_name="task", name="taskdock_task_with_status"),
        migrations.AddIndex(
            model_name="task",
            index=models.Index(
                fields=["priority", "created_at", "id", "is_archived"],
                name="taskdock_task_of_priority",
            ),
        ),
        migrations.RemoveIndex(model_name="task", name="taskdock_task_priority"),
        AddPostgreSQLIndex(
            "Task",
            models.Index(fields=["is_archived", "created_at", "id"], name="taskdock_task_active"),
        ),
        AddPostgreSQLIndex(
            "Task",
            models.Index(fields=["id", "is_archived", "status"], name="taskdock_task_traits"),
        ),
        AddPostgreSQLIndex(
            "Task",
            models.Index(
                F("due_date").desc(nulls_last=True),
                F("id").desc(),
                name="taskdock_task_due_last",
            ),
        ),
        AddTrigramIndex(
            "Task", models.Index(fields=["folded_title"], name="taskdock_task_trigrams")
        ),
        migrations.AddField(
            model_name="taskassignee",
            name="task_created_at",
            field=tasks.models.fields.CopiedMomentField(
                default=timezone.now,
                source="task.created_at",
                verbose_name="task created",
            ),
            preserve_default=False,
        ),
        # Backwards the column goes anyway.
        migrations.RunPython(copy_moments, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="taskassignee",
            index=models.Index(
                fields=["user", "task_created_at", "task"], name="taskdock_assignee_of_user"
            ),
        ),
        migrations.AlterField(
            model_name="taskassignee",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="team member",
            ),
        ),
        # Their unique constraints begin with the same column.
        migrations.AlterField(
            model_name="clienttag",
            name="content_object",
            field=models.ForeignKey(
                db_column="client_id",
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="client_tags",
                to="taskdock.client",
            ),
        ),
        migrations.AlterField(
            model_name="projecttag",
            name="content_object",
            field=models.ForeignKey(
                db_column="project_id",
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="project_tags",
                to="taskdock.project",
            ),
        ),
        migrations.AlterField(
            model_name="tasktag",
            name="content_object",
            field=models.ForeignKey(
                db_column="task_id",
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="task_tags",
                to="taskdock.task",
            ),
        ),
    ]
