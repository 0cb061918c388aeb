"""The command run many times at once: each day of each recurrence is copied once."""

import datetime as dt
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command

from tasks.actors import Actor
from tasks.clock import as_kept, instant_of_row
from tasks.models import RecurrenceRun, Task, TaskRecurrence
from tasks.platform.writes import run_write
from tasks.services.recurrence import pause_recurrence, set_recurrence
from tasks.testing import make_project, make_task

pytestmark = pytest.mark.server
ROUNDS = 5
ME = Actor()
GIVEN = {"starts_on": dt.date(2026, 1, 5), "at": dt.time(9), "zone": "Europe/Berlin"}


def test_each_day_is_copied_once_however_many_run(together):
    project = make_project()
    tasks = [make_task(f"Task {number}", project=project) for number in range(6)]
    for task in tasks:
        set_recurrence(actor=ME, task_id=task.pk, rule="FREQ=DAILY", **GIVEN)
    for number in range(1, ROUNDS + 1):
        for row in TaskRecurrence.objects.all():
            row.next_on -= dt.timedelta(days=1)
            row.next_at = as_kept(instant_of_row(row.next_at) - dt.timedelta(days=1))
            row.save()
        RecurrenceRun.objects.all().delete()
        run = partial(call_command, "taskdock_recur", stdout=StringIO(), stderr=StringIO())
        together(*[run] * 8)
        assert RecurrenceRun.objects.count() == len(tasks)
        assert Task.objects.count() == len(tasks) * (number + 1)


def test_set_by_all_at_once_is_there_once(together):
    task = make_task()
    write = partial(set_recurrence, actor=ME, task_id=task.pk, rule="FREQ=DAILY", **GIVEN)
    pause = partial(pause_recurrence, actor=ME, task_id=task.pk)
    write()
    together(*[partial(run_write, one) for one in (write, pause) * 4])
    TaskRecurrence.objects.all().delete()
    together(*[partial(run_write, write)] * 8)
    assert TaskRecurrence.objects.count() == 1
