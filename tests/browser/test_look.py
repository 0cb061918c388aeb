"""What pages show beside their rows: where there are none, on a phone, and to a screen reader."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission

from tasks.models import Client
from tasks.testing import make_client, make_project, make_task, make_user
from tests.browser.chromium import PHONE


@pytest.mark.parametrize("path", ["task", "project", "client", "milestone", "attachment"])
def test_list_without_rows_leads_on_to_the_first(page, path):
    page.goto(f"/admin/taskdock/{path}/")
    page.get_by_text(re.compile(r"^There are no .* yet\.$")).wait_for()
    page.locator("#changelist-form").get_by_role("link", name="Add").click()
    page.wait_for_url(f"**/admin/taskdock/{path}/add/")


def test_list_without_rows_offers_nothing_to_those_who_may_only_look(browse):

    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="view_task"))
    page = browse(user)
    page.goto("/admin/taskdock/task/")
    page.get_by_text("There are no tasks yet.").wait_for()
    assert page.get_by_role("link", name="Add task").count() == 0


def test_search_in_vain_leads_back_to_everything(page):
    make_task("Paint the fence")
    page.goto("/admin/taskdock/task/?q=boat")
    page.get_by_text("Nothing matches the search and the filters.").wait_for()
    page.get_by_role("link", name="Show everything").click()
    page.get_by_role("link", name="Paint the fence").wait_for()


def test_list_is_called_what_it_lists(page):
    page.goto("/admin/taskdock/task/")
    assert page.title().startswith("Tasks |")
    assert page.get_by_role("heading", name="Tasks", exact=True).count() == 1


def test_rows_on_a_phone_name_their_columns(browse, superuser):
    make_task("Paint the fence", project=make_project("Garden"))
    page = browse(superuser, size=PHONE)
    page.goto("/admin/taskdock/task/")
    row = page.locator("#result_list tbody tr")
    cell = row.locator(".field-project_title")
    assert cell.get_attribute("data-label") == "Project"
    said = "e => getComputedStyle(e, '::before').content"
    assert "Project" in cell.evaluate(said)
    assert row.bounding_box()["width"] <= PHONE[0]
    # Sorting and choosing all are still there.
    page.get_by_role("link", name="Title", exact=True).click()
    page.wait_for_url("**o=1**")
    page.get_by_label("Select all objects on this page for an action").check()
    assert row.get_by_role("checkbox").is_checked()


#: What the page says, its title, and what it should say.
_TOLD = """
(time, timeZone) => {
    const style = {dateStyle: "medium", timeStyle: "short", timeZone};
    const expected = new Intl.DateTimeFormat(document.documentElement.lang, style);
    return [time.textContent, time.title, expected.format(new Date(time.dateTime))];
}
"""


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_moments_are_told_in_the_readers_zone(browse, superuser, zone):
    client = make_client("Acme")
    at = dt.datetime(2026, 7, 7, 22, 30, tzinfo=dt.UTC)
    Client.objects.filter(pk=client.pk).update(created_at=at)
    page = browse(superuser, time_zone=zone)
    page.goto("/admin/taskdock/client/")
    told = page.locator("#result_list .field-created_at time")
    text, title, expected = told.evaluate(_TOLD, zone)
    assert text == expected
    assert ("Japan" in title) == (zone == "Asia/Tokyo")


def test_field_to_search_in_is_named_by_its_label(page):
    make_project("Garden")
    page.goto("/admin/taskdock/task/add/")
    page.get_by_role("combobox", name="Project").click()
    page.get_by_role("option", name="Garden").click()
    assert page.get_by_role("combobox", name=re.compile("^Project.*Garden")).count() == 1


def test_two_inputs_of_a_moment_are_named(page):
    page.goto("/admin/taskdock/apikey/add/")
    for part in ("Date", "Time"):
        assert page.get_by_label(re.compile(f"^[A-Z].+: {part}$")).count() == 1


def test_what_goes_wrong_behind_a_page_is_noted(page):
    page.goto("/admin/")
    page.evaluate("document.body.setAttribute('style', 'color: red')")
    page.evaluate("console.error('Oh!')")
    page.goto("/admin/")
    noted = "\n".join(page.watch.take())
    for problem in ("Content Security Policy", "Oh!"):
        assert problem in noted
