"""``time_logged`` of the task object: right after every write, wherever the object is shown."""

import datetime as dt

import pytest

from tasks.testing import make_actor, make_task, make_user
from tests.api.answers import expect
from timers.models import Timer
from timers.services import timers
from timers.testing import make_running_timer, make_stopped_timer, make_time

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def task(db):
    neighbour = make_task()
    make_time(neighbour, seconds=777)
    make_running_timer(neighbour)
    return make_task()


@pytest.fixture
def logged(api, task):
    """What the task shows, alone and in the list."""

    def read():
        (listed,) = (
            row["time_logged"] for row in api.get("/tasks").json()["data"] if row["id"] == task.pk
        )
        alone = api.get(f"/tasks/{task.pk}").json()["data"]["time_logged"]
        assert type(alone) is int
        assert alone == listed
        return alone

    return read


def test_time_logged_follows_every_write(api, task, logged):
    actor, user = make_actor(), make_user()
    assert logged() == 0
    by_hand = make_time(task, seconds=600)
    assert logged() == 600
    make_stopped_timer(task, seconds=30)
    assert logged() == 630
    make_running_timer(task, user=user, running_for=HOUR)
    assert logged() == 630
    timers.correct_time(actor=actor, timer_id=by_hand.pk, seconds=60)
    assert logged() == 90
    timers.set_invoiced(actor=actor, timer_id=by_hand.pk, is_invoiced=True)
    assert logged() == 90
    # Starting another stops the one that runs, which counts from then on.
    second = timers.start_timer(actor=actor, task_id=make_task().pk, user=user)
    first_run = Timer.objects.exclude(pk=second.pk).get(user=user).seconds
    assert first_run >= 3600
    assert logged() == 90 + first_run
    third = timers.start_timer(actor=actor, task_id=task.pk, user=user)
    assert logged() == 90 + first_run
    api.put(f"/tasks/{task.pk}/stop-timers")
    third_run = Timer.objects.get(pk=third.pk).seconds
    assert logged() == 90 + first_run + third_run
    timers.delete_timer(actor=actor, timer_id=third.pk)
    assert logged() == 90 + first_run
    user.delete()
    assert logged() == 90 + first_run


def test_time_logged_may_be_long(task, logged):
    make_stopped_timer(task, seconds=2**31 - 1)
    make_stopped_timer(task, seconds=2**31 - 1)
    assert logged() == 2**32 - 2


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PATCH", "", "task_title=New&task_status=1&task_priority=1"),
        ("PUT", "/status", "status=2"),
        ("PUT", "/tags", "tags[]=x"),
        ("PUT", "/archive", ""),
        ("PUT", "/activate", ""),
        ("PUT", "/assigned", "assigned="),
    ],
)
def test_answers_of_writes_show_the_time_logged(api, task, method, path, body):
    make_time(task, seconds=600)
    make_time(task, seconds=60)
    r = api.request(method, f"/tasks/{task.pk}{path}", body)
    assert r.status_code == 200
    assert r.json()["data"]["time_logged"] == 660


def test_clone_begins_without_time(api, task):
    make_time(task, seconds=600)
    make_running_timer(task)
    fields = {
        "task_title": "Copy",
        "task_status": 1,
        "project_id": task.project_id,
        "task_milestoneid": task.milestone_id,
        "copy_checklist": "on",
        "copy_files": "on",
    }
    data = api.post(f"/tasks/{task.pk}/clone", fields).json()["data"]
    assert data["time_logged"] == 0
    assert not Timer.objects.filter(task_id=data["id"]).exists()
    assert api.get(f"/tasks/{data['id']}/timers").json()["data"] == []


def test_deleted_task_takes_its_time_along(api, task):
    make_time(task)
    make_running_timer(task)
    expected = {"data": {"id": task.pk}, "message": "Task deleted successfully."}
    expect(api.delete(f"/tasks/{task.pk}"), 200, expected)
    assert not Timer.objects.filter(task_id=task.pk).exists()
    assert Timer.objects.count() == 2
