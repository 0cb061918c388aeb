"""What somebody did, the newest first, in a history of a million entries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0011_dependencies_notes_pins")]

    operations = [
        migrations.AddIndex(
            model_name="historyentry",
            index=models.Index(fields=["actor_id", "id"], name="taskdock_history_actor"),
        ),
    ]
