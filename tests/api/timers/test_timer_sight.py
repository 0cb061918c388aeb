"""A site that narrows what people see: two of them in turn, at every endpoint."""

import pytest
from django.test import override_settings

from tasks.exceptions import TaskNotFound
from tasks.testing import make_actor, make_task, make_user
from tests.api.answers import TASK_NOT_FOUND, expect
from tests.api.narrowing import NARROWED, mark_of
from tests.api.timers.world import shown
from timers.exceptions import TimerNotFound
from timers.services import timers
from timers.testing import WORK_DATE, make_running_timer, make_time


@pytest.fixture
def views(make_api):
    """Two people, each with a key and a task that they alone see."""
    users = [make_user(), make_user()]
    return [(make_api(user=user), make_task(mark_of(user)), user) for user in users]


def test_endpoints_show_each_of_two_only_what_is_theirs(views, unchanged):
    entries = {task.pk: make_time(task) for _, task, _ in views}
    (one, one_task, _), (other, other_task, _) = views
    with override_settings(TASKDOCK=NARROWED):
        for api, mine, theirs in [
            (one, one_task, other_task),
            (other, other_task, one_task),
            (one, one_task, other_task),
        ]:
            with unchanged():
                expect(api.get(f"/tasks/{theirs.pk}/timers"), 404, TASK_NOT_FOUND)
                expect(api.put(f"/tasks/{theirs.pk}/stop-timers"), 404, TASK_NOT_FOUND)
            data = api.get(f"/tasks/{mine.pk}/timers").json()["data"]
            assert data == [shown(entries[mine.pk])]
            assert api.put(f"/tasks/{mine.pk}/stop-timers").status_code == 200


def test_services_refuse_what_the_actor_may_not_see(views, unchanged):
    (_, _, user), (_, hidden, _) = views
    actor = make_actor(user)
    entry, running = make_time(hidden), make_running_timer(hidden)
    with override_settings(TASKDOCK=NARROWED), unchanged():
        with pytest.raises(TaskNotFound):
            timers.start_timer(actor=actor, task_id=hidden.pk, user=user)
        with pytest.raises(TaskNotFound):
            timers.stop_timers_of_task(actor=actor, task_id=hidden.pk)
        with pytest.raises(TaskNotFound):
            timers.add_time(
                actor=actor, task_id=hidden.pk, user=user, seconds=60, work_date=WORK_DATE
            )
        for service, timer, fields in [
            (timers.stop_timer, running, {}),
            (timers.correct_time, entry, {"seconds": 60}),
            (timers.set_invoiced, entry, {"is_invoiced": True}),
            (timers.delete_timer, entry, {}),
        ]:
            with pytest.raises(TimerNotFound):
                service(actor=actor, timer_id=timer.pk, **fields)
