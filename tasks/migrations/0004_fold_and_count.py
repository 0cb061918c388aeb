"""What the models keep from here on, for the rows that were there before."""

from django.db import migrations
from django.db.models import Count

from tasks.batches import by_key

BATCH = 1000


def fold_and_count(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name, source in (("Client", "name"), ("Project", "title"), ("Milestone", "title")):
        rows = apps.get_model("taskdock", name).objects.using(alias)
        batch = []
        for row in by_key(rows.only(source), BATCH):
            setattr(row, f"folded_{source}", getattr(row, source).casefold())
            batch.append(row)
            if len(batch) == BATCH:
                rows.bulk_update(batch, [f"folded_{source}"])
                batch = []
        rows.bulk_update(batch, [f"folded_{source}"])
    cells = ("project_id", "milestone_id", "status_id", "is_archived")
    tally = apps.get_model("taskdock", "TaskTally")
    tasks = apps.get_model("taskdock", "Task").objects.using(alias)
    counted = tasks.order_by().values(*cells).annotate(tasks=Count("pk"))
    tally.objects.using(alias).bulk_create((tally(**cell) for cell in counted), batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0003_neighbours")]

    operations = [
        # Backwards the columns and the table go anyway.
        migrations.RunPython(fold_and_count, migrations.RunPython.noop)
    ]
