"""``taskdock_recount``: tells of sums that are not what the rows say, and mends them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from tasks.models import TaskTally, WorkflowTally
from tasks.services.tallies import differences
from tasks.testing import make_project, make_task
from tests.counting import assert_counted

pytestmark = pytest.mark.django_db


def recount(*arguments):
    out = StringIO()
    call_command("taskdock_recount", *arguments, stdout=out)
    return out.getvalue()


def spoilt(number=1):
    """A task of a project whose sum is too small by ``number``."""
    task = make_task(project=make_project())
    TaskTally.objects.create(
        project_id=task.project_id,
        milestone_id=task.milestone_id,
        status_id=task.status_id,
        is_archived=False,
        tasks=-number,
    )
    return task


def test_recount_of_sums_that_are_right_says_so():
    make_task()
    told = recount()
    for name in ("TaskTally", "WorkflowTally", "TimeTally"):
        assert f"{name}: 0 wrong." in told


def test_recount_tells_which_sums_are_wrong_and_changes_nothing():
    task = spoilt()
    before = list(TaskTally.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="1 sums are wrong"):
        recount()
    assert list(TaskTally.objects.order_by("pk").values()) == before
    cell = (task.project_id, task.milestone_id, task.status_id, False)
    assert differences(TaskTally) == {cell: (1,)}


def test_recount_mends_what_is_wrong():
    task = spoilt(3)
    WorkflowTally.objects.all().delete()
    told = recount("--repair")
    assert "TaskTally: 1 mended." in told
    assert "WorkflowTally: 1 mended." in told
    assert f"project_id {task.project_id}" in told
    assert_counted()
    assert "TaskTally: 0 wrong." in recount()


def test_recount_of_sums_whose_rows_are_gone_leaves_nothing():
    stray = {"project_id": 1, "milestone_id": 1, "status_id": 1, "is_archived": False}
    for tasks in (3, -1):
        TaskTally.objects.create(**stray, tasks=tasks)
    recount("--repair")
    assert not TaskTally.objects.exists()


def test_recount_leaves_one_row_of_a_sum():
    task = make_task()
    for _ in range(5):
        make_task(project=task.project)
    recount("--repair")
    assert [row.tasks for row in TaskTally.objects.all()] == [6]


def test_recount_of_many_wrong_sums_names_some_and_counts_the_rest():
    for _ in range(25):
        spoilt()
    assert "  and 5 more" in recount("--repair")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the trigger is in SQLite's words")
def test_repair_that_a_trigger_of_the_site_forbids_says_so():
    task = spoilt()
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TRIGGER in_the_way BEFORE INSERT ON taskdock_tasktally "
            "BEGIN SELECT RAISE(ABORT, 'in the way'); END"
        )
    with pytest.raises(CommandError, match="A rule of the database forbids it: in the way"):
        recount("--repair")
    assert differences(TaskTally)[task.project_id, task.milestone_id, task.status_id, False] == (1,)
