"""What the tally of time keeps from here on, for the entries that were there before."""

from django.db import migrations
from django.db.models import Count, Sum

BATCH = 1000


def count_time(apps, schema_editor):
    alias = schema_editor.connection.alias
    tally = apps.get_model("taskdock_timers", "TimeTally")
    timers = apps.get_model("taskdock_timers", "Timer").objects.using(alias)
    counted = (
        timers.filter(is_running=None)
        .order_by()
        .values("work_date", "is_invoiced")
        .annotate(entries=Count("pk"), total=Sum("seconds"))
    )
    rows = (
        tally(
            work_date=cell["work_date"],
            is_invoiced=cell["is_invoiced"],
            entries=cell["entries"],
            seconds=cell["total"],
        )
        for cell in counted
    )
    tally.objects.using(alias).bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("taskdock_timers", "0002_timesheets")]

    operations = [
        # Backwards the table goes anyway.
        migrations.RunPython(count_time, migrations.RunPython.noop)
    ]
