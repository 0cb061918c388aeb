"""A task is made to repeat on its page: the dates are shown before anything is saved."""

from playwright.sync_api import expect

from tasks.models import TaskRecurrence
from tasks.testing import make_task
from tests.browser.accessibility import violations
from tests.browser.chromium import PHONE
from tests.browser.layout import too_wide


def test_dates_are_shown_before_a_rule_is_saved(browse, superuser):
    page = browse(superuser, size=PHONE, scheme="dark")
    task = make_task("Weekly report")
    page.goto(f"/admin/taskdock/task/{task.pk}/change/")
    panel = page.locator("#panel-repeats")
    panel.get_by_text("Let it repeat").click()
    panel.get_by_label("Repeats").select_option("MONTHLY")
    panel.get_by_label("Day of the month").fill("31")
    panel.get_by_role("button", name="Show the dates").click()
    expect(panel).to_contain_text("Every month on day 31")
    assert not TaskRecurrence.objects.exists()
    assert violations(page) == []
    assert too_wide(page) == []
    panel.get_by_role("button", name="Save").click()
    expect(panel.get_by_role("button", name="Pause")).to_be_visible()
    expect(panel).to_contain_text("Every month on day 31")
    assert TaskRecurrence.objects.get().task_id == task.pk
    panel.get_by_role("button", name="Repeat no more").click()
    expect(panel).to_contain_text("It does not repeat")
