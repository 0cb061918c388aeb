"""The database counts tasks itself from here on, whoever writes them."""

from django.db import migrations, models

from tasks.models.counting import CountByTriggers


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0005_indexes_for_growth")]

    operations = [
        migrations.CreateModel(
            name="WorkflowTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("status_id", models.BigIntegerField()),
                ("priority_id", models.BigIntegerField()),
                ("is_archived", models.BooleanField()),
                ("tasks", models.BigIntegerField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["status_id", "priority_id", "is_archived"],
                        name="taskdock_tally_of_workflow",
                    )
                ],
            },
        ),
        CountByTriggers(
            "TaskTally",
            counted="Task",
            dimensions=("project_id", "milestone_id", "status_id", "is_archived"),
            amounts={"tasks": None},
        ),
        CountByTriggers(
            "WorkflowTally",
            counted="Task",
            dimensions=("status_id", "priority_id", "is_archived"),
            amounts={"tasks": None},
        ),
    ]
