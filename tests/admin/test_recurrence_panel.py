"""The panel by which a task is made to repeat, with a script and without."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.models import RecurrenceRun, TaskRecurrence
from tasks.services.recurrence import set_recurrence
from tasks.testing import make_actor, make_task
from tests.admin.conftest import Browser
from tests.conftest import ADMIN
from tests.sides import ONE_SIDED, Side

SCRIPT = {"X-Taskdock-Panel": "any"}
FORM = {
    "frequency": "WEEKLY",
    "interval": "2",
    "weekdays": ["0"],
    "starts_on": "2190-01-01",
    "at": "09:00",
    "zone": "Europe/Berlin",
    "copy_checklist": "on",
}
VIEW = ("view_task", "view_taskrecurrence")
NEEDED = {
    "add": "add_taskrecurrence",
    "change": "change_taskrecurrence",
    "pause": "change_taskrecurrence",
    "resume": "change_taskrecurrence",
    "remove": "delete_taskrecurrence",
}


def send(browser, task, action, /, *, headers=SCRIPT, **data):
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/repeats/{action}/"
    return browser.client.post(path, data, headers=headers)


def page_of(browser, task):
    return browser.get(f"taskdock/task/{task.pk}/change/").content.decode()


def repeat(task, actor=None, **fields):
    given = {"starts_on": dt.date(2190, 1, 1), "at": dt.time(9), "zone": "UTC", **fields}
    return set_recurrence(
        actor=actor or make_actor(), task_id=task.pk, **{"rule": "FREQ=DAILY", **given}
    )


@pytest.mark.parametrize("headers", [SCRIPT, {}])
def test_dates_are_shown_before_anything_is_saved_and_the_form_is_kept(admin, db, headers):
    task = make_task()
    response = send(admin, task, "add", headers=headers, **FORM, preview="1")
    html = response.content.decode()
    assert response.status_code == 200
    assert "Every 2 weeks on Monday" in html
    assert html.count("data-moment>Jan. ") + html.count("data-moment>Feb. ") >= 4
    assert 'value="2190-01-01"' in html
    assert "The task repeats." not in html
    assert not TaskRecurrence.objects.exists()


def test_task_is_made_to_repeat_changed_paused_resumed_and_no_more(admin, db):
    task = make_task()
    html = send(admin, task, "add", **FORM).content.decode()
    assert "The task repeats." in html
    row = TaskRecurrence.objects.get()
    assert (row.rule, row.next_on) == ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", dt.date(2190, 1, 11))
    assert "Every 2 weeks on Monday" in page_of(admin, task)
    monthly = {**FORM, "frequency": "MONTHLY", "interval": "1", "nth": "-1", "nth_day": "4"}
    html = send(admin, task, "change", **monthly, count="3").content.decode()
    assert "Every month on the last Friday, 3 times" in html
    assert "(paused)" in send(admin, task, "pause").content.decode()
    assert "(paused)" not in send(admin, task, "resume").content.decode()
    assert "It does not repeat." in send(admin, task, "remove").content.decode()
    assert send(admin, task, "pause").status_code == 422


def test_rule_as_text_is_shown_as_it_is_and_stays_in_its_field(admin, db):
    task = make_task()
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    html = send(admin, task, "add", **{**FORM, "frequency": "RULE", "rule": rule}).content.decode()
    assert f"<strong>{rule}</strong>" in html
    assert f'value="{rule}"' in html


@pytest.mark.parametrize("headers", [SCRIPT, {}])
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"frequency": "RULE", "rule": ""}, "must be one rule by RFC 5545"),
        ({"frequency": "RULE", "rule": "FREQ=HOURLY"}, "more often than daily"),
        ({"frequency": "RULE", "rule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "no date"),
        ({"count": "2", "until": "2191-01-01"}, "not both"),
        ({"starts_on": "2000-01-01", "until": "2001-01-01"}, "no date"),
        ({"starts_on": "9999-12-31"}, "between the years 2000 and 2199"),
        ({"frequency": "MONTHLY", "month_day": "0"}, "no such day"),
        ({"interval": "0"}, "greater than or equal to 1"),
        ({"frequency": "MONTHLY", "month_day": "-1", "zone": "Mars"}, "such as Europe/Berlin"),
        ({"due_after_days": "99999"}, "less than or equal to"),
        ({"frequency": "\x00"}, "Select a valid choice"),
        ({"weekdays": ["8"]}, "Select a valid choice"),
    ],
)
def test_what_is_no_rule_is_refused_in_words(admin, db, headers, sent, said):
    task = make_task()
    response = send(admin, task, "add", headers=headers, **{**FORM, **sent})
    assert response.status_code == (422 if headers else 200)
    assert said in response.content.decode()
    assert not TaskRecurrence.objects.exists()


@pytest.mark.parametrize("action", NEEDED)
def test_action_needs_its_permission_and_no_other(make_staff, action):
    task, others = make_task(), set(NEEDED.values()) - {NEEDED[action]}
    if action != "add":
        repeat(task)
    assert send(make_staff("view_task"), task, action, **FORM).status_code == 404
    assert send(make_staff(*VIEW, *others), task, action, **FORM).status_code == 403
    assert send(make_staff(*VIEW, NEEDED[action]), task, action, **FORM).status_code == 200
    assert "/panels/repeats/" not in page_of(make_staff(*VIEW), task)


def test_who_may_only_add_changes_none_that_is_there(make_staff):
    task = make_task()
    adds, changes = (make_staff(*VIEW, NEEDED[name]) for name in ("add", "change"))
    assert send(changes, task, "change", **FORM).status_code == 403
    repeat(task)
    assert send(adds, task, "add", **FORM).status_code == 403
    assert TaskRecurrence.objects.get().rule == "FREQ=DAILY"


def test_copies_are_listed_of_those_in_sight_alone(settings, db):
    settings.TASKDOCK = {**settings.TASKDOCK, **ONE_SIDED}
    red, blue = Side("red", is_staff=True), Side("blue")
    row = repeat(red.task, actor=Actor(user=red.user))
    for day, copy in enumerate((red.other_task, blue.task), start=1):
        RecurrenceRun.objects.create(
            recurrence=row, occurs_on=dt.date(2026, 1, day), copy_id=copy.pk
        )
    html = page_of(Browser(red.user), red.task)
    assert "Last copies" in html
    assert f">#{red.other_task.pk} " in html
    assert "blue" not in html


def test_panel_takes_as_many_queries_for_many_copies_as_for_few(admin, db):
    task = make_task()
    row = repeat(task)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            page_of(admin, task)
        return len(captured)

    def add(day):
        RecurrenceRun.objects.create(
            recurrence=row, occurs_on=dt.date(2026, 1, day), copy_id=task.pk
        )

    add(1)
    asked()
    few = asked()
    for day in range(2, 9):
        add(day)
    assert asked() == few


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ({"zone": "localtime"}, "must be a name of the IANA time zone database"),
        ({"rule": "FREQ=DAILY;BYHOUR=9"}, "has BYHOUR, which is not supported"),
        ({"rule": "every <b>Monday</b>"}, "must be one rule by RFC 5545"),
    ],
)
def test_page_of_a_saved_rule_that_is_refused_now_says_why_and_lets_it_be_changed(
    admin, db, stored, said
):
    task = make_task()
    row = repeat(task)
    TaskRecurrence.objects.filter(pk=row.pk).update(**stored)
    html = page_of(admin, task)
    assert said in html
    assert "No copies are made until it is changed." in html
    assert "<b>Monday</b>" not in html
    assert send(admin, task, "pause").status_code == 200
    assert said in send(admin, task, "resume").content.decode()
    assert "The task repeats as you said." in send(admin, task, "change", **FORM).content.decode()
    assert said not in page_of(admin, task)


def fields_of_form(html):
    """What a browser sends of a form that nobody touched."""
    sent = {}
    for tag in re.findall(r"<input[^>]*>", html):
        name, value = (re.search(rf' {part}="([^"]*)"', tag) for part in ("name", "value"))
        if name and ("checkbox" not in tag or " checked" in tag) and value:
            sent.setdefault(name[1], []).append(value[1])
        elif name and " checked" in tag:
            sent[name[1]] = ["on"]
    for name, options in re.findall(r'<select name="(\w+)".*?>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        sent[name] = [chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]]
    return sent


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=5MO",
        "FREQ=MONTHLY;BYDAY=-2MO",
        "FREQ=MONTHLY;BYMONTHDAY=-5",
        "FREQ=DAILY;UNTIL=21900107T045959Z",
        "FREQ=DAILY;UNTIL=21900107T045959",
        "FREQ=MONTHLY",
        "FREQ=WEEKLY;BYDAY=WE,MO;WKST=SU",
        "FREQ=YEARLY;BYWEEKNO=20",
        "FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=2",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        "FREQ=MONTHLY;BYDAY=-1FR;COUNT=7",
        "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=21950101",
        "FREQ=YEARLY;INTERVAL=12",
    ],
)
def test_form_that_is_saved_as_it_is_shown_keeps_the_rule(admin, db, rule):
    task = make_task()
    before = repeat(task, rule=rule)
    form = admin.get(f"taskdock/task/{task.pk}/change/").content.decode()
    sent = fields_of_form(form.split('id="form-repeats-change"')[1].split("</form>")[0])
    assert "The task repeats as you said." in send(admin, task, "change", **sent).content.decode()
    after = TaskRecurrence.objects.get()
    assert (after.rule, after.next_on) == (before.rule, before.next_on)


def test_dates_shown_leave_out_one_that_was_copied(admin, db):
    task = make_task()
    row = repeat(task)
    TaskRecurrence.objects.filter(pk=row.pk).update(last_on=dt.date(2190, 1, 3))
    daily = {**FORM, "frequency": "DAILY", "interval": "1", "zone": "UTC"}
    html = send(admin, task, "change", **daily, preview="1").content.decode()
    shown = html.split("taskdock-preview-dates")[1]
    assert "2190-01-03T" not in shown
    assert "2190-01-04T" in shown
    send(admin, task, "change", **daily)
    assert TaskRecurrence.objects.get().next_on == dt.date(2190, 1, 4)
