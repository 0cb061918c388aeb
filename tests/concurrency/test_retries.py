"""The write runner: what the database ends for another's sake is done again."""

from threading import Barrier

import pytest
from django.db.models import F

from tasks.database import connection
from tasks.models import Task
from tasks.platform.writes import run_write
from tasks.testing import make_task

pytestmark = pytest.mark.server


def crossing(one, other, meeting, isolation=None):
    """A write that locks one task, meets the other write, and locks the other task; run once.

    Gives how often the runner had to begin.
    """
    attempts = 0

    def write():
        nonlocal attempts
        attempts += 1
        if isolation is not None:
            with connection().cursor() as cursor:
                cursor.execute(f"SET TRANSACTION ISOLATION LEVEL {isolation}")
        Task.objects.select_for_update().get(pk=one)
        if attempts == 1:
            meeting.wait()
        Task.objects.select_for_update().get(pk=other)
        Task.objects.filter(pk__in=[one, other]).update(version=F("version") + 1)
        return attempts

    return lambda: run_write(write)


@pytest.mark.parametrize("isolation", [None, "REPEATABLE READ", "SERIALIZABLE"])
def test_writes_that_lock_in_opposite_orders_both_succeed(together, isolation):
    one, other = make_task().pk, make_task().pk
    meeting = Barrier(2, timeout=30)
    attempts = together(
        crossing(one, other, meeting, isolation), crossing(other, one, meeting, isolation)
    )
    assert max(attempts) > 1  # the deadlock did happen
    assert [*Task.objects.values_list("version", flat=True)] == [3, 3]


@pytest.mark.postgresql  # MariaDB's repeatable read lets the second overwrite the first
def test_writes_that_read_the_same_snapshot_both_count(together):
    """Repeatable read: whoever writes a row that has changed since is ended, and begins again."""
    task = make_task().pk
    meeting = Barrier(2, timeout=30)

    def counting():
        attempts = 0

        def write():
            nonlocal attempts
            attempts += 1
            with connection().cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            version = Task.objects.values_list("version", flat=True).get(pk=task)
            if attempts == 1:
                meeting.wait()
            Task.objects.filter(pk=task).update(version=version + 1)
            return attempts

        return lambda: run_write(write)

    attempts = together(counting(), counting())
    assert sorted(attempts) == [1, 2]
    assert Task.objects.get(pk=task).version == 3
