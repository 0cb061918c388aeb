"""A day's work on My work, and the timer that goes along to each page."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from tasks.actors import Actor
from tasks.clock import today
from tasks.models import Task
from tasks.services.pins import pin_task
from tasks.testing import make_project, make_task
from tests.browser.accessibility import assert_accessible, unseen_focus
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import assert_fits, show_as
from timers.models import Timer
from timers.services.timers import start_timer

MINE = "/admin/taskdock/task/mine/"


@pytest.fixture
def work(committed_db, superuser):
    project, actor = make_project("Alpha"), Actor(user=superuser)

    def task(title, days):
        day = None if days is None else today() + dt.timedelta(days=days)
        return make_task(title, project=project, assigned=[superuser], due_date=day, actor=actor)

    made = [task("Write the brief", -2), task("Draw the plan", 0), task("Think", None)]
    made += [task("A title with so many words in it that no phone shows it in one line", 3)]
    pin_task(actor=actor, task_id=make_task("Kept at hand", project=project).pk)
    return made


def test_task_is_completed_and_a_timer_started_and_stopped(page, work):
    page.goto(MINE)
    page.get_by_role("button", name="Start a timer on Draw the plan").press("Enter")
    bar = page.get_by_role("region", name="My running timer")
    expect(bar.get_by_role("link", name="Draw the plan")).to_be_visible()
    clock = bar.get_by_role("timer")
    first = clock.text_content()
    expect(clock).not_to_have_text(first or "")
    page.get_by_role("button", name="Complete Write the brief").click()
    expect(page.get_by_text("“Write the brief” is completed.")).to_be_visible()
    expect(page.locator("#work-overdue")).to_contain_text("Nothing is overdue.")
    assert Task.objects.get(title="Write the brief").completed_at is not None
    page.get_by_role("button", name="Stop the timer on Draw the plan").click()
    expect(bar).to_have_count(0)
    assert not Timer.objects.filter(is_running=True).exists()


def test_page_is_right_in_each_window_and_scheme(browse, superuser, work):
    start_timer(actor=Actor(user=superuser), task_id=work[1].pk, user=superuser)
    page = browse(superuser)
    page.goto(MINE)
    for size, scheme in [(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")]:
        show_as(page, size, scheme)
        assert_fits(page)
        assert_accessible(page)
    assert not unseen_focus(page)


@pytest.mark.parametrize(("size", "scheme"), [(DESKTOP, "light"), (PHONE, "dark")])
def test_bar_goes_along_and_stops_where_one_is(browse, superuser, work, size, scheme):
    page = browse(superuser, size=size, scheme=scheme)
    bar = page.get_by_role("region", name="My running timer")
    places = page.get_by_role("navigation", name="Places")
    for path in ("/admin/taskdock/task/?q=plan", f"/admin/taskdock/task/{work[0].pk}/change/"):
        start_timer(actor=Actor(user=superuser), task_id=work[1].pk, user=superuser)
        page.goto(path)
        expect(places.get_by_role("link", name="Tasks")).to_have_attribute(
            "aria-current", "page" if "?" in path else "true"
        )
        assert_fits(page)
        assert_accessible(page)
        bar.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("The timer was stopped.")).to_be_visible()
        expect(bar).to_have_count(0)
        assert page.url.endswith(path)
    places.get_by_role("link", name="My work").click()
    expect(page.get_by_role("heading", name="My work")).to_be_visible()
