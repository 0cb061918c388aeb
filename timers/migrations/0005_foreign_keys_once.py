"""Two foreign keys have an index that begins with them; their own went unused."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from tasks.models.counting import CountByTriggers, StopCounting

COUNTING = {
    "counted": "Timer",
    "dimensions": ("work_date", "is_invoiced"),
    "amounts": {"entries": None, "seconds": "seconds"},
    "unless": "is_running",
}


class Migration(migrations.Migration):
    dependencies = [
        ("taskdock_timers", "0004_count_by_trigger"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # SQLite makes the table anew.
        StopCounting("TimeTally", **COUNTING),
        migrations.AlterField(
            model_name="timer",
            name="task",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="timers",
                to="taskdock.task",
                verbose_name="task",
            ),
        ),
        migrations.AlterField(
            model_name="timer",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="worked by",
            ),
        ),
        CountByTriggers("TimeTally", **COUNTING),
    ]
