"""The database counts time itself from here on, whoever writes it."""

from django.db import migrations

from tasks.models.counting import CountByTriggers


class Migration(migrations.Migration):
    dependencies = [("taskdock_timers", "0003_count_time")]

    operations = [
        CountByTriggers(
            "TimeTally",
            counted="Timer",
            dimensions=("work_date", "is_invoiced"),
            amounts={"entries": None, "seconds": "seconds"},
            unless="is_running",
        )
    ]
