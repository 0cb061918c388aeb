"""Forms that save while somebody types: at 20 ms a key, with answers that take 300 ms."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from comments.models import Comment
from tasks.clock import today
from tasks.models import ChecklistItem, Task, TaskNote, TaskStatus
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_project, make_task
from tests.browser.network import slow_down, type_fast
from timers.models import Timer
from timers.testing import make_time

TEXTS = ["buy milk", "write mail", "call Bob"]
LINES = "".join(f"{text}\n" for text in TEXTS)
BOARD = "/admin/taskdock/task/board/"


@pytest.fixture
def task(committed_db) -> Task:
    task = make_task("Design homepage", description="Old words")
    for text in ("Milk", "Bread"):
        add_checklist_item(actor=make_actor(), parent=task, text=text)
    return task


@pytest.fixture
def opened(page: Page, task: Task) -> Page:
    page.goto(f"/admin/taskdock/task/{task.pk}/change/")
    slow_down(page)
    return page


@pytest.fixture
def board(page: Page, committed_db) -> Page:
    page.goto(f"{BOARD}?project__id__exact={make_project('Website').pk}")
    slow_down(page)
    return page


def panel(page: Page, name: str) -> Any:
    return page.locator(f"#panel-{name}")


def quick_add(page: Page, status: int) -> Any:
    form = page.locator(f'[data-column="{status}"] [data-add]')
    if not form.locator("details").get_attribute("open"):
        form.locator("summary").click()
    return form.get_by_label("Title")


def caret(field: Any) -> Any:
    return field.evaluate("one => [one.selectionStart, one.selectionEnd]")


def settled(page: Page) -> None:
    """Everything is sent and answered."""
    expect(page.locator("[data-outbox]")).to_have_count(0)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def test_tasks_are_added_in_each_column_as_they_are_typed(board):
    for status in TaskStatus.objects.order_by("position"):
        title = quick_add(board, status.pk)
        title.focus()
        type_fast(board, f"{LINES}the next o")
        expect(title).to_have_value("the next o")
        settled(board)
        expect(title).to_have_value("the next o")
        expect(title).to_be_focused()
        assert caret(title) == [10, 10]
        type_fast(board, "ne")
        expect(title).to_have_value("the next one")
        cards = board.locator(f'[data-column="{status.pk}"] .taskdock-card-title')
        expect(cards).to_have_text(TEXTS)
        rows = Task.objects.filter(status=status).order_by("position")
        assert list(rows.values_list("title", flat=True)) == TEXTS


def test_enter_again_and_a_double_click_add_one_task(board):
    title = quick_add(board, 1)
    title.focus()
    type_fast(board, "once")
    for _ in range(3):
        board.keyboard.press("Enter")
    settled(board)
    title.fill("twice clicked")
    board.locator('[data-column="1"] [data-add]').get_by_role("button", name="Add").dblclick()
    settled(board)
    titles = ["once", "twice clicked"]
    assert list(Task.objects.order_by("pk").values_list("title", flat=True)) == titles
    expect(board.locator('[data-column="1"] [data-error="title"]')).to_be_empty()


def test_board_that_is_refreshed_leaves_what_is_typed(board):
    title = quick_add(board, 1)
    title.focus()
    type_fast(board, "half a ti")
    board.keyboard.press("ArrowLeft")
    make_task(
        "Somebody else's", project=Task._meta.apps.get_model("taskdock.Project").objects.get()
    )
    expect(board.locator('[data-column="1"] [data-card]')).to_have_count(1, timeout=15_000)
    expect(title).to_be_focused()
    assert caret(title) == [8, 8]
    # A column more: the page is not loaded again from under what is typed.
    TaskStatus.objects.create(title="Review", position=10**6, color="#336699")
    make_task("Another", project=Task.objects.get().project)
    expect(board.locator("[data-said]")).to_contain_text("columns have changed", timeout=15_000)
    expect(title).to_have_value("half a ti")


def test_items_are_added_as_they_are_typed(opened, task):
    field = panel(opened, "checklist").get_by_label("New item")
    field.focus()
    type_fast(opened, f"{LINES}\n\nthe ne")
    opened.keyboard.press("Home")
    settled(opened)
    expect(field).to_have_value("the ne")
    expect(field).to_be_focused()
    assert caret(field) == [0, 0]
    texts = list(ChecklistItem.objects.order_by("position").values_list("text", flat=True))
    assert texts == ["Milk", "Bread", *TEXTS]
    assert panel(opened, "checklist").locator(".taskdock-item-text").all_inner_texts() == texts


def test_item_is_edited_while_others_are_ticked_and_added(opened, task):
    own = panel(opened, "checklist")
    own.get_by_label("Change or delete: Bread").click()
    edited = own.locator("details[open] textarea")
    own.get_by_role("checkbox", name="Milk").dblclick()
    edited.focus()
    edited.press("End")
    type_fast(opened, " from the ba")
    settled(opened)
    type_fast(opened, "ker")
    expect(edited).to_have_value("Bread from the baker")
    own.get_by_label("New item").fill("Tea")
    own.get_by_label("New item").press("Enter")
    edited.focus()
    type_fast(opened, "!")
    settled(opened)
    expect(edited).to_have_value("Bread from the baker!")
    own.locator("details[open]").get_by_role("button", name="Save").dblclick()
    expect(own.locator("details[open]")).to_have_count(0)
    texts = ChecklistItem.objects.order_by("position").values_list("text", "is_completed")
    assert list(texts) == [("Milk", True), ("Bread from the baker!", False), ("Tea", False)]
    expect(own.get_by_role("checkbox", name="Milk")).to_be_checked()


def test_item_moves_as_often_as_its_button_is_pressed(opened, task):
    for text in ("Tea", "Salt"):
        add_checklist_item(actor=make_actor(), parent=task, text=text)
    opened.reload()
    panel(opened, "checklist").get_by_label("Move up: Salt").focus()
    for _ in range(3):
        opened.keyboard.press("Enter")
    settled(opened)
    texts = ChecklistItem.objects.order_by("position").values_list("text", flat=True)
    assert list(texts) == ["Salt", "Milk", "Bread", "Tea"]


def test_comments_are_written_one_after_the_other(opened, task):
    own = panel(opened, "comments")
    field = own.get_by_label("New comment")
    field.focus()
    type_fast(opened, "First")
    own.get_by_role("button", name="Comment").dblclick()
    field.focus()
    type_fast(opened, "Second")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Space")
    opened.keyboard.press("Shift+Tab")
    type_fast(opened, "A dra")
    settled(opened)
    type_fast(opened, "ft")
    expect(field).to_have_value("A draft")
    assert list(Comment.objects.order_by("pk").values_list("text", flat=True)) == [
        "First",
        "Second",
    ]
    expect(own.locator(".taskdock-comment-text")).to_have_text(["First", "Second"])


def test_note_is_written_on_while_it_is_saved(opened, task):
    own = panel(opened, "note")
    field = own.get_by_label("My note")
    field.focus()
    type_fast(opened, "Ask Ada")
    opened.keyboard.press("Tab")
    opened.keyboard.press("Space")
    opened.keyboard.press("Shift+Tab")
    opened.keyboard.press("End")
    type_fast(opened, " and Bob")
    settled(opened)
    expect(field).to_have_value("Ask Ada and Bob")
    expect(field).to_be_focused()
    assert TaskNote.objects.get().text == "Ask Ada"
    own.get_by_role("button", name="Save note").click()
    settled(opened)
    assert TaskNote.objects.get().text == "Ask Ada and Bob"


def test_time_is_entered_once_and_a_field_beside_it_stays(opened, task):
    own = panel(opened, "time")
    own.get_by_text("Enter time by hand").click()
    own.get_by_label("Hours").fill("")
    type_fast(opened, "2")
    own.get_by_role("button", name="Start a timer").dblclick()
    own.get_by_label("Hours").focus()
    own.get_by_label("Hours").press("End")
    type_fast(opened, "0")
    settled(opened)
    expect(own.get_by_label("Hours")).to_have_value("20")
    own.get_by_label("Hours").focus()
    for _ in range(3):
        opened.keyboard.press("Enter")
    settled(opened)
    assert Timer.objects.filter(is_running=False).count() == 1
    assert Timer.objects.filter(is_running=True).count() == 1
    assert Timer.objects.get(is_running=False).seconds == 20 * 3600


def test_description_is_typed_beside_its_preview_and_the_last_text_is_shown(opened, task):
    field = opened.get_by_label("Description")
    field.fill("")
    opened.get_by_role("button", name="Preview").click()
    field.focus()
    type_fast(opened, "**one** two three four five six seven eight nine ten")
    opened.wait_for_load_state("networkidle")
    expect(field).to_have_value("**one** two three four five six seven eight nine ten")
    expect(opened.get_by_role("region", name="Preview")).to_have_text(
        "one two three four five six seven eight nine ten"
    )
    expect(field).to_be_focused()


def test_times_of_a_week_are_entered_as_they_are_typed(page, superuser):
    entry = make_time(make_task("Draw"), user=superuser, work_date=today())
    page.goto(reverse("admin:taskdock_timers_timer_week"))
    page.locator(".taskdock-week td a[data-cell]").filter(has_text="1:00").click()
    expect(page.locator("#cell-title")).to_be_focused()
    slow_down(page)
    page.locator("#id_entry-task").select_option("Draw")
    page.locator("#id_entry-seconds").focus()
    type_fast(page, "0:15\n0:20\n\n\n0:2")
    old = page.locator(f"#id_entry-{entry.pk}-seconds")
    expect(page.locator("#id_entry-seconds")).to_have_value("0:2")
    settled(page)
    expect(page.locator("#id_entry-seconds")).to_have_value("0:2")
    expect(page.locator("#id_entry-seconds")).to_be_focused()
    old.fill("")
    old.focus()
    type_fast(page, "1:30\n")
    old.press("End")
    type_fast(page, "0")
    settled(page)
    expect(old).to_have_value("1:300")
    expect(page.locator("#id_entry-seconds")).to_have_value("0:2")
    seconds = Timer.objects.order_by("pk").values_list("seconds", flat=True)
    assert list(seconds) == [90 * 60, 15 * 60, 20 * 60]


def test_lists_are_sorted_as_often_as_a_button_is_pressed(page):
    page.goto("/admin/taskdock/taskstatus/")
    slow_down(page)
    titles = list(TaskStatus.objects.order_by("position").values_list("title", flat=True))
    *rest, last = titles
    page.get_by_role("button", name=f"Move up: {last}", exact=True).focus()
    for _ in rest:
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("is at place 1 of")
    found = TaskStatus.objects.order_by("position").values_list("title", flat=True)
    assert list(found) == [last, *rest]
