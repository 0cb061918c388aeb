"""A week's time in a browser: entered and corrected in place, looked at, and printed."""

from __future__ import annotations

from django.urls import reverse
from playwright.sync_api import expect

from tasks.actors import Actor
from tasks.clock import today
from tasks.testing import make_project, make_task
from tests.browser.accessibility import unseen_focus, violations
from tests.browser.chromium import DESKTOP, PHONE
from tests.browser.layout import show_as, too_wide
from timers.models import Timer
from timers.services import timers
from timers.testing import make_running_timer, make_time


def week():
    return reverse("admin:taskdock_timers_timer_week")


def cell_of(page, time):
    return page.locator(".taskdock-week td a[data-cell]").filter(has_text=time)


def test_time_is_entered_and_corrected_in_place(page, superuser):
    project = make_project("Website")
    make_task("Fix the footer", project=project)
    entry = make_time(make_task("Draw", project=project), user=superuser, work_date=today())
    page.goto(week())
    page.evaluate("window.isSame = true")
    cell_of(page, "1:00").click()
    expect(page.locator("#cell-title")).to_be_focused()
    page.get_by_label("Another task").fill("footer")
    page.keyboard.press("Enter")
    expect(page.locator("#id_entry-task")).to_be_focused()
    page.locator("#id_entry-task").select_option("Fix the footer")
    page.locator("#id_entry-seconds").fill("25:00")
    page.keyboard.press("Enter")
    expect(page.locator("#id_entry-seconds_error")).to_contain_text("between one minute and 24")
    expect(page.locator("#id_entry-seconds")).to_be_focused()
    (refused,) = page.watch.take()
    assert "422" in refused
    page.locator("#id_entry-seconds").fill("0:45")
    page.get_by_role("button", name="Add time").click()
    expect(page.get_by_role("status")).to_have_text("The time was added.")
    assert sorted(Timer.objects.values_list("seconds", flat=True)) == [45 * 60, 3600]
    page.locator(f"#id_entry-{entry.pk}-seconds").fill("1.5")
    page.keyboard.press("Enter")
    expect(page.locator(".taskdock-week tfoot")).to_contain_text("2:15")
    expect(page.locator("#time-by-project")).to_contain_text("2:15")
    page.get_by_role("button", name="Delete the entry of 0:45").click()
    expect(page.locator(".taskdock-week tfoot")).to_contain_text("1:30")
    assert page.evaluate("window.isSame")
    entry.refresh_from_db()
    assert entry.seconds == 5400


def test_time_is_entered_and_corrected_without_a_script(
    browse, superuser, chromium_browser, base_url
):
    entry = make_time(make_task("Draw"), user=superuser, work_date=today())
    cookies = browse(superuser).context.cookies()
    context = chromium_browser.new_context(base_url=base_url, java_script_enabled=False)
    context.add_cookies(cookies)
    plain = context.new_page()
    plain.goto(week())
    cell_of(plain, "1:00").click()
    plain.locator(f"#id_entry-{entry.pk}-seconds").fill("never")
    plain.get_by_role("button", name="Save the entry").click()
    assert "Enter hours and minutes" in plain.locator(".errors").inner_text()
    # Whoever comes late overwrites nothing unseen.
    timers.correct_time(actor=Actor(user=superuser), timer_id=entry.pk, seconds=7200)
    plain.locator(f"#id_entry-{entry.pk}-seconds").fill("0:30")
    plain.get_by_role("button", name="Save the entry").click()
    assert "2:00" in plain.locator(".errors").inner_text()
    plain.get_by_role("button", name="Save the entry").click()
    assert "The time was changed." in plain.locator(".messagelist").inner_text()
    plain.locator("#id_entry-seconds").fill("2")
    plain.locator("#id_entry-task").select_option("Draw")
    plain.get_by_role("button", name="Add time").click()
    assert sorted(Timer.objects.values_list("seconds", flat=True)) == [1800, 7200]
    context.close()


def test_pages_fit_a_phone_and_are_accessible_in_both_schemes_and_black_on_paper(browse, superuser):
    task = make_task("A task with a rather long title, as titles are")
    make_time(task, user=superuser, work_date=today())
    make_time(task, user=superuser, work_date=today(), is_invoiced=True)
    make_running_timer(task, user=superuser)
    page = browse(superuser)
    query = f"?cell_day={today()}&cell_person={superuser.pk}&tasks=1"
    for path in (
        f"{week()}{query}",
        f"{week()}?person=all&project=987654321",
        reverse("admin:taskdock_project_progress", args=[task.project_id]),
    ):
        page.goto(path)
        for size in (PHONE, DESKTOP):
            for scheme in ("light", "dark"):
                show_as(page, size, scheme)
                wrong = [*too_wide(page), *violations(page), *unseen_focus(page)]
                assert not wrong, (path, size, scheme, wrong)
        page.emulate_media(media="print", color_scheme="dark")
        shown = page.evaluate(
            "() => [getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.querySelector('#content h1')).color,"
            " getComputedStyle(document.getElementById('header')).display]"
        )
        assert shown == ["rgb(255, 255, 255)", "rgb(0, 0, 0)", "none"]
        page.emulate_media(media="screen", color_scheme="light")
