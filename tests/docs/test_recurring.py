"""The command of the page about recurring tasks, run as the page has it."""

import datetime as dt

from django.core.management import call_command

from tasks.models import Task, TaskRecurrence
from tasks.testing import make_task
from tests.docs.markdown import REPOSITORY, Page
from tests.moments import utc


def test_line_for_cron_makes_what_is_due_once(db):
    cron, systemd = Page(REPOSITORY / "docs" / "recurring.md").blocks()
    line = cron.text.strip()
    start, command = line.split(" && ")
    assert (start, systemd.language) == ("*/5 * * * * cd /srv/site", "ini")
    python, manage, *arguments = command.split()
    assert (python, manage) == ("python", "manage.py")

    task = make_task("Weekly report")
    TaskRecurrence.objects.create(
        task=task,
        rule="FREQ=WEEKLY",
        starts_on=dt.date(2026, 1, 5),
        at=dt.time(9),
        zone="UTC",
        next_on=dt.date(2026, 1, 5),
        next_at=utc(2026, 1, 5, 9),
    )
    for _ in range(2):
        call_command(*arguments)
    assert Task.objects.exclude(pk=task.pk).count() == 1
