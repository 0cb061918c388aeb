"""How far imports have come, and what tasks are called where they came from."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("taskdock", "0008_lists_of_projects"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportedKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=100, verbose_name="source")),
                ("key", models.CharField(max_length=255, verbose_name="key")),
                ("task_id", models.BigIntegerField(verbose_name="task (id)")),
            ],
            options={
                "verbose_name": "imported key",
                "verbose_name_plural": "imported keys",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("source", "key"), name="taskdock_imported_key_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TaskImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=255, verbose_name="file")),
                ("file_digest", models.CharField(max_length=64, verbose_name="digest of the file")),
                (
                    "mapping_digest",
                    models.CharField(max_length=64, verbose_name="digest of the mapping"),
                ),
                ("run", models.PositiveIntegerField(default=1, verbose_name="run")),
                ("rows_done", models.PositiveBigIntegerField(default=0, verbose_name="rows done")),
                (
                    "tasks_added",
                    models.PositiveBigIntegerField(default=0, verbose_name="tasks added"),
                ),
                (
                    "started_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="started"),
                ),
                ("finished_at", models.DateTimeField(null=True, verbose_name="finished")),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("file_digest", "run"), name="taskdock_import_run"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tasks_added__lte", models.F("rows_done"))),
                        name="taskdock_import_tasks_of_rows",
                    ),
                ],
            },
        ),
    ]
