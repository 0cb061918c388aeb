"""Faults of a working day: forgotten timers, running entries, comments of others, archives."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from playwright.sync_api import expect

from comments.models import Comment
from comments.testing import make_comment
from tasks.services.attachments import add_attachment
from tasks.services.projects import archive_project
from tasks.testing import make_actor, make_task, make_user
from tests.admin.test_image_colours import png
from tests.browser.accessibility import assert_accessible
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import assert_fits, show_as
from tests.icc import grey_profile
from timers.models import Timer
from timers.testing import make_running_timer, make_time

TASKS = "/admin/taskdock/task/"
FORGOTTEN = dt.timedelta(hours=70, minutes=40)


@pytest.fixture
def forgotten(committed_db, superuser):
    return make_running_timer(make_task("Build"), user=superuser, running_for=FORGOTTEN)


def test_forgotten_timer_is_asked_about_and_set(page, forgotten):
    page.goto(TASKS)
    page.get_by_role("region", name="My running timer").get_by_role("button").click()
    expect(page.get_by_role("heading", name="Stop timer")).to_be_visible()
    for size in (DESKTOP, PHONE):
        show_as(page, size, "light")
        assert_fits(page)
    assert_accessible(page)
    page.get_by_label("Time worked").fill("7:30")
    page.get_by_label("Time worked").press("Enter")
    expect(page.get_by_text("The timer was stopped.")).to_be_visible()
    assert page.url.endswith(TASKS)
    assert Timer.objects.get().seconds == 27_000


def test_forgotten_timer_is_kept_in_its_panel(page, forgotten):
    page.goto(f"{TASKS}{forgotten.task_id}/change/")
    panel = page.locator("#panel-time")
    panel.get_by_role("button", name="Stop with this time").click()
    expect(panel.get_by_text("Keep that, or enter the time worked.")).to_be_visible()
    panel.get_by_role("button", name="Keep 70:40").click()
    expect(panel.get_by_role("button", name="Start a timer")).to_be_visible()
    assert Timer.objects.get().seconds >= FORGOTTEN.total_seconds()
    assert [one for one in page.watch.take() if "422" not in one] == []


def test_entries_are_marked_but_for_the_running_one(page, forgotten):
    make_time(make_task("Done"))
    page.goto("/admin/taskdock_timers/timer/")
    page.get_by_label("Select all objects on this page for an action").check()
    page.locator("select[name=action]").select_option("mark_invoiced")
    page.get_by_role("button", name="Go").click()
    expect(page.get_by_role("heading", name="1 time entry will change")).to_be_visible()
    expect(page.get_by_text("The time entry is running.")).to_be_visible()
    page.get_by_role("button", name="Change 1 time entry").click()
    expect(page.get_by_text("1 entry marked.")).to_be_visible()
    assert list(Timer.objects.values_list("is_invoiced", flat=True).order_by("pk")) == [False, True]


def test_comment_edited_by_another_names_the_editor(browse, superuser):
    comment = make_comment(make_task("Build"), "first", creator=make_user(first_name="Sam"))
    page = browse(superuser)
    page.goto(f"{TASKS}{comment.task_id}/change/")
    page.get_by_label("Change or delete: first").click()
    form = page.locator(f"#form-comments-edit-{comment.pk}")
    form.get_by_label("Text").fill("second")
    form.get_by_role("button", name="Save").click()
    thread = page.locator("#panel-comments")
    expect(thread.get_by_text("edited by Ada Admin")).to_be_visible()
    assert Comment.objects.get().text == "second"
    page.goto(f"{TASKS}{comment.task_id}/history/")
    expect(page.get_by_text("Sam: first")).to_be_visible()


def test_tasks_of_archived_projects_are_marked(page):
    task = make_task("Left over")
    archive_project(actor=make_actor(), project_id=task.project_id)
    for path in (TASKS, f"{TASKS}board/"):
        page.goto(path)
        expect(page.get_by_text("archived", exact=True)).to_be_visible()


@pytest.mark.parametrize("path", [TASKS, f"{TASKS}board/"])
def test_search_for_a_number_shows_that_task(page, path):
    wanted, _other = make_task("Build the basket"), make_task("Write texts")
    page.goto(f"{path}?q=%23{wanted.pk}")
    titles = page.locator(".field-title, .taskdock-card-title")
    expect(titles.first).to_have_text("Build the basket")
    expect(page.get_by_text("Write texts")).to_have_count(0)


@pytest.mark.parametrize(
    ("content", "colour"),
    [(png("I;16", 0x8080), 128), (png("L", 55, icc_profile=grey_profile(1.0)), 128)],
    ids=["16 bits of grey", "a grey profile"],
)
def test_thumbnail_has_the_colour_of_the_original(page, content, colour):
    task = make_task("Draw")
    add_attachment(
        actor=make_actor(),
        task_id=task.pk,
        file=ContentFile(content),
        name="plan.png",
        content_type="image/png",
    )
    page.goto(f"{TASKS}{task.pk}/change/")
    thumbnail = page.locator("#panel-files img").first
    # It loads when it comes into view.
    thumbnail.scroll_into_view_if_needed()
    expect(thumbnail).to_have_js_property("complete", value=True)
    shade = thumbnail.evaluate(
        """(image) => {
            const canvas = document.createElement("canvas");
            canvas.width = canvas.height = 1;
            const context = canvas.getContext("2d");
            context.drawImage(image, 0, 0, 1, 1);
            return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
        }"""
    )
    assert shade == pytest.approx([colour] * 3, abs=4)
