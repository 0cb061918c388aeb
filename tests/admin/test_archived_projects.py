"""Tasks whose project is archived: gone from My work, marked where they are listed."""

import datetime as dt

import pytest

from tasks.clock import today
from tasks.services.assignees import set_assignees
from tasks.services.pins import pin_task
from tasks.services.projects import archive_project
from tasks.testing import make_actor, make_project, make_task

TASKS = "taskdock/task/"


@pytest.fixture
def task(admin):
    """A task that is the administrator's, overdue, pinned, in a project archived without it."""
    row = make_task("Left over", project=make_project(), due_date=today() - dt.timedelta(days=1))
    set_assignees(actor=make_actor(), task_id=row.pk, user_ids=[admin.user.pk])
    pin_task(actor=make_actor(admin.user), task_id=row.pk)
    archive_project(actor=make_actor(), project_id=row.project_id)
    return row


def test_my_work_leaves_out_tasks_of_archived_projects(admin, task):
    other = make_task("Current", due_date=today())
    set_assignees(actor=make_actor(), task_id=other.pk, user_ids=[admin.user.pk])
    html = admin.get(f"{TASKS}mine/").content.decode()
    assert "Current" in html
    assert f"{TASKS}{task.pk}/change/" not in html


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}board/"])
def test_lists_mark_tasks_of_archived_projects(admin, task, path):
    make_task("Current")
    html = admin.get(path).content.decode()
    assert "Left over" in html
    assert html.count(">archived</span>") == 1


def test_page_of_a_task_says_that_its_project_is_archived(admin, task):
    html = admin.get(f"{TASKS}{task.pk}/change/").content.decode()
    assert "The project of this task is archived." in html
    assert "is archived" not in admin.get(f"{TASKS}{make_task().pk}/change/").content.decode()
