"""Who this database is in a storage that others may use too."""

from django.db import migrations, models

import tasks.models.file_owner


def add_owner(apps, schema_editor):
    apps.get_model("taskdock", "FileOwner").objects.using(schema_editor.connection.alias).create()


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0014_texts_that_look_the_same")]

    operations = [
        migrations.CreateModel(
            name="FileOwner",
            fields=[
                (
                    "id",
                    models.PositiveSmallIntegerField(
                        default=tasks.models.file_owner.ONLY, primary_key=True, serialize=False
                    ),
                ),
                (
                    "token",
                    models.CharField(
                        default=tasks.models.file_owner.new_token,
                        max_length=32,
                        verbose_name="token",
                    ),
                ),
            ],
            options={
                "verbose_name": "owner of files",
                "verbose_name_plural": "owners of files",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)), name="taskdock_file_owner_once"
                    )
                ],
            },
        ),
        # Backwards the table goes anyway.
        migrations.RunPython(add_owner, migrations.RunPython.noop),
    ]
