"""A project's progress over time: the numbers by week, in the site's zone, for who may see them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tasks.actors import Actor
from tasks.admin.project_progress import POINTS, progress_chart
from tasks.clock import today
from tasks.models import Task
from tasks.reads.burn_up import burn_up, first_day, tasks_of
from tasks.testing import make_project, make_task
from tests.conftest import ADMIN

needs_zones = pytest.mark.skipif(not settings.USE_TZ, reason="a site with one zone has no other")


def page(browser, project):
    response = browser.get(f"taskdock/project/{project.pk}/progress/")
    assert response.status_code == 200
    return response


def at(*parts, zone="UTC"):
    moment = dt.datetime(*parts, tzinfo=ZoneInfo(zone))
    return moment if settings.USE_TZ else moment.replace(tzinfo=None)


def make_done(project, created, completed=None):
    task = make_task(project=project)
    Task.objects.filter(pk=task.pk).update(created_at=created, completed_at=completed)
    return task


def test_tasks_are_counted_by_the_week_in_which_they_were_made_and_completed(admin):
    project = make_project()
    now = timezone.now()
    week = dt.timedelta(weeks=1)
    make_done(project, now - 4 * week, now - 2 * week)
    make_done(project, now - 4 * week)
    archived = make_done(project, now - week, now)
    Task.objects.filter(pk=archived.pk).update(is_archived=True)
    make_done(make_project(), now - 9 * week)
    chart = page(admin, project).context["chart"]
    assert [row[1:] for row in chart.rows] == [(2, 0), (2, 0), (2, 1), (3, 1), (3, 2)]
    assert "3 tasks, of which 2" in chart.text


def test_project_without_tasks_says_so_and_a_single_one_is_a_point(admin):
    project = make_project()
    assert "There is no task yet." in page(admin, project).content.decode()
    make_task(project=project)
    response = page(admin, project)
    assert [row[1:] for row in response.context["chart"].rows] == [(1, 0)]
    assert response.content.decode().count("<circle") == 4


@needs_zones
@pytest.mark.parametrize(
    ("zone", "counts"),
    [("UTC", [1, 1, 2]), ("Pacific/Auckland", [0, 1, 2]), ("America/Lima", [1, 2, 2])],
)
def test_day_ends_at_midnight_of_the_site(db, zone, counts):
    project = make_project()
    make_done(project, at(2026, 6, 17, 23, 30))
    make_done(project, at(2026, 6, 19, 0, 30))
    days = [dt.date(2026, 6, 17) + dt.timedelta(days=number) for number in range(3)]
    with timezone.override(zone):
        tasks = tasks_of(Actor(), project.pk)
        assert burn_up(tasks, days).created == counts
        assert first_day(tasks) == dt.date(2026, 6, 17 if zone != "Pacific/Auckland" else 18)


def test_years_are_drawn_several_weeks_at_a_time(db):
    project = make_project()
    make_done(project, timezone.now() - dt.timedelta(days=3650))
    make_task(project=project)
    chart = progress_chart(Actor(), project.pk)
    assert POINTS / 2 <= len(chart.rows) <= POINTS
    assert chart.rows[0][1:] == (1, 0)
    assert chart.rows[-1][1:] == (2, 0)


def test_what_is_out_of_sight_is_not_counted(admin):
    project = make_project()
    for title in ("seen", "hidden"):
        make_task(title, project=project)
    with override_settings(TASKDOCK={"VISIBLE_TO": "tests.admin.test_project_progress.seen_alone"}):
        assert [row[1:] for row in page(admin, project).context["chart"].rows] == [(1, 0)]


def seen_alone(queryset, actor):
    return queryset.filter(title="seen") if queryset.model is Task else queryset


def test_project_page_leads_there_and_looking_is_enough(make_staff):
    project = make_project("<i>Site</i>")
    browser = make_staff("view_project")
    path = f"{ADMIN}/taskdock/project/{project.pk}/progress/"
    assert path in browser.get(f"taskdock/project/{project.pk}/change/").content.decode()
    assert "<i>Site" not in page(browser, project).content.decode()
    assert browser.client.post(path).status_code == 405


def test_many_tasks_take_no_more_queries(admin):
    project = make_project()
    make_task(project=project)

    def count():
        with CaptureQueriesContext(connection) as captured:
            page(admin, project)
        return len(captured)

    few = count()
    for number in range(20):
        make_done(project, timezone.now() - dt.timedelta(weeks=number))
    assert count() == few <= 12
    assert page(admin, project).context["chart"].rows[-1][1:] == (21, 0)
    assert today() >= first_day(tasks_of(Actor(), project.pk))
