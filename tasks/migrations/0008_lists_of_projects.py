"""Indexes for lists of projects: their order, and all that their progress asks for."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0007_creation_of_assigned_tasks")]

    operations = [
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["created_at", "id"], name="taskdock_project_created"),
        ),
        migrations.RemoveIndex(model_name="tasktally", name="taskdock_tally_of_project"),
        migrations.AddIndex(
            model_name="tasktally",
            index=models.Index(
                fields=["project_id", "milestone_id", "status_id", "is_archived", "tasks"],
                name="taskdock_tally_of_project",
            ),
        ),
    ]
