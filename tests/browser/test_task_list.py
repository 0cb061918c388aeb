"""Working with the list of tasks as a person does."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import expect

from tasks.clock import today
from tasks.models import Task, TaskStatus
from tasks.testing import make_project, make_task, make_user
from tests.browser.accessibility import assert_accessible, unseen_focus
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import assert_fits, show_as

LIST = "/admin/taskdock/task/"
WINDOWS = [(DESKTOP, "light"), (PHONE, "dark")]


@pytest.fixture
def tasks(committed_db):
    alpha, beta = make_project("Alpha"), make_project("Beta")
    sam = make_user(first_name="Sam", last_name="Lee")
    late = today() - dt.timedelta(days=3)
    return [
        make_task("Write the brief", project=alpha, assigned=[sam], tags=["red"], due_date=late),
        make_task("Draw the plan", project=alpha, due_date=today()),
        make_task("Elsewhere", project=beta, status=TaskStatus.objects.get(pk=2)),
    ]


@pytest.mark.parametrize(("size", "scheme"), WINDOWS)
def test_bulk_change_is_previewed_and_done(browse, superuser, tasks, size, scheme):
    page = browse(superuser, size=size, scheme=scheme)
    page.goto(LIST)
    for task in tasks[:2]:
        page.locator(f'input[name="_selected_action"][value="{task.pk}"]').check()
    page.locator('select[name="action"]').select_option("set_status")
    page.locator('button[name="index"]').first.click()
    page.get_by_label("Status").select_option("2")
    assert_fits(page)
    assert_accessible(page)
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("heading", name="2 tasks will change")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    assert not unseen_focus(page)
    assert not Task.objects.filter(pk=tasks[0].pk, status_id=2).exists()
    page.get_by_role("button", name="Change 2 tasks").click()
    expect(page.get_by_text("2 tasks were changed.")).to_be_visible()
    assert Task.objects.filter(status_id=2).count() == 3


@pytest.mark.parametrize(("size", "scheme"), WINDOWS)
def test_list_is_narrowed_to_a_project_that_is_searched_for(browse, superuser, tasks, size, scheme):
    page = browse(superuser, size=size, scheme=scheme)
    page.goto(LIST)
    form = page.locator("form", has=page.locator('select[name="project__id__exact"]'))
    form.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("alp")
    page.get_by_role("option", name="Alpha").click()
    form.get_by_role("button", name="Filter").click()
    expect(page.locator("#result_list tbody tr")).to_have_count(2)
    expect(page.get_by_text("overdue by 3 days")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)


def test_form_to_assign_lists_people_in_every_window(page, tasks):
    page.goto(LIST)
    page.locator(f'input[name="_selected_action"][value="{tasks[1].pk}"]').check()
    page.locator('select[name="action"]').select_option("assign")
    page.locator('button[name="index"]').first.click()
    for size, scheme in WINDOWS:
        show_as(page, size, scheme)
        assert_fits(page)
        assert_accessible(page)
    page.get_by_label("Sam Lee").check()
    page.get_by_role("button", name="Preview").click()
    page.get_by_role("button", name="Change 1 task").click()
    expect(page.get_by_text("1 task was changed.")).to_be_visible()
    assert tasks[1].assignees.count() == 1
