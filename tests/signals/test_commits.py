"""When receivers are called, and what becomes of one that fails."""

import logging

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic, on_failure
from tasks.models import Task, TaskStatus
from tasks.platform.writes import run_write
from tasks.services import projects, tasks
from tasks.services.events import CREATION, announce
from tasks.signals import task_created, task_status_changed, task_updated
from tasks.testing import make_project, make_task, make_user
from tests.hearing import hearing


class Undone(Exception):
    """What a site's code goes wrong with."""


@pytest.fixture
def task(committed_db):
    return make_task()


def rename(task, title):
    tasks.update_task(actor=Actor(), task_id=task.pk, title=title)


def rename_in_vain(task, title):
    with transaction.atomic():
        rename(task, title)
        raise Undone


def title_of(task):
    return Task.objects.values_list("title", flat=True).get(pk=task.pk)


def test_receiver_is_called_when_the_change_is_there(task):
    with hearing("task_updated") as heard:
        with transaction.atomic():
            rename(task, "Plan")
            rename(task, "Plan B")
            assert heard == []
        assert [said["changes"]["title"] for _, said in heard] == [
            ("Design homepage", "Plan"),
            ("Plan", "Plan B"),
        ]


def test_transaction_that_is_rolled_back_is_not_told_of(task):
    with hearing() as heard:
        with pytest.raises(Undone):
            rename_in_vain(task, "Plan")
        assert title_of(task) == "Design homepage"
        with transaction.atomic():
            rename(task, "Plan")
            transaction.set_rollback(True)
    assert heard == []


def test_savepoint_that_is_rolled_back_is_not_told_of(task):
    with hearing() as heard, transaction.atomic():
        rename(task, "Kept")
        with pytest.raises(Undone):
            rename_in_vain(task, "Undone")
        rename(task, "Kept too")
    assert [said["changes"]["title"] for _, said in heard] == [
        ("Design homepage", "Kept"),
        ("Kept", "Kept too"),
    ]


def test_service_that_refuses_tells_nothing(task):
    with hearing() as heard, pytest.raises(ValueError, match="no status"):
        tasks.update_task(actor=Actor(), task_id=task.pk, title="Plan", status=Refusing())
    assert (heard, title_of(task)) == ([], "Design homepage")


class Refusing:
    """Goes wrong after other fields were set."""

    @property
    def pk(self):
        raise ValueError("no status")


def test_write_that_is_tried_again_is_told_of_once(task):
    attempts = 0

    def write():
        nonlocal attempts
        attempts += 1
        rename(task, f"Plan {attempts}")
        if attempts < 3:
            raise OperationalError(1213, "Deadlock found when trying to get lock")

    with hearing() as heard:
        run_write(write)
    ((_, said),) = heard
    assert said["changes"]["title"] == ("Design homepage", "Plan 3")


def test_receiver_that_fails_harms_nobody_and_is_logged(task, caplog):
    def fail(**kwargs):
        raise Undone("of the site's own")

    task_updated.connect(fail)
    try:
        with hearing() as heard, caplog.at_level(logging.ERROR, "django.dispatch"):
            rename(task, "Plan")
    finally:
        task_updated.disconnect(fail)
    assert (title_of(task), heard.names) == ("Plan", ["task_updated"])
    (line,) = caplog.records
    assert "of the site's own" in line.getMessage()
    assert line.exc_info is not None


def test_receiver_of_a_failure_does_not_change_the_answer(make_api, committed_db, caplog):
    api, task = make_api(user=make_user(is_superuser=True)), make_task()

    def fail(**kwargs):
        raise Undone

    task_updated.connect(fail)
    try:
        response = api.put(f"/tasks/{task.pk}/status", {"status": 2})
    finally:
        task_updated.disconnect(fail)
    assert response.status_code == 200
    assert Task.objects.get(pk=task.pk).status_id == 2


def test_receiver_may_write_and_its_failure_is_its_own(task):
    """What a receiver writes is a transaction of its own, undone alone."""
    undone = []

    def follow(*, task_id, actor, **kwargs):
        with atomic():
            tasks.archive_task(actor=actor, task_id=task_id)
        with atomic():
            tasks.activate_task(actor=actor, task_id=task_id)
            on_failure(lambda: undone.append(task_id))
            raise Undone

    task_status_changed.connect(follow)
    try:
        with hearing("task_updated") as heard:
            tasks.set_status(
                actor=Actor(), task_id=task.pk, status=TaskStatus.objects.get(is_completed=True)
            )
    finally:
        task_status_changed.disconnect(follow)
    assert [[*said["changes"]] for _, said in heard] == [["status"], ["is_archived"]]
    assert undone == [task.pk]
    assert Task.objects.get(pk=task.pk).is_archived


def test_write_that_nobody_listens_to_waits_for_no_commit(db):
    task = make_task()
    with hearing("task_commented", "task_deleted"):
        rename(task, "Plan")
        make_task()
    assert connection.run_on_commit == []


def test_news_that_nobody_listens_to_are_not_made(db):
    def news():
        raise AssertionError("made")

    with hearing("task_deleted"), atomic():
        announce(CREATION, news, actor=Actor(), at=timezone.now())


def test_listening_adds_no_query(db, django_capture_on_commit_callbacks):
    def queries():
        project = make_project()
        for number in range(3):
            make_task(f"Task {number}", project=project)
        with CaptureQueriesContext(connection) as captured:
            rename(project.tasks.first(), "Plan")
            projects.delete_project(actor=Actor(), project_id=project.pk)
        return len(captured)

    alone = queries()
    with hearing() as heard, django_capture_on_commit_callbacks(execute=True):
        assert queries() == alone
    assert heard


def test_creation_outside_of_any_transaction_is_told_at_once(committed_db):
    made = []

    def note(*, task_id, **kwargs):
        made.append(Task.objects.get(pk=task_id).title)

    task_created.connect(note)
    try:
        make_task()
    finally:
        task_created.disconnect(note)
    assert made == ["Design homepage"]
