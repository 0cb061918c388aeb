"""Pages that are older than the login, and servers that don't answer as they should: nothing that
somebody typed is lost, and they read what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, Route, expect

from tasks.clock import today
from tasks.models import ChecklistItem, Task, TaskStatus
from tasks.services.checklists import add_checklist_item
from tasks.testing import make_actor, make_project, make_task, make_user
from tests.browser.accessibility import violations
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import show_as, too_wide
from tests.browser.network import type_fast
from timers.models import Timer
from timers.testing import make_running_timer

BOARD = "/admin/taskdock/task/board/"
PASSWORD = "correct horse battery staple"
SIGNED_OUT = "You are signed out. Sign in in another tab, then try again."


@pytest.fixture
def superuser(committed_db: None) -> Any:
    user = make_user(is_superuser=True, first_name="Ada", last_name="Admin")
    user.set_password(PASSWORD)
    user.save()
    return user


@pytest.fixture
def task(committed_db: None) -> Task:
    task = make_task("Design homepage", project=make_project("Website"), description="Old words")
    for text in ("Milk", "Bread"):
        add_checklist_item(actor=make_actor(), parent=task, text=text)
    return task


def post(context: BrowserContext, path: str, values: dict[str, str]) -> None:
    """Send a form in the way of another tab: with the browser's cookies, which change with it."""
    cookies = {one["name"]: one["value"] for one in context.cookies()}
    token = {"csrfmiddlewaretoken": cookies.get(settings.CSRF_COOKIE_NAME, "")}
    answer = context.request.post(path, form={**values, **token})
    assert answer.ok, answer.status


def log_in(context: BrowserContext, user: Any) -> None:
    """Log in in another tab of the browser, where nobody is."""
    context.request.get("/admin/login/")
    values = {"username": user.get_username(), "password": PASSWORD, "next": "/admin/"}
    post(context, "/admin/login/", values)


def sign_out(context: BrowserContext) -> None:
    """Log out in another tab of the browser."""
    post(context, "/admin/logout/", {})


def sign_in(context: BrowserContext, user: Any) -> None:
    """Log in in another tab of the browser, whoever was before."""
    sign_out(context)
    log_in(context, user)


def take(page: Page, *expected: str) -> None:
    """The browser has noted nothing behind the pages but these statuses."""
    noted = page.watch.take()
    assert [one for one in noted if not any(text in one for text in expected)] == []


def path_of(task: Task) -> str:
    return reverse("admin:taskdock_task_change", args=[task.pk])


def quick_add(page: Page) -> Any:
    form = page.locator('[data-column="1"] [data-add]')
    form.locator("summary").click()
    return form.get_by_label("Title")


def move_card(page: Page) -> None:
    page.locator("[data-grip]").first.focus()
    for key in ("Space", "ArrowRight", "Space"):
        page.keyboard.press(key)


def test_old_board_moves_and_adds(page, superuser, task):
    page.goto(f"{BOARD}?project__id__exact={task.project_id}")
    sign_in(page.context, superuser)
    move_card(page)
    expect(page.locator("[data-said]")).to_contain_text("is in")
    second = TaskStatus.objects.order_by("position")[1]
    assert Task.objects.get().status == second
    sign_in(page.context, superuser)
    quick_add(page).focus()
    type_fast(page, "one\ntwo\nthr")
    expect(page.locator('[data-column="1"] [data-card]')).to_have_count(2)
    expect(page.get_by_label("Title", exact=True).first).to_have_value("thr")
    take(page, "403")


def test_old_page_of_a_task_works(page, superuser, task):
    page.goto(path_of(task))
    sign_in(page.context, superuser)
    checklist = page.locator("#panel-checklist")
    checklist.get_by_label("New item").fill("Jam")
    checklist.get_by_label("New item").press("Enter")
    expect(checklist.locator(".taskdock-item-text")).to_have_text(["Milk", "Bread", "Jam"])
    sign_in(page.context, superuser)
    page.get_by_label("Description").fill("*new*")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview").locator("em")).to_have_text("new")
    sign_in(page.context, superuser)
    page.locator("#panel-time").get_by_role("button", name="Start a timer").click()
    expect(page.locator("#panel-time").get_by_role("timer")).to_be_visible()
    sign_in(page.context, superuser)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert Task.objects.get().description == "*new*"
    take(page, "403")


def test_old_lists_weeks_and_bars_work(page, superuser, task):
    make_running_timer(task, user=superuser)
    page.goto("/admin/taskdock/taskstatus/")
    sign_in(page.context, superuser)
    *_, last = TaskStatus.objects.order_by("position")
    page.get_by_role("button", name=f"Move up: {last}", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("is at place")
    take(page, "403")
    cell = f"?cell_day={today()}&cell_person={superuser.pk}"
    page.goto(reverse("admin:taskdock_timers_timer_week") + cell)
    sign_in(page.context, superuser)
    page.locator("#id_entry-task").select_option("Design homepage")
    page.locator("#id_entry-seconds").fill("0:15")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("The time was added.")
    take(page, "403")
    # A form without a script of its own.
    sign_in(page.context, superuser)
    page.locator(".taskdock-timer-stop").dblclick()
    expect(page.locator(".messagelist")).to_contain_text("The timer was stopped.")
    assert Timer.objects.count() == 2
    assert not Timer.objects.filter(is_running=True).exists()


@pytest.mark.parametrize("setting", ["CSRF_USE_SESSIONS", "CSRF_COOKIE_HTTPONLY"])
def test_token_is_renewed_where_no_script_can_read_it(page, superuser, task, setting):
    with override_settings(**{setting: True}):
        page.goto(path_of(task))
        # The same as another login does to the token of the page.
        page.evaluate(
            "for (const one of document.querySelectorAll('[name=csrfmiddlewaretoken]'))"
            " one.value = 'x'.repeat(64)"
        )
        page.get_by_role("checkbox", name="Milk").click()
        expect(page.get_by_role("checkbox", name="Milk")).to_be_checked()
        take(page, "403")


def test_signed_out_reads_so_and_loses_nothing(page, superuser, task):
    page.goto(f"{BOARD}?project__id__exact={task.project_id}")
    sign_out(page.context)
    title = quick_add(page)
    title.focus()
    type_fast(page, "one\ntwo\nthr")
    alert = page.locator('[data-column="1"] [role=alert]').filter(has_text=SIGNED_OUT)
    expect(alert).to_be_visible()
    expect(page.locator(".taskdock-outbox-text")).to_have_text(["one", "two"])
    expect(title).to_have_value("thr")
    move_card(page)
    expect(page.locator("[data-said]")).to_contain_text(f"{SIGNED_OUT} “Design homepage” is back")
    expect(page.locator("[data-said]").get_by_role("link", name="Sign in")).to_be_visible()
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        show_as(page, size, scheme)
        wrong = [*too_wide(page), *violations(page)]
        assert not wrong, wrong
    with page.expect_popup() as popup:
        alert.get_by_role("link", name="Sign in").click()
    tab = popup.value
    tab.get_by_label("Username").fill(superuser.get_username())
    tab.get_by_label("Password").fill(PASSWORD)
    tab.get_by_role("button", name="Log in").click()
    expect(tab.locator("#logout-form")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator('[data-column="1"] .taskdock-card-title')).to_have_text(
        ["Design homepage", "one", "two"]
    )
    expect(title).to_have_value("thr")
    expect(page.locator("[data-outbox]")).to_have_count(0)
    take(page, "403")


def test_signed_out_keeps_the_text_of_forms_and_fields(page, superuser, task):
    page.goto(path_of(task))
    sign_out(page.context)
    page.locator("#panel-note").get_by_label("My note").fill("A note")
    page.locator("#panel-note").get_by_role("button", name="Save note").click()
    expect(page.locator("#panel-note").get_by_role("alert")).to_contain_text(SIGNED_OUT)
    page.get_by_label("Description").fill("Long words")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("region", name="Preview")).to_contain_text(SIGNED_OUT)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_contain_text(SIGNED_OUT)
    expect(page.get_by_label("Description")).to_have_value("Long words")
    log_in(page.context, superuser)
    page.locator("#panel-note").get_by_role("button", name="Save note").click()
    expect(page.locator("#panel-note").get_by_role("alert")).to_have_count(0)
    expect(page.locator("#panel-note").get_by_label("My note")).to_have_value("A note")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("changed successfully")
    assert Task.objects.get().description == "Long words"
    take(page, "403")


def test_nothing_is_written_as_somebody_else_who_signed_in(page, superuser, task):
    other = make_user(is_superuser=True, username="bert")
    other.set_password(PASSWORD)
    other.save()
    page.goto(path_of(task))
    sign_in(page.context, other)
    field = page.locator("#panel-comments").get_by_label("New comment")
    field.fill("Mine")
    page.locator("#panel-comments").get_by_role("button", name="Comment").click()
    words = "bert is signed in in this browser now, and nothing was sent."
    expect(page.locator("#panel-comments").get_by_role("alert")).to_contain_text(words)
    page.get_by_label("Description").fill("Mine too")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errornote")).to_contain_text(words)
    assert Task.objects.get().description == "Old words"
    sign_in(page.context, superuser)
    page.locator("#panel-comments").get_by_role("button", name="Try again").click()
    expect(page.locator(".taskdock-comment")).to_contain_text("Ada Admin")
    take(page, "403")


def lost(route: Route) -> None:
    route.abort("connectionreset")


def answer_lost(route: Route) -> None:
    route.fetch()
    route.abort("connectionreset")


def answered(status: int, body: str = "", **headers: str) -> Callable[[Route], None]:
    def answer(route: Route) -> None:
        route.fulfill(status=status, body=body, headers={"Content-Type": "text/html", **headers})

    return answer


FAULTS = [
    (lost, "could not be reached"),
    (answer_lost, "could not be reached"),
    (answered(503, **{"Retry-After": "120"}), "is busy"),
    (answered(500, "<h1>Hoppla!</h1>"), "The server failed"),
    (answered(502), "The server failed"),
    (answered(200, "<h1>Portal</h1>"), "The server failed"),
    (answered(409, "<h1>Portal</h1>"), "The server failed"),
]


def test_what_fails_stays_in_sight_and_is_sent_once_in_the_end(page, task):
    page.goto(f"{BOARD}?project__id__exact={task.project_id}")
    title = quick_add(page)
    titles = ["Design homepage"]
    for number, (fault, words) in enumerate(FAULTS):
        new = [f"one {number}", f"two {number}"]
        titles += new
        page.route("**/board/add/**", fault)
        title.fill("")
        title.focus()
        type_fast(page, "\n".join([*new, "thr"]))
        expect(page.locator(".taskdock-outbox [role=alert]")).to_contain_text(words)
        expect(page.locator(".taskdock-outbox-text")).to_have_text(new)
        expect(title).to_have_value("thr")
        page.unroute("**/board/add/**")
        page.get_by_role("button", name="Try again").click()
        expect(page.locator("[data-outbox]")).to_have_count(0)
        expect(page.locator('[data-column="1"] .taskdock-card-title')).to_have_text(titles)
        expect(title).to_be_focused()
        expect(title).to_have_value("thr")
    page.watch.take()


def test_item_whose_answer_is_lost_is_added_once(page, task):
    page.goto(path_of(task))
    own = page.locator("#panel-checklist")
    field = own.get_by_label("New item")
    field.focus()
    page.route(re.compile("checklist/add"), answer_lost)
    type_fast(page, "Tea\nSalt\nJa")
    expect(own.get_by_role("alert")).to_be_visible()
    # What is submitted next sends what waits first.
    page.unroute(re.compile("checklist/add"))
    type_fast(page, "m\n")
    items = own.locator(".taskdock-item-text")
    expect(items).to_have_text(["Milk", "Bread", "Tea", "Salt", "Jam"])
    assert ChecklistItem.objects.count() == 5
    page.watch.take()


def test_busy_server_is_asked_again_by_itself(page, task):
    page.goto(path_of(task))
    page.route("**/tick/", answered(503, **{"Retry-After": "1"}), times=1)
    page.get_by_role("checkbox", name="Milk").click()
    expect(page.get_by_role("checkbox", name="Milk")).to_be_checked()
    page.watch.take()


def test_text_that_is_refused_for_good_comes_back(page, task):
    page.goto(path_of(task))
    own = page.locator("#panel-comments")
    for fault, words in (
        (answered(413), "larger than the server takes"),
        (answered(404), "no longer there"),
        (answered(400), "refused that"),
    ):
        page.route("**/panels/comments/add/", fault)
        own.get_by_label("New comment").fill("Words")
        own.get_by_role("button", name="Comment").click()
        expect(own.get_by_role("alert")).to_contain_text(words)
        expect(own.get_by_label("New comment")).to_have_value("Words")
        page.unroute("**/panels/comments/add/")
    page.watch.take()


def test_refused_title_is_corrected_beside_what_is_typed_now(page, task):
    page.goto(BOARD)
    form = page.locator('[data-column="1"] [data-add]')
    title = quick_add(page)
    title.focus()
    type_fast(page, "no project\nthe ne")
    refused = form.locator(".taskdock-outbox-refused")
    expect(refused.get_by_label("Not sent yet")).to_have_value("no project")
    expect(title).to_have_value("the ne")
    form.locator(".select2-selection").click()
    page.locator(".select2-search__field").fill("Website")
    page.get_by_role("option", name="Website").click()
    refused.get_by_role("button", name="Try again").click()
    expect(page.locator('[data-column="1"] .taskdock-card-title')).to_have_text(
        ["Design homepage", "no project"]
    )
    take(page, "409")


def test_old_page_without_a_script_has_the_text_and_sends_it_on_a_click(
    page, superuser, task, chromium_browser, base_url
):
    page.goto("/admin/")
    context = chromium_browser.new_context(base_url=base_url, java_script_enabled=False)
    context.add_cookies(page.context.cookies())
    plain = context.new_page()
    plain.goto(path_of(task))
    sign_in(context, superuser)
    text = "  Long\n\nwords <b>"
    plain.get_by_label("Description").fill(text)
    plain.get_by_role("button", name="Save", exact=True).click()
    expect(plain.get_by_role("heading", name="Not sent yet")).to_be_visible()
    expect(plain.get_by_role("textbox", name="Description")).to_have_value(text)
    for size, scheme in ((DESKTOP, "light"), (PHONE, "dark")):
        show_as(plain, size, scheme)
        assert not too_wide(plain)
    plain.get_by_role("button", name="Send it now").click()
    expect(plain.locator(".messagelist")).to_contain_text("changed successfully")
    assert Task.objects.get().description == text
    context.close()
