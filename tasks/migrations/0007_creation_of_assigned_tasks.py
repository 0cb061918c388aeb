"""Somebody's tasks are sorted by when they were made: the database keeps that right everywhere."""

from django.db import migrations

from tasks.models.copying import CopyByTrigger


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0006_count_by_trigger")]

    operations = [
        CopyByTrigger(
            "TaskAssignee",
            copy="task_created_at",
            source="Task",
            column="created_at",
            relation="task",
        ),
    ]
