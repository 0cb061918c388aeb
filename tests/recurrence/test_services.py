"""Copies of tasks that repeat: which are made, when, once, and what stands in the way."""

import datetime as dt
from io import StringIO
from itertools import takewhile

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from tasks.actors import Actor, Door
from tasks.clock import as_kept, instant, instant_of_row
from tasks.exceptions import (
    Invalid,
    RecurrenceNotFound,
    RuleNeverFires,
    RuleTooFrequent,
    TaskNotFound,
)
from tasks.models import HistoryEntry, RecurrenceRun, Task, TaskRecurrence, TaskStatus
from tasks.recurring import parse_rule
from tasks.services.checklists import add_checklist_item
from tasks.services.projects import archive_project
from tasks.services.recurrence import (
    create_due,
    due_recurrences,
    pause_recurrence,
    remove_recurrence,
    resume_recurrence,
    set_recurrence,
)
from tasks.services.tasks import archive_task, delete_task
from tasks.testing import make_task, make_user
from tests.sides import ONE_SIDED, Side

ME = Actor(door=Door.COMMAND)
FAR = dt.date(2190, 1, 3)
COPIED = Task.objects.filter


def repeat(task, rule="FREQ=DAILY", *, actor=ME, **fields):
    given = {"starts_on": dt.date(2026, 1, 5), "at": dt.time(9), "zone": "Europe/Berlin"}
    return set_recurrence(actor=actor, task_id=task.pk, rule=rule, **{**given, **fields})


def ago(row, **delta):
    """Have it as if its next day had been so long ago."""
    row.next_on -= dt.timedelta(**delta)
    row.next_at = as_kept(instant_of_row(row.next_at) - dt.timedelta(**delta))
    row.save()
    return row


def at_nine(day):
    return dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)


def recur(*arguments):
    out, err = StringIO(), StringIO()
    try:
        call_command("taskdock_recur", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return out.getvalue(), err.getvalue(), str(error)
    return out.getvalue(), err.getvalue(), ""


@pytest.mark.django_db
def test_copy_is_made_once_by_the_rules_of_copies():
    task = make_task("Water the plants", due_date=dt.date(2020, 1, 1))
    add_checklist_item(actor=ME, parent=task, text="Ficus")
    user = make_user()
    status = TaskStatus.objects.order_by("-pk")[0]
    row = repeat(task, actor=Actor(user=user), status=status, due_after_days=2)
    day = row.next_on
    for _ in range(3):
        create_due(actor=ME, recurrence_id=row.pk, now=at_nine(day))
    copy = COPIED(title=task.title).exclude(pk=task.pk).get()
    assert (copy.start_date, copy.due_date) == (day, day + dt.timedelta(days=2))
    assert (copy.status, copy.created_by_id) == (status, user.pk)
    assert copy.checklist_items.get().text == "Ficus"
    assert not TaskRecurrence.objects.filter(task=copy).exists()
    row.refresh_from_db()
    assert (row.last_on, row.next_on) == (day, day + dt.timedelta(days=1))
    told = HistoryEntry.objects.get(verb="recurred")
    assert (told.subject_id, told.door, told.actor_id) == (task.pk, "command", str(user.pk))


@pytest.mark.django_db
def test_of_what_was_missed_the_latest_is_made_and_the_others_are_told_of():
    task = make_task("Report")
    row = ago(repeat(task), days=10)
    out, err, error = recur()
    assert "10 dates before it skipped" in out or "9 dates before it skipped" in out
    assert (err, error) == ("", "")
    assert COPIED(title="Report").count() == 2
    assert HistoryEntry.objects.get(verb="recurred").changes["skipped_dates"][1] in {9, 10}
    assert recur()[0] == "Made: 0. Failed: 0.\n"
    row.refresh_from_db()
    assert instant_of_row(row.next_at) > dt.datetime.now(dt.UTC)


@pytest.mark.django_db
def test_dry_run_lists_and_writes_nothing():
    ago(repeat(make_task("Report")), days=2)
    before = list(TaskRecurrence.objects.values())
    out, *_ = recur("--dry-run")
    assert "Would copy task" in out
    assert "Would make: 1." in out
    assert list(TaskRecurrence.objects.values()) == before
    assert not RecurrenceRun.objects.exists()


@pytest.mark.django_db
def test_one_that_fails_stops_no_other_and_is_tried_again(settings):
    settings.TASKDOCK = {**settings.TASKDOCK, **ONE_SIDED}
    red, blue = Side("red"), Side("blue")
    mine = ago(repeat(red.task, actor=Actor(user=red.user)), days=1)
    # Out of sight since: whoever set it can't copy it.
    other = ago(repeat(blue.task, actor=Actor(user=blue.user)), days=2)
    TaskRecurrence.objects.filter(pk=other.pk).update(created_by=red.user)
    for _ in range(2):
        _, err, error = recur()
        assert f"Task {blue.task.pk}" in err
        assert "Task not found." in err
        assert error.startswith("1 tasks could not be repeated")
    assert RecurrenceRun.objects.get().recurrence_id == mine.pk


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["task", "project"])
def test_what_is_archived_is_paused_and_told_of(what):
    task = make_task("Report")
    row = ago(repeat(task), days=1)
    if what == "task":
        archive_task(actor=ME, task_id=task.pk)
    else:
        archive_project(actor=ME, project_id=task.project_id)
    out, err, error = recur()
    assert "Paused task" in out
    assert (err, error) == ("", "")
    row.refresh_from_db()
    assert (row.is_paused, row.next_at) == (True, None)
    assert HistoryEntry.objects.filter(verb="recurrence_paused", subject_id=task.pk).exists()


@pytest.mark.django_db
def test_rule_that_ends_is_over_after_its_last_day():
    row = repeat(make_task(), "FREQ=DAILY;COUNT=1", starts_on=FAR)
    made = create_due(actor=ME, recurrence_id=row.pk, now=at_nine(FAR))
    assert made.due.occurs_on == FAR
    row.refresh_from_db()
    assert (row.next_on, row.next_at, row.is_paused) == (None, None, False)


@pytest.mark.django_db
def test_pause_makes_nothing_and_resuming_begins_with_what_is_to_come():
    task = make_task()
    row = ago(repeat(task), days=3)
    pause_recurrence(actor=ME, task_id=task.pk)
    assert recur()[0] == "Made: 0. Failed: 0.\n"
    row = resume_recurrence(actor=ME, task_id=task.pk)
    assert instant_of_row(row.next_at) > dt.datetime.now(dt.UTC)
    remove_recurrence(actor=ME, task_id=task.pk)
    assert not TaskRecurrence.objects.exists()
    for service in (pause_recurrence, resume_recurrence, remove_recurrence):
        with pytest.raises(RecurrenceNotFound):
            service(actor=ME, task_id=task.pk)
        with pytest.raises(TaskNotFound):
            service(actor=ME, task_id=2**70)


@pytest.mark.django_db
def test_day_that_was_done_is_not_done_again_by_another_rule():
    task = make_task()
    row = repeat(task, starts_on=FAR)
    create_due(actor=ME, recurrence_id=row.pk, now=at_nine(FAR))
    row = repeat(task, "FREQ=WEEKLY", starts_on=FAR, at=dt.time(23))
    assert row.next_on == FAR + dt.timedelta(days=7)
    assert TaskRecurrence.objects.count() == 1


@pytest.mark.django_db
def test_database_has_a_day_once():
    row = repeat(make_task())
    RecurrenceRun.objects.create(recurrence=row, occurs_on=FAR, copy_id=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecurrenceRun.objects.create(recurrence=row, occurs_on=FAR, copy_id=2)


@pytest.mark.django_db
def test_clock_of_the_zone_holds_over_the_summer_and_the_sites_zone_does_not_matter(settings):
    rule = "FREQ=MONTHLY;BYMONTHDAY=15"
    row = repeat(make_task(), rule, starts_on=dt.date(2190, 1, 1))
    moments = []
    for _ in range(12):
        moments.append(instant_of_row(row.next_at).astimezone(dt.UTC).hour)
        create_due(actor=ME, recurrence_id=row.pk, now=at_nine(row.next_on))
        row.refresh_from_db()
    assert moments == [8, 8, 8, 7, 7, 7, 7, 7, 7, 7, 8, 8]


@pytest.mark.django_db
def test_refused_rule_changes_nothing():
    task = make_task()
    for rule, error in (("FREQ=HOURLY", RuleTooFrequent), ("FREQ=DAILY;COUNT=1", RuleNeverFires)):
        with pytest.raises(error):
            repeat(task, rule)
    assert not TaskRecurrence.objects.exists()


@pytest.mark.django_db
def test_recurrence_goes_with_its_task_and_copies_stay():
    task = make_task("Report")
    row = ago(repeat(task), days=1)
    recur()
    delete_task(actor=ME, task_id=task.pk)
    assert not TaskRecurrence.objects.exists()
    assert not RecurrenceRun.objects.filter(recurrence_id=row.pk).exists()
    assert COPIED(title="Report").count() == 1


@pytest.mark.django_db
def test_due_are_found_in_batches_each_once(monkeypatch):
    monkeypatch.setattr("tasks.services.recurrence.BATCH", 2)
    task = make_task()
    rows = [ago(repeat(make_task(project=task.project)), days=1) for _ in range(5)]
    now = instant(dt.datetime.now(dt.UTC))
    assert [row.pk for row in due_recurrences(now)] == [row.pk for row in rows]


@pytest.mark.django_db
@pytest.mark.postgresql
def test_due_are_found_by_their_index():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    rows = TaskRecurrence.objects.filter(next_at__lte=as_kept(dt.datetime.now(dt.UTC)))
    assert "taskdock_recurrence_next" in rows.order_by("next_at", "pk")[:9].explain()


STORED = [
    {"zone": "localtime"},
    {"zone": "Europe/Atlantis"},
    {"rule": "FREQ=HOURLY"},
    {"rule": "FREQ=YEARLY;BYHOUR=9"},
    {"rule": "every Monday"},
    {"rule": ""},
]


@pytest.mark.django_db
@pytest.mark.parametrize("stored", STORED)
def test_saved_rule_that_is_refused_now_is_named_and_stops_no_other(stored):
    task = make_task("Odd one")
    other = make_task("Report", project=task.project)
    rows = [ago(repeat(one), days=1) for one in (task, other)]
    TaskRecurrence.objects.filter(pk=rows[0].pk).update(**stored)
    for arguments in (["--dry-run"], [], []):
        _, err, error = recur(*arguments)
        assert err.startswith(f"Task {task.pk}, 'Odd one': The ")
        assert err.count("\n") == 1
        assert repr(next(iter(stored.values()))) in err
        assert error.startswith("1 tasks could not be repeated")
    assert RecurrenceRun.objects.get().recurrence_id == rows[1].pk
    pause_recurrence(actor=ME, task_id=task.pk)
    with pytest.raises(Invalid):
        resume_recurrence(actor=ME, task_id=task.pk)
    repeat(task)
    assert recur()[2] == ""


@pytest.mark.django_db
def test_next_date_that_the_rule_does_not_have_is_corrected_when_it_comes():
    """An earlier version of the expansion may have computed it."""
    task = make_task()
    row = repeat(task, "FREQ=WEEKLY;BYDAY=MO", starts_on=FAR)
    row.next_on, row.next_at = dt.date(2026, 11, 4), as_kept(at_nine(dt.date(2026, 11, 4)))
    row.save()
    assert recur("--dry-run")[0] == "Would make: 0. Failed: 0.\n"
    assert recur() == ("Made: 0. Failed: 0.\n", "", "")
    row.refresh_from_db()
    assert row.next_on == FAR + dt.timedelta(days=1)
    assert not RecurrenceRun.objects.exists()
    ended = TaskRecurrence.objects.filter(pk=row.pk)
    ended.update(
        rule="FREQ=DAILY;UNTIL=20260101",
        starts_on=dt.date(2026, 1, 1),
        next_on=dt.date(2026, 11, 4),
        next_at=as_kept(at_nine(dt.date(2026, 11, 4))),
    )
    recur()
    assert ended.get().next_at is None


@pytest.mark.django_db
def test_rule_and_zone_are_saved_in_their_usual_form():
    rule = "rrule:until=20990107T045959z; freq=weekly;wkst=mo;byday=mo"
    row = repeat(make_task(), rule, zone="america/new_york")
    row.refresh_from_db()
    assert (row.rule, row.zone) == (
        "FREQ=WEEKLY;UNTIL=20990107T045959Z;BYDAY=MO",
        "America/New_York",
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "missed"),
    [
        ("FREQ=DAILY", ["2026-03-07", "2026-03-30"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["2026-01-31", "2026-10-31"]),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-01-31", "2026-02-28"]),
        ("FREQ=YEARLY", ["2026-01-05", "2066-01-05"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1;COUNT=9", ["2026-01-05", "2026-03-02"]),
    ],
)
def test_after_a_gap_the_latest_missed_date_is_copied_with_its_due_date(rule, missed):
    first, last = map(dt.date.fromisoformat, missed)
    row = repeat(make_task("Report"), rule.partition(";COUNT")[0], due_after_days=40)
    TaskRecurrence.objects.filter(pk=row.pk).update(
        rule=rule, next_on=first, next_at=as_kept(at_nine(first) - dt.timedelta(hours=5))
    )
    now = at_nine(last)
    made = create_due(actor=ME, recurrence_id=row.pk, now=now)
    until_now = takewhile(lambda day: day <= last, parse_rule(rule).days(row.starts_on, first))
    assert (made.due.occurs_on, made.due.skipped) == (last, len(list(until_now)) - 1)
    copy = COPIED(title="Report").get(pk=made.copy.pk)
    assert (copy.start_date, copy.due_date) == (last, last + dt.timedelta(days=40))
    assert create_due(actor=ME, recurrence_id=row.pk, now=now) is None
