"""A site that narrows what people see: two of them in turn, totals included."""

import pytest
from django.test import override_settings

from tasks.people import wire_id
from tasks.testing import make_project, make_task, make_user
from tests.api.answers import TASK_NOT_FOUND, expect
from tests.api.narrowing import NARROWED, mark_of
from tests.api.timesheets.world import shown
from timers.models import Timer
from timers.testing import make_running_timer, make_time

NOT_FOUND = {"message": "Timesheet not found."}


@pytest.fixture
def views(make_api):
    """Two people, each with a key, and with a task and a project that they alone see."""
    found = []
    for _ in range(2):
        user = make_user()
        project = make_project(mark_of(user))
        found.append((make_api(user=user), make_task(mark_of(user), project=project), user))
    return found


def test_endpoints_show_each_of_two_only_what_is_theirs(views, unchanged):
    one, other = views
    entries = {
        user.pk: [make_time(task, seconds=60 * number) for _ in range(number)]
        for number, (_, task, user) in enumerate(views, start=1)
    }
    with override_settings(TASKDOCK=NARROWED):
        for (api, mine, user), (_, theirs, stranger) in [(one, other), (other, one), (one, other)]:
            rows = entries[user.pk][::-1]
            hidden = entries[stranger.pk][0]
            seconds = sum(row.seconds for row in rows)
            for filters in [
                {},
                {"billing_status": "not_invoiced"},
                {"status": "stopped", "date_start": "2026-06-01"},
                {"task_id": mine.pk},
                {"project_id": mine.project_id},
            ]:
                r = api.get("/timesheets", **filters).json()
                assert r["data"] == [shown(row) for row in rows]
                assert (r["meta"]["total"], r["meta"]["time_seconds"]) == (len(rows), seconds)
            for filters in [{"task_id": theirs.pk}, {"client_id": theirs.project.client_id}]:
                r = api.get("/timesheets", **filters).json()
                assert (r["data"], r["meta"]["total"], r["meta"]["time_seconds"]) == ([], 0, 0)
            path = f"/timesheets/{hidden.pk}"
            with unchanged():
                expect(api.get(path), 404, NOT_FOUND)
                expect(api.patch(path, {"hours": 1, "minutes": 0}), 404, NOT_FOUND)
                expect(api.delete(path), 404, NOT_FOUND)
                fields = {
                    "task_id": theirs.pk,
                    "user_id": wire_id(user.pk),
                    "hours": 1,
                    "minutes": 0,
                    "timer_created": "2026-06-17",
                }
                expect(api.post("/timesheets", fields), 404, TASK_NOT_FOUND)
                r = api.put(f"/projects/{theirs.project_id}/stop-timers")
                expect(r, 404, {"message": "Project not found."})
            path = f"/timesheets/{rows[0].pk}"
            message = "Timesheet retrieved successfully."
            expect(api.get(path), 200, {"data": shown(rows[0]), "message": message})


def test_totals_hold_the_running_timers_of_ones_own_tasks_alone(views):
    for _, task, _ in views:
        make_running_timer(task)
    with override_settings(TASKDOCK=NARROWED):
        for api, _, _ in [*views, views[0]]:
            for filters in ({}, {"status": "running"}):
                assert api.get("/timesheets", **filters).json()["meta"]["total"] == 1


def test_stop_of_a_project_leaves_timers_on_tasks_out_of_sight_running(views):
    (api, mine, _), (_, _, stranger) = views
    hidden = make_task(mark_of(stranger), project=mine.project)
    seen, unseen = make_running_timer(mine), make_running_timer(hidden)
    with override_settings(TASKDOCK=NARROWED):
        assert api.put(f"/projects/{mine.project_id}/stop-timers").status_code == 200
    assert not Timer.objects.get(pk=seen.pk).is_running
    assert Timer.objects.get(pk=unseen.pk).is_running
