"""Receivers of a site's code, where several write at once."""

from threading import Barrier

import pytest

from tasks.actors import Actor
from tasks.models import Task
from tasks.platform.writes import run_write
from tasks.services import tasks
from tasks.testing import make_task
from tests.hearing import hearing

pytestmark = pytest.mark.postgresql


def rename(task, title):
    tasks.update_task(actor=Actor(), task_id=task.pk, title=title)


def test_simultaneous_changes_are_told_once_each(together):
    task = make_task()
    with hearing("task_updated") as heard:
        together(*[lambda number=number: rename(task, f"Plan {number}") for number in range(8)])
    titles = [said["changes"]["title"] for _, said in heard]
    assert len(titles) == 8
    assert {new for _, new in titles} == {f"Plan {number}" for number in range(8)}
    assert {old for old, _ in titles} == {"Design homepage", *(new for _, new in titles)} - {
        Task.objects.get(pk=task.pk).title
    }


def test_deadlock_that_is_tried_again_is_told_of_once(together):
    one, other = make_task(), make_task()
    meeting = Barrier(2, timeout=30)
    attempts = []

    def crossing(first, second):
        tries = 0

        def write():
            nonlocal tries
            tries += 1
            attempts.append(tries)
            rename(first, f"By {first.pk}")
            if tries == 1:
                meeting.wait()
            rename(second, f"By {first.pk}")

        return lambda: run_write(write)

    with hearing("task_updated") as heard:
        together(crossing(one, other), crossing(other, one))
    assert max(attempts) > 1  # the deadlock did happen
    changes = [(said["task_id"], said["changes"]["title"][1]) for _, said in heard]
    assert sorted(changes) == sorted(
        (task.pk, f"By {by.pk}") for task in (one, other) for by in (one, other)
    )
