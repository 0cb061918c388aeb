"""Sorting a list by hand: by dragging, by the keyboard alone, and without any script."""

import pytest
from playwright.sync_api import expect

from tasks.models import Milestone, TaskStatus
from tasks.testing import make_milestone, make_project, make_task
from tests.browser.accessibility import unseen_focus, violations
from tests.browser.chromium import PHONE
from tests.browser.layout import too_wide

STATUSES = "/admin/taskdock/taskstatus/"


def titles():
    return list(TaskStatus.objects.order_by("position", "pk").values_list("title", flat=True))


def shown(page):
    return [one.strip() for one in page.locator("#result_list .field-swatch").all_inner_texts()]


def drag(page, row, onto):
    grips = page.locator("[data-order-grip]")
    start, end = grips.nth(row).bounding_box(), grips.nth(onto).bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 2, steps=5)


def test_row_is_dragged_to_its_place(page):
    page.goto(STATUSES)
    first, *rest = titles()
    drag(page, len(rest), 0)
    page.mouse.up()
    expect(page.get_by_role("status")).to_contain_text("is at place 1 of")
    assert titles() == shown(page) == [rest[-1], first, *rest[:-1]]
    page.reload()
    assert shown(page) == titles()


def test_drag_that_is_given_up_changes_nothing(page):
    page.goto(STATUSES)
    before = titles()
    drag(page, 2, 0)
    assert shown(page) != before
    page.keyboard.press("Escape")
    page.mouse.up()
    assert shown(page) == titles() == before


def test_row_is_moved_by_the_keyboard_and_the_focus_stays_with_it(page):
    page.goto(STATUSES)
    first, second, *rest = titles()
    page.get_by_role("button", name=f"Move down: {first}", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is at place 2 of")
    assert titles() == shown(page) == [second, first, *rest]
    expect(page.get_by_role("button", name=f"Move down: {first}", exact=True)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is at place 1 of")
    assert titles() == [first, second, *rest]
    # At the top there is no further up: the focus is beside it.
    expect(page.get_by_role("button", name=f"Move down: {first}", exact=True)).to_be_focused()


def test_row_is_moved_without_a_script(browse, superuser, chromium_browser, base_url):
    page = browse(superuser)
    cookies = page.context.cookies()
    context = chromium_browser.new_context(base_url=base_url, java_script_enabled=False)
    context.add_cookies(cookies)
    plain = context.new_page()
    plain.goto(STATUSES)
    first, second, *rest = titles()
    plain.get_by_role("button", name=f"Move up: {second}", exact=True).click()
    assert "is at place 1 of" in plain.content()
    assert titles() == [second, first, *rest]
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_that_ask_fit_a_phone_and_are_accessible(browse, superuser, scheme):
    project = make_project()
    milestone = make_milestone(project)
    make_task(project=project, milestone_id=milestone.pk)
    page = browse(superuser, size=PHONE, scheme=scheme)
    for path in (
        f"milestone/{milestone.pk}/delete/",
        f"project/{project.pk}/delete/",
        f"project/{project.pk}/archive/",
        f"milestone/?project__id__exact={project.pk}",
    ):
        page.goto(f"/admin/taskdock/{path}")
        wrong = [*too_wide(page), *violations(page), *unseen_focus(page)]
        assert not wrong, (path, wrong)


def test_milestone_is_deleted_with_a_choice_and_its_project_archived(page):
    project = make_project("Website")
    goes, stays = make_milestone(project, "Goes"), make_milestone(project, "Stays")
    task = make_task(project=project, milestone_id=goes.pk)
    page.goto(f"/admin/taskdock/milestone/{goes.pk}/delete/")
    page.get_by_label("Move its 1 task to another milestone").check()
    page.get_by_label("Move them to").select_option("Stays")
    page.get_by_role("button", name="Delete").click()
    expect(page.locator(".messagelist")).to_contain_text("was deleted successfully")
    task.refresh_from_db()
    assert task.milestone == stays
    assert not Milestone.objects.filter(pk=goes.pk).exists()
    page.goto(f"/admin/taskdock/project/{project.pk}/change/")
    page.get_by_role("link", name="Archive").click()
    expect(page.get_by_label("Archive 1 active task too")).to_be_checked()
    page.get_by_role("button", name="Archive").click()
    expect(page.locator(".messagelist")).to_contain_text("1 project is archived.")
    page.get_by_role("link", name="Restore").click()
    task.refresh_from_db()
    assert task.is_archived
    page.get_by_role("button", name="Restore").click()
    expect(page.locator(".messagelist")).to_contain_text("1 project is active.")
    task.refresh_from_db()
    assert not task.is_archived
