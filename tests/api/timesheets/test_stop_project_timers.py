"""``PUT /projects/{id}/stop-timers``."""

import datetime as dt

import pytest
from django.utils import timezone

from tasks.actors import Actor
from tasks.models import HistoryEntry
from tasks.services.tasks import archive_task
from tasks.testing import make_project, make_task
from tests.api.answers import METHOD, READ_ONLY, UNAUTHORIZED, expect
from tests.api.encodings import FORM, JSON
from tests.api.histories import told
from tests.api.path_ids import UNKNOWN
from tests.counting import assert_counted
from timers.models import Timer
from timers.testing import make_running_timer, make_stopped_timer, make_time

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def project(db):
    return make_project()


def answer(project):
    return {"data": {"id": project.pk}, "message": "Project timers stopped successfully."}


def test_stop_stops_every_timer_of_the_project_at_one_instant(api, project):
    tasks = [make_task(project=project) for _ in range(3)]
    archive_task(actor=Actor(), task_id=tasks[1].pk)
    running = [make_running_timer(task, running_for=HOUR) for task in [*tasks, tasks[0]]]
    kept = [make_stopped_timer(tasks[0]), make_time(tasks[1], is_invoiced=True)]
    elsewhere = make_running_timer(make_task())
    before = [*Timer.objects.filter(pk__in=[timer.pk for timer in kept]).order_by("pk").values()]
    start = timezone.now()
    with told() as news:
        expect(api.put(f"/projects/{project.pk}/stop-timers"), 200, answer(project))
    rows = [Timer.objects.get(pk=timer.pk) for timer in running]
    (instant,) = {row.stopped_at for row in rows}
    assert start <= instant <= timezone.now()
    for row in rows:
        assert (row.is_running, row.seconds) == (
            None,
            int((instant - row.started_at).total_seconds()),
        )
    assert news == [
        ("stopped", "timer", row.pk, str(row), {"seconds": [None, row.seconds]}) for row in rows
    ]
    entry = HistoryEntry.objects.latest("pk")
    assert (entry.door, entry.actor_id) == ("api", str(api.key.user_id))
    after = [*Timer.objects.filter(pk__in=[timer.pk for timer in kept]).order_by("pk").values()]
    assert after == before
    assert Timer.objects.get(pk=elsewhere.pk).is_running
    assert_counted()


def test_stop_where_none_runs_answers_and_changes_nothing(api, project, unchanged):
    make_stopped_timer(make_task(project=project))
    make_running_timer(make_task())
    with unchanged():
        for slash in ("", "/"):
            expect(api.put(f"/projects/{project.pk}/stop-timers{slash}"), 200, answer(project))
    project = make_project()
    expect(api.put(f"/projects/{project.pk}/stop-timers"), 200, answer(project))


@pytest.mark.parametrize(
    ("body", "content_type"),
    [("", FORM), ("a=1", FORM), ("{}", JSON), ("", JSON), ("{", JSON), ("x", "text/plain")],
)
def test_stop_takes_no_body_and_minds_none(api, project, body, content_type):
    timer = make_running_timer(make_task(project=project))
    r = api.put(f"/projects/{project.pk}/stop-timers", body, content_type)
    expect(r, 200, answer(project))
    assert not Timer.objects.get(pk=timer.pk).is_running


def test_path_that_names_no_project_is_not_found(api, project, unchanged):
    make_running_timer(make_task(project=project))
    with unchanged():
        for text in UNKNOWN.values():
            r = api.put(f"/projects/{text.format(id=project.pk)}/stop-timers")
            expect(r, 404, {"message": "Project not found."})


def test_stop_needs_a_key_that_may_write(make_api, anonymous, project, unchanged):
    make_running_timer(make_task(project=project))
    path = f"/projects/{project.pk}/stop-timers"
    with unchanged():
        expect(anonymous.put(path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")
    api = make_api(is_read_only=True)
    with unchanged():
        expect(api.put(path), 403, READ_ONLY)


def test_other_methods_are_not_allowed(api, project, unchanged):
    with unchanged():
        for method in ("GET", "POST", "PATCH", "DELETE", "OPTIONS"):
            r = api.request(method, f"/projects/{project.pk}/stop-timers")
            expect(r, 405, METHOD, Allow="PUT")
