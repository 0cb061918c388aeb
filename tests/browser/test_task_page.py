"""What a person does on a task's page, in a browser."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from comments.models import Comment
from tasks.models import Attachment, ChecklistItem, Task
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_milestone, make_project, make_task, make_user
from tests.browser.accessibility import assert_accessible, unseen_focus
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import assert_fits, show_as
from timers.models import Timer


@pytest.fixture
def task(committed_db) -> Task:
    task = make_task("Design homepage", description="A **bold** word")
    for text in ("Milk", "Bread", "Tea"):
        add_checklist_item(actor=make_actor(), parent=task, text=text)
    return task


@pytest.fixture
def opened(page: Page, task: Task) -> Page:
    page.goto(path_of(task))
    return page


def path_of(task: Task) -> str:
    return f"/admin/taskdock/task/{task.pk}/change/"


def panel(page: Page, name: str) -> Any:
    return page.locator(f"#panel-{name}")


def items(page: Page) -> Any:
    return panel(page, "checklist").locator(".taskdock-item-text")


def said(page: Page) -> Any:
    return page.locator("[data-announces]")


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


def test_item_is_ticked_in_place_and_keeps_the_focus(opened, task):
    opened.get_by_label("Title:").first.fill("Typed and not saved")
    box = panel(opened, "checklist").get_by_role("checkbox", name="Milk")
    box.focus()
    opened.keyboard.press("Space")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    expect(said(opened)).to_have_text("The item was changed.")
    assert ChecklistItem.objects.get(text="Milk").is_completed
    expect(opened.get_by_label("Title:").first).to_have_value("Typed and not saved")
    box.click()
    expect(box).not_to_be_checked()


def test_items_are_added_one_after_the_other_by_the_keyboard(opened, task):
    field = panel(opened, "checklist").get_by_label("New item")
    for text in ("Jam", "Salt"):
        field.fill(text)
        field.press("Enter")
        expect(items(opened).last).to_have_text(text)
        expect(field).to_have_value("")
        expect(field).to_be_focused()
    assert list(ChecklistItem.objects.order_by("position").values_list("text", flat=True)) == [
        "Milk",
        "Bread",
        "Tea",
        "Jam",
        "Salt",
    ]


def test_item_is_edited_and_deleted(opened, task):
    more = panel(opened, "checklist").get_by_label("Change or delete: Bread")
    more.press("Enter")
    opened.locator("#panel-checklist details[open] textarea").fill("Rye bread")
    opened.locator("#panel-checklist details[open]").get_by_role("button", name="Save").click()
    expect(items(opened).nth(1)).to_have_text("Rye bread")
    expect(opened.locator("#panel-checklist details[open]")).to_have_count(0)
    panel(opened, "checklist").get_by_label("Change or delete: Rye bread").click()
    opened.locator("#panel-checklist details[open]").get_by_role("button", name="Delete").click()
    expect(items(opened)).to_have_text(["Milk", "Tea"])


def test_items_are_sorted_by_the_keyboard(opened, task):
    down = opened.get_by_role("button", name="Move down: Milk")
    for expected in (["Bread", "Milk", "Tea"], ["Bread", "Tea", "Milk"]):
        down.focus()
        opened.keyboard.press("Enter")
        expect(items(opened)).to_have_text(expected)
        expect(down).to_be_focused()
    texts = ChecklistItem.objects.order_by("position").values_list("text", flat=True)
    assert list(texts) == ["Bread", "Tea", "Milk"]


def test_items_are_sorted_by_dragging(opened, task):
    grips = panel(opened, "checklist").locator("[data-grip]")
    grips.last.scroll_into_view_if_needed()
    grips.first.scroll_into_view_if_needed()
    last, first = (grips.nth(n).bounding_box() for n in (2, 0))
    opened.mouse.move(last["x"] + 5, last["y"] + 5)
    opened.mouse.down()
    opened.mouse.move(first["x"] + 5, first["y"] - 4, steps=8)
    opened.mouse.up()
    expect(said(opened)).to_have_text("The item was moved.")
    expect(items(opened)).to_have_text(["Tea", "Milk", "Bread"])
    texts = ChecklistItem.objects.order_by("position").values_list("text", flat=True)
    assert list(texts) == ["Tea", "Milk", "Bread"]


def test_drag_that_is_given_up_changes_nothing(opened, task):
    grips = panel(opened, "checklist").locator("[data-grip]")
    grips.last.scroll_into_view_if_needed()
    grips.first.scroll_into_view_if_needed()
    grip = grips.nth(2).bounding_box()
    opened.mouse.move(grip["x"] + 5, grip["y"] + 5)
    opened.mouse.down()
    opened.mouse.move(grip["x"] + 5, grip["y"] - 90, steps=4)
    expect(items(opened)).to_have_text(["Tea", "Milk", "Bread"])
    opened.keyboard.press("Escape")
    opened.mouse.up()
    expect(items(opened)).to_have_text(["Milk", "Bread", "Tea"])


def test_timer_is_started_runs_and_is_stopped(opened, task):
    time = panel(opened, "time")
    time.get_by_role("button", name="Start a timer").click()
    expect(time.get_by_role("timer")).to_have_text("0:00:02", timeout=10_000)
    stop = time.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_focused()
    stop.click()
    expect(time.get_by_role("timer")).to_have_count(0)
    timer = Timer.objects.get(task=task)
    assert not timer.is_running
    assert timer.seconds >= 2


def test_time_is_entered_by_hand_and_added_up(opened, task):
    time = panel(opened, "time")
    time.get_by_text("Enter time by hand").click()
    time.get_by_label("Hours").fill("1")
    time.get_by_label("Minutes").fill("30")
    time.get_by_role("button", name="Add").click()
    expect(time.get_by_role("heading")).to_have_text("Time 1:30:00")
    assert Timer.objects.get(task=task).seconds == 5400


def test_refused_time_keeps_what_was_typed(opened, task):
    time = panel(opened, "time")
    time.get_by_text("Enter time by hand").click()
    time.get_by_label("Day of the work").fill("2026-02-03")
    time.get_by_role("button", name="Add").click()
    expect(time.get_by_role("alert")).to_contain_text("between one minute and 24 hours")
    expect(time.get_by_label("Day of the work")).to_have_value("2026-02-03")
    assert not Timer.objects.exists()
    opened.watch.take()


def test_files_are_dropped_shown_and_made_the_cover(opened, task):
    files = panel(opened, "files")
    transfer = opened.evaluate_handle(
        """bytes => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], "red.png", {type: "image/png"}));
            transfer.items.add(new File(["words"], "words.txt", {type: "text/plain"}));
            return transfer;
        }""",
        list(png()),
    )
    area = files.locator("[data-drops]")
    for kind in ("dragenter", "dragover", "drop"):
        area.dispatch_event(kind, {"dataTransfer": transfer})
    expect(files.get_by_role("link", name="words.txt")).to_be_visible()
    image = files.locator("img")
    expect(image).to_have_count(1)
    image.scroll_into_view_if_needed()
    expect(image).to_have_js_property("naturalWidth", 8)
    files.get_by_role("button", name="Make it the cover: red.png").click()
    expect(files.locator(".is-cover")).to_contain_text("red.png")
    assert Attachment.objects.get(is_cover=True).name == "red.png"
    expect(panel(opened, "history")).to_contain_text("changed its cover")


def test_file_is_uploaded_by_the_plain_input(opened, task):
    files = panel(opened, "files")
    file = {"name": "plan.txt", "mimeType": "text/plain", "buffer": b"words"}
    files.get_by_label("Files").set_input_files(file)
    files.get_by_role("button", name="Upload").click()
    expect(files.get_by_role("link", name="plan.txt")).to_be_visible()


def test_comment_is_written_edited_and_deleted(opened, task):
    thread = panel(opened, "comments")
    thread.get_by_label("New comment").fill("One\n<b>two</b>")
    thread.get_by_role("button", name="Comment").click()
    text = thread.locator(".taskdock-comment-text")
    expect(text).to_have_text("One\n<b>two</b>", use_inner_text=True)
    assert Comment.objects.get().text == "One\n<b>two</b>"
    thread.get_by_label("Change or delete").click()
    thread.get_by_label("Text").fill("Other words")
    thread.get_by_role("button", name="Save").click()
    expect(text).to_have_text("Other words")
    expect(thread).to_contain_text("edited")
    thread.get_by_label("Change or delete").click()
    thread.get_by_role("button", name="Delete").click()
    expect(thread).to_contain_text("Nobody has said anything yet.")


def test_draft_of_a_comment_outlives_what_is_done_in_its_panel(opened, task):
    thread = panel(opened, "comments")
    field = thread.get_by_label("New comment")
    field.fill("First")
    thread.get_by_role("button", name="Comment").click()
    expect(thread.locator(".taskdock-comment")).to_have_count(1)
    field.fill("A draft")
    thread.get_by_label("Change or delete").click()
    thread.get_by_role("button", name="Delete").click()
    expect(thread.locator(".taskdock-comment")).to_have_count(0)
    expect(field).to_have_value("A draft")


def test_preview_shows_what_the_site_makes_of_it(opened, task):
    opened.get_by_label("Description").fill("# Plan\n\n<img src=x onerror=alert(1)> *soon*")
    opened.get_by_role("button", name="Preview").click()
    shown = opened.get_by_role("region", name="Preview")
    expect(shown.locator("h1")).to_have_text("Plan")
    expect(shown.locator("em")).to_have_text("soon")
    expect(shown.locator("img")).to_have_count(0)
    opened.get_by_label("Description").press_sequentially("!")
    expect(shown).to_contain_text("soon!")


def test_task_is_cloned_through_a_form(opened, task):
    project = make_project("Another project")
    make_milestone(project, "Beta")
    clone = panel(opened, "clone")
    clone.get_by_text("Make a copy of this task").click()
    clone.get_by_label("Title").fill("The copy")
    clone.locator(".select2-selection").first.click()
    opened.locator(".select2-search__field").fill("Another")
    opened.get_by_role("option", name="Another project").click()
    clone.locator(".select2-selection").nth(1).click()
    opened.get_by_role("option", name="Beta").click()
    clone.get_by_role("button", name="Clone").click()
    expect(opened.locator(".messagelist")).to_have_text("This is the copy.")
    copy = Task.objects.get(title="The copy")
    assert (copy.project, copy.milestone.title) == (project, "Beta")
    assert list(copy.checklist_items.values_list("text", flat=True)) == ["Milk", "Bread", "Tea"]


def test_stale_form_shows_both_texts_and_saves_what_is_chosen(browse, superuser, task):
    first = browse(superuser)
    second = browse(make_user(is_superuser=True, first_name="Bert", last_name="Second"))
    for one in (first, second):
        one.goto(path_of(task))
    first.get_by_label("Title:").first.fill("Hers")
    first.get_by_role("button", name="Save", exact=True).click()
    expect(first.locator(".messagelist")).to_be_visible()
    second.get_by_label("Title:").first.fill("His")
    second.get_by_role("button", name="Save", exact=True).click()
    error = second.locator(".field-title .errorlist")
    expect(error).to_contain_text("Ada Admin changed this in the admin while you were writing.")
    expect(error.locator(".taskdock-theirs")).to_have_text("Hers")
    expect(second.get_by_label("Title:").first).to_have_value("His")
    assert_accessible(second)
    second.get_by_role("button", name="Save", exact=True).click()
    expect(second.locator(".messagelist")).to_be_visible()
    assert Task.objects.get().title == "His"


def test_action_whose_answer_is_the_login_says_so(opened, task):
    opened.context.clear_cookies()
    box = panel(opened, "checklist").get_by_role("checkbox", name="Milk")
    box.click()
    alert = panel(opened, "checklist").get_by_role("alert")
    expect(alert).to_contain_text("You are signed out. Sign in in another tab, then try again.")
    expect(alert.get_by_role("link", name="Sign in")).to_have_attribute("href", "/admin/login/")
    opened.watch.take()


def test_page_with_everything_open_fits_and_is_accessible(opened, task):
    opened.get_by_role("button", name="Preview").click()
    opened.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true; })")
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark"), (PHONE, "light"), (DESKTOP, "dark")):
        show_as(opened, size, scheme)
        assert_fits(opened)
        assert_accessible(opened)
    assert not unseen_focus(opened)
