"""Sums while many write past the services: exact, and nobody waits for another's sum."""

import datetime as dt
import re
from functools import partial
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from tasks.database import alias
from tasks.models import Task
from tasks.services.tallies import every_tally
from tasks.testing import make_milestone, make_project, make_task
from tests.concurrency.conftest import THREADS, unless_mariadb_ends_it
from tests.counting import assert_counted
from timers.models import Timer

pytestmark = pytest.mark.server

DAY = dt.date(2026, 6, 1)


def work(first, milestone, thread):
    """What eight do to rows of their own, all in the same cells."""
    copied = ("project_id", "milestone_id", "status_id", "priority_id")
    fields = {name: getattr(first, name) for name in copied}

    def make(number):
        with transaction.atomic(using=alias()):
            made = Task.objects.bulk_create(Task(title="New", **fields) for _ in range(3))
            mine = Task.objects.filter(pk__in=[task.pk for task in made])
            mine.update(status=1 + (thread + number) % 3, is_archived=number % 2 == 0)
            times = Timer.objects.bulk_create(
                Timer(task=task, seconds=60 + number, work_date=DAY) for task in made
            )
        return made, times

    def undo(mine):
        with transaction.atomic(using=alias()):
            mine.update(status=4)
            transaction.set_rollback(True, using=alias())

    for number in range(12):
        made, times = unless_mariadb_ends_it(partial(make, number))
        mine = Task.objects.filter(pk__in=[task.pk for task in made])
        some = Timer.objects.filter(pk__in=[time.pk for time in times[1:]])
        steps = [
            partial(mine.update, milestone=milestone, priority=1 + number % 3),
            partial(some.update, seconds=number),
            Task.objects.get(pk=made[0].pk).delete,
        ]
        for step in steps:
            unless_mariadb_ends_it(step)
        if number % 4 == 3:
            unless_mariadb_ends_it(partial(undo, mine))


def test_rows_written_past_the_services_at_once_are_counted_exactly(together):
    project = make_project()
    first, milestone = make_task(project=project), make_milestone(project)
    together(*[lambda n=n: work(first, milestone, n) for n in range(THREADS)])
    assert Task.objects.count() == 1 + THREADS * 12 * 2
    assert_counted()


def test_same_rows_written_by_all_at_once_are_counted_once(together):
    project = make_project()
    tasks = [make_task(project=project) for _ in range(4)]
    pks = [task.pk for task in tasks]

    def toggle(thread):
        for number in range(12):
            # One at a time: whoever locks several does so in one order.
            for pk in pks:
                changed = {"status": 1 + (thread + number) % 5}
                changed["is_archived"] = (thread + number) % 2 == 0
                unless_mariadb_ends_it(partial(Task.objects.filter(pk=pk).update, **changed))

    together(*[lambda n=n: toggle(n) for n in range(THREADS)])
    assert_counted()


def test_sums_are_mended_while_others_write(together):
    project = make_project()
    first, milestone = make_task(project=project), make_milestone(project)
    tallies = list(every_tally())

    def mend_all():
        for _ in range(10):
            told = StringIO()
            call_command("taskdock_recount", "--repair", stdout=told)
            assert re.findall(r"(\d+) mended", told.getvalue()) == ["0"] * len(tallies)

    together(*[lambda n=n: work(first, milestone, n) for n in range(THREADS - 1)], mend_all)
    assert_counted()
