"""The board: by mouse, keyboard and touch, by two at once, and with ten thousand cards."""

import pytest
from playwright.sync_api import expect

from tasks.actors import Actor
from tasks.models import Task, TaskPriority, TaskStatus
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NewTask
from tasks.services.tasks import delete_task
from tasks.testing import make_project, make_task
from tests.browser.accessibility import unseen_focus, violations
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import too_wide

BOARD = "/admin/taskdock/task/board/"
SOON = 15_000


@pytest.fixture
def tasks(committed_db):
    project = make_project("Website")
    return [make_task(f"Task {number}", project=project) for number in range(3)]


def card(page, task):
    return page.locator(f'.taskdock-board [data-card="{task.pk}"]')


def column(pk):
    rows = Task.objects.filter(status_id=pk).order_by("position", "pk")
    return list(rows.values_list("pk", flat=True))


def shown(page, pk):
    cards = page.locator(f'[data-column="{pk}"] [data-card]')
    return [int(one.get_attribute("data-card")) for one in cards.all()]


def said(page, text):
    expect(page.locator("[data-said]")).to_contain_text(text)


def drag(page, task, onto, *, by=None):
    """Drag a card, or the part of it that a selector names."""
    start, end = card(page, task).bounding_box(), onto.bounding_box()
    if by is None:
        page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 45)
    else:
        card(page, task).locator(by).hover()
    page.mouse.down()
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 3, steps=8)


def test_columns_scroll_and_the_page_does_not(browse, superuser, committed_db):
    project = make_project("Website")
    for number in range(60):
        make_task(f"Task {number}", project=project)
    for size in (DESKTOP, PHONE):
        page = browse(superuser, size=size)
        page.goto(BOARD)
        length, board = page.evaluate(
            "[document.documentElement.scrollHeight,"
            " scrollY + document.querySelector('.taskdock-board').getBoundingClientRect().bottom]"
        )
        assert length < board + 100
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def test_card_is_dragged_by_the_mouse_and_what_another_moves_appears(browse, superuser, tasks):
    one, other = browse(superuser), browse(superuser)
    one.goto(BOARD)
    other.goto(BOARD)
    first, second, third = tasks
    drag(one, third, card(one, first))
    one.mouse.up()
    said(one, "is in")
    assert column(1) == shown(one, 1) == [third.pk, first.pk, second.pk]
    drag(one, first, one.locator('[data-column="3"] [data-list]'))
    one.mouse.up()
    expect(one.locator("[data-said]")).to_contain_text("Task 0")
    card(other, second).locator(".taskdock-card-title").focus()
    expect(other.locator('[data-column="3"] [data-card]')).to_have_count(1, timeout=SOON)
    assert shown(other, 1) == column(1) == [third.pk, second.pk]
    expect(card(other, second).locator(".taskdock-card-title")).to_be_focused()


def test_card_is_dragged_by_its_grip(page, tasks):
    page.goto(BOARD)
    first, _second, third = tasks
    drag(page, third, card(page, first), by="[data-grip]")
    page.mouse.up()
    said(page, "is in")
    assert column(1)[0] == third.pk


def test_drag_given_up_changes_nothing_and_one_refused_goes_back(page, tasks):
    page.goto(BOARD)
    first, second, third = tasks
    drag(page, third, card(page, first))
    assert shown(page, 1) == [third.pk, first.pk, second.pk]
    page.keyboard.press("Escape")
    page.mouse.up()
    assert shown(page, 1) == column(1) == [first.pk, second.pk, third.pk]
    delete_task(actor=Actor(), task_id=second.pk)
    drag(page, second, page.locator('[data-column="3"] [data-list]'))
    page.mouse.up()
    expect(page.locator("[data-said].is-error")).to_be_visible()
    expect(card(page, second)).to_have_count(0)
    assert [one for one in page.watch.take() if "409" not in one] == []


def test_card_is_moved_by_the_keyboard(page, tasks):
    page.goto(BOARD)
    first, second, third = tasks
    grip = card(page, first).locator("[data-grip]")
    grip.focus()
    page.keyboard.press("Space")
    said(page, "is picked up")
    page.keyboard.press("ArrowDown")
    said(page, "place 2 of 3")
    page.keyboard.press("Escape")
    said(page, "is back")
    assert shown(page, 1) == [first.pk, second.pk, third.pk]
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    said(page, "is in")
    assert column(1) == [second.pk, first.pk, third.pk]
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    said(page, "is in")
    order = list(TaskStatus.objects.order_by("position").values_list("pk", flat=True))
    assert column(order[1]) == [first.pk]
    expect(grip).to_be_focused()


def test_card_is_dragged_by_touch_after_a_long_press(browse, superuser, tasks):
    page = browse(superuser, size=PHONE)
    page.goto(BOARD)
    first, second, third = tasks
    card(page, third).scroll_into_view_if_needed()
    start, end = card(page, third).bounding_box(), card(page, second).bounding_box()
    session = page.context.new_cdp_session(page)

    def touch(kind, x, y):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    x, y = start["x"] + 150, start["y"] + start["height"] - 45
    touch("touchStart", x, y)
    expect(card(page, third)).to_have_class("taskdock-card is-dragged")
    touch("touchMove", x, end["y"] + 20)
    touch("touchMove", x, end["y"] + 5)
    touch("touchEnd", 0, 0)
    said(page, "is in")
    assert column(1) == [first.pk, third.pk, second.pk]


def test_task_is_added_and_the_next_one_can_be_typed_at_once(page, tasks):
    page.goto(f"{BOARD}?project__id__exact={tasks[0].project_id}")
    form = page.locator('[data-column="3"] [data-add]')
    form.get_by_text("Add a task").click()
    title = form.get_by_label("Title")
    title.press("Enter")
    expect(form.locator('[data-error="title"]')).to_contain_text("required")
    title.fill("From the foot")
    title.press("Enter")
    said(page, "was added")
    expect(page.locator('[data-column="3"] [data-card]')).to_have_count(1)
    expect(title).to_be_focused()
    expect(title).to_have_value("")
    assert [one for one in page.watch.take() if "409" not in one] == []


def test_ten_thousand_cards_come_as_one_scrolls(page, committed_db):
    new = NewTask(
        project_id=make_project().pk,
        title="One of many",
        status_id=1,
        priority_id=TaskPriority.objects.get(is_default=True).pk,
    )
    for _ in range(10):
        add_tasks(actor=Actor(), tasks=[new] * 1000)
    page.goto(BOARD)
    cards = page.locator('[data-column="1"] [data-card]')
    assert cards.count() <= 150
    for _ in range(3):
        before = cards.count()
        page.locator('[data-column="1"] [data-scroll]').evaluate("one => one.scrollTop = 1e9")
        expect(cards.nth(before)).to_be_attached()
    assert shown(page, 1) == column(1)[: cards.count()]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_board_fits_a_phone_and_is_accessible(browse, superuser, tasks, scheme):
    page = browse(superuser, size=PHONE, scheme=scheme)
    page.goto(BOARD)
    assert not [*too_wide(page), *violations(page), *unseen_focus(page)]
