"""The statuses and priorities that a new workspace starts with, so that a site works at once."""

from django.core.management.color import no_style
from django.db import migrations

STATUSES = [
    # id, title, color, position, is_default, is_completed
    (1, "To do", "#4f8cff", 1024, True, None),
    (3, "In progress", "#f5a623", 2048, None, None),
    (4, "Waiting", "#8a94a6", 3072, None, None),
    (5, "In review", "#9b6bff", 4096, None, None),
    (2, "Completed", "#2fb573", 5120, None, True),
]
PRIORITIES = [
    # id, title, color, position, is_default
    (1, "Normal", "#8a94a6", 1024, True),
    (2, "High", "#ff5b5b", 2048, None),
    (3, "Urgent", "#c81e5b", 3072, None),
]


def add_first_rows(apps, schema_editor):
    alias = schema_editor.connection.alias
    status = apps.get_model("taskdock", "TaskStatus")
    priority = apps.get_model("taskdock", "TaskPriority")
    if not status.objects.using(alias).exists():
        names = ("id", "title", "color", "position", "is_default", "is_completed")
        rows = [status(**dict(zip(names, row, strict=True))) for row in STATUSES]
        status.objects.using(alias).bulk_create(rows)
    if not priority.objects.using(alias).exists():
        names = ("id", "title", "color", "position", "is_default")
        rows = [priority(**dict(zip(names, row, strict=True))) for row in PRIORITIES]
        priority.objects.using(alias).bulk_create(rows)
    resets = schema_editor.connection.ops.sequence_reset_sql(no_style(), [status, priority])
    with schema_editor.connection.cursor() as cursor:
        for statement in resets:
            cursor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("taskdock", "0001_initial")]

    operations = [
        # Backwards the rows stay: tasks may use them, and 0001 drops their tables anyway.
        migrations.RunPython(add_first_rows, migrations.RunPython.noop)
    ]
