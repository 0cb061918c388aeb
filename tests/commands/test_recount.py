"""``taskdock_recount``: tells of sums that somebody has written past, and mends them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tasks.models import Task, TaskTally
from tasks.services.tallies import FOLD_EVERY, differences
from tasks.services.tasks import set_status
from tasks.testing import make_actor, make_project, make_task

pytestmark = pytest.mark.django_db


def recount(*arguments):
    out = StringIO()
    call_command("taskdock_recount", *arguments, stdout=out)
    return out.getvalue()


def written_past(number=1):
    """A project with ``number`` tasks more than its sums know."""
    project = make_project()
    task = make_task(project=project)
    Task.objects.bulk_create(
        Task(
            title="Past the services",
            project=project,
            milestone=task.milestone,
            status=task.status,
            priority=task.priority,
        )
        for _ in range(number)
    )
    return task


def test_recount_of_sums_that_are_right_says_so():
    make_task()
    assert "TaskTally: 0 wrong." in recount()


def test_recount_tells_which_sums_are_wrong_and_changes_nothing():
    task = written_past()
    before = list(TaskTally.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="1 sums are wrong"):
        recount()
    assert list(TaskTally.objects.order_by("pk").values()) == before
    cell = (task.project_id, task.milestone_id, task.status_id, False)
    assert differences(TaskTally) == {cell: (1,)}


def test_recount_mends_what_was_written_past_the_services():
    task = written_past(3)
    Task.objects.filter(pk=task.pk).update(status_id=2)
    told = recount("--repair")
    assert "TaskTally: 2 mended." in told
    assert f"project_id {task.project_id}" in told
    assert differences(TaskTally) == {}
    assert "TaskTally: 0 wrong." in recount()


def test_recount_of_sums_whose_rows_are_gone_leaves_nothing():
    task = make_task()
    Task.objects.filter(pk=task.pk).delete()
    recount("--repair")
    assert not TaskTally.objects.exists()


def test_recount_of_many_wrong_sums_names_some_and_counts_the_rest():
    for _ in range(25):
        written_past()
    assert "  and 5 more" in recount("--repair")


def test_sums_of_many_writes_stay_right_in_few_rows():
    task = make_task()
    for number in range(10 * FOLD_EVERY):
        task = set_status(
            actor=make_actor(), task_id=task.pk, status=type(task.status)(pk=1 + number % 2)
        )
    assert differences(TaskTally) == {}
    assert TaskTally.objects.count() <= 2 * FOLD_EVERY
