"""Checklists, comments and time entries in the admin: every page answers, every write is real."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from comments.testing import make_comment
from tasks.actors import Actor
from tasks.models import ChecklistItem, HistoryEntry, Task
from tasks.services import checklists
from tasks.testing import make_project, make_task
from tests.conftest import ADMIN
from timers.models import Timer
from timers.testing import make_running_timer, make_time

ITEMS = "taskdock/checklistitem"
COMMENTS = "taskdock_comments/comment"
TIMERS = "taskdock_timers/timer"


def make_item(task: Task, text: str = "Ask Jo") -> ChecklistItem:
    return checklists.add_checklist_item(actor=Actor(), parent=task, text=text)


MAKERS: dict[str, Any] = {ITEMS: make_item, COMMENTS: make_comment, TIMERS: make_time}


@pytest.mark.parametrize("path", MAKERS)
def test_pages_answer(admin, path):
    row = MAKERS[path](make_task())
    pages = ["", "add/", f"{row.pk}/change/", f"{row.pk}/delete/", f"{row.pk}/history/"]
    for page in pages:
        assert admin.get(f"{path}/{page}").status_code == 200, page


@pytest.mark.parametrize("path", MAKERS)
def test_list_does_the_same_number_of_queries_for_1_and_for_25(admin, path):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert admin.get(f"{path}/").status_code == 200
        return len(captured)

    MAKERS[path](make_task())
    queries()
    one = queries()
    for _ in range(24):
        MAKERS[path](make_task())
    assert queries() == one


@pytest.mark.parametrize("path", MAKERS)
def test_delete_goes_through_the_service(admin, path):
    row = MAKERS[path](make_task())
    admin.open(f"{path}/{row.pk}/delete/").submit(post="yes")
    assert not type(row).objects.exists()
    entry = HistoryEntry.objects.filter(verb="deleted").get()
    assert (entry.door, entry.subject_id) == ("admin", row.pk)


def test_checklist_item_is_added_to_the_end_and_ticked(admin):
    task = make_task()
    first = make_item(task)
    admin.open(f"{ITEMS}/add/").submit(task=task.pk, text="Send it")
    second = ChecklistItem.objects.exclude(pk=first.pk).get()
    assert second.position > first.position
    admin.open(f"{ITEMS}/{second.pk}/change/").submit(is_completed="on")
    second.refresh_from_db()
    assert (second.text, second.is_completed) == ("Send it", True)


@pytest.mark.parametrize("parents", [(), ("task", "project")])
def test_checklist_item_of_no_parent_or_of_two_is_refused(admin, form_errors, parents):
    rows = {"task": make_task().pk, "project": make_project().pk}
    page = admin.open(f"{ITEMS}/add/")
    answer = page.submit(text="Send it", **{name: rows[name] for name in parents})
    assert form_errors(answer) == {"__all__": ["An item belongs to a task or to a project."]}
    assert not ChecklistItem.objects.exists()


def test_comment_is_made_by_who_is_logged_in_and_its_edit_is_stamped(admin):
    task = make_task()
    admin.open(f"{COMMENTS}/add/").submit(task=task.pk, text="Looks good")
    comment = Comment.objects.get()
    assert (comment.task, comment.creator, comment.text) == (task, admin.user, "Looks good")
    assert comment.updated_at == comment.created_at
    admin.open(f"{COMMENTS}/{comment.pk}/change/").submit(text="Looks very good")
    comment.refresh_from_db()
    assert comment.text == "Looks very good"
    assert comment.updated_at > comment.created_at


def test_comment_without_a_task_is_refused(admin, form_errors):
    answer = admin.open(f"{COMMENTS}/add/").submit(text="Looks good")
    assert list(form_errors(answer)) == ["task"]


def test_time_is_entered_by_hand_and_corrected(admin):
    task = make_task()
    page = admin.open(f"{TIMERS}/add/")
    page.submit(task=task.pk, hours="1", minutes="30", work_date="2026-06-17")
    timer = Timer.objects.get()
    assert (timer.seconds, timer.user, timer.recorded_by) == (5400, admin.user, admin.user)
    assert (timer.work_date, timer.started_at) == (dt.date(2026, 6, 17), None)
    admin.open(f"{TIMERS}/{timer.pk}/change/").submit(hours="2")
    timer.refresh_from_db()
    assert timer.seconds == 9000


def test_correction_of_the_day_keeps_the_seconds(admin):
    timer = make_time(make_task(), seconds=5432)
    admin.open(f"{TIMERS}/{timer.pk}/change/").submit(work_date="2026-06-18")
    timer.refresh_from_db()
    assert (timer.seconds, timer.work_date) == (5432, dt.date(2026, 6, 18))


@pytest.mark.parametrize(("hours", "minutes"), [("0", "0"), ("24", "1")])
def test_time_out_of_range_is_refused(admin, form_errors, hours, minutes):
    page = admin.open(f"{TIMERS}/add/")
    answer = page.submit(task=make_task().pk, hours=hours, minutes=minutes)
    assert form_errors(answer) == {"minutes": ["The time must be between one minute and 24 hours."]}
    assert not Timer.objects.exists()


def test_new_entry_without_a_time_starts_a_timer_and_stops_the_other(admin):
    other = make_running_timer(make_task(), user=admin.user)
    admin.open(f"{TIMERS}/add/").submit(task=make_task().pk)
    running = Timer.objects.get(is_running=True)
    other.refresh_from_db()
    assert running.user == admin.user
    assert other.stopped_at == running.started_at


def test_running_timers_are_stopped_by_the_action(admin):
    timer = make_running_timer(make_task())
    admin.action(f"{TIMERS}/", "stop", [timer], post="yes")
    timer.refresh_from_db()
    assert (timer.is_running, timer.stopped_at is None) == (None, False)


def test_invoiced_entry_is_shown_and_neither_changed_nor_deleted(admin, messages_of):
    timer = make_time(make_task())
    admin.action(f"{TIMERS}/", "mark_invoiced", [timer], post="yes")
    page = admin.open(f"{TIMERS}/{timer.pk}/change/")
    assert not {"hours", "minutes", "work_date"} & page.values.keys()
    answer = admin.client.post(f"{ADMIN}/{TIMERS}/{timer.pk}/delete/", {"post": "yes"}, follow=True)
    assert messages_of(answer) == ["The time entry is invoiced."]
    admin.action(f"{TIMERS}/", "unmark_invoiced", [timer], post="yes")
    timer.refresh_from_db()
    assert timer.is_invoiced is False


@pytest.mark.parametrize(("state", "shown"), [("running", True), ("stopped", False)])
def test_list_of_time_entries_tells_running_ones_apart(admin, state, shown):
    timer = make_running_timer(make_task("Runs"))
    make_time(make_task("Stands"))
    rows = admin.get(f"{TIMERS}/", state=state).context["cl"].queryset
    assert (timer in rows, len(rows)) == (shown, 1)
