"""The dates that the panel lists before a rule is saved are those that taskdock_recur copies."""

import datetime as dt
import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from tasks.clock import as_kept
from tasks.models import RecurrenceRun, Task, TaskRecurrence
from tasks.recurring import moment_of, zone_called
from tasks.testing import make_task
from tests.conftest import ADMIN
from tests.recurrence.random_rules import cases

RULES = [
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1", "2026-12-02", "Europe/Berlin"),
    ("FREQ=YEARLY;BYWEEKNO=20", "2026-05-12", "Europe/Berlin"),
    ("FREQ=YEARLY;INTERVAL=12", "2026-03-05", "America/New_York"),
    ("FREQ=DAILY;UNTIL=20260107T045959Z", "2026-01-04", "America/New_York"),
    ("FREQ=DAILY;COUNT=4", "2026-03-06", "America/New_York"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-01-31", "Australia/Lord_Howe"),
    ("FREQ=DAILY;COUNT=5", "2011-12-28", "Pacific/Apia"),
    ("FREQ=DAILY;COUNT=5", "2018-11-02", "America/Sao_Paulo"),
]


@pytest.fixture
def clock(monkeypatch):
    """Set the time of Django's clock."""

    def set_to(moment):
        monkeypatch.setattr(timezone, "now", lambda: as_kept(moment))

    return set_to


def preview(admin, task, *, rule, start, at, zone):
    """The moments that the panel lists, or None where it refuses the rule."""
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/repeats/add/"
    # The session is as old as the clock says.
    admin.client.force_login(admin.user)
    form = {
        "frequency": "RULE",
        "rule": rule,
        "interval": "1",
        "starts_on": f"{start}",
        "at": f"{at:%H:%M}",
        "zone": zone,
    }
    response = admin.client.post(path, {**form, "preview": "1"})
    assert response.status_code == 200
    html = response.content.decode()
    shown = re.search(r"taskdock-preview-dates.*?</div>", html, re.DOTALL)
    saved = admin.client.post(path, form)
    assert (saved.status_code == 302) == (shown is not None)
    if shown is None:
        return None
    found = re.findall(r'datetime="([^"]+)"', shown[0])
    return [dt.datetime.fromisoformat(one) for one in found]


def copied(clock, task, most):
    """The moments at which the command makes a copy, run shortly before and at each."""
    found = []
    while len(found) < most:
        row = TaskRecurrence.objects.get(task=task)
        if row.next_at is None:
            break
        # Naive times of a site do not say which of an hour's two they are.
        moment = moment_of(row.next_on, row.at, zone_called(row.zone))
        assert row.next_at == as_kept(moment).replace(fold=0)
        clock(moment - dt.timedelta(seconds=1))
        assert "Made: 0." in recur()
        clock(moment)
        assert "Made: 1." in recur()
        found.append(as_kept(moment))
    return found


def recur():
    out = StringIO()
    call_command("taskdock_recur", stdout=out)
    return out.getvalue()


def check(admin, clock, *, rule, start, at, zone):
    task = make_task("Report")
    clock(dt.datetime(start.year, start.month, start.day, tzinfo=dt.UTC) - dt.timedelta(days=2))
    shown = preview(admin, task, rule=rule, start=start, at=at, zone=zone)
    case = f"{rule} from {start} {at} {zone}"
    if shown is None:
        assert not TaskRecurrence.objects.exists(), case
        return 0
    assert shown, case
    assert copied(clock, task, 8) == shown, case
    days = RecurrenceRun.objects.values_list("occurs_on", flat=True).order_by("occurs_on")
    starts = Task.objects.exclude(pk=task.pk).values_list("start_date", flat=True)
    assert sorted(starts) == list(days), case
    return len(shown)


@pytest.mark.django_db
@pytest.mark.parametrize(("rule", "start", "zone"), RULES)
def test_listed_dates_are_copied(admin, clock, rule, start, zone):
    shown = check(
        admin, clock, rule=rule, start=dt.date.fromisoformat(start), at=dt.time(9), zone=zone
    )
    assert shown > 2


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(25))
def test_listed_dates_of_a_random_rule_are_copied(admin, clock, seed):
    (case,) = cases(1, f"front {seed}")
    check(admin, clock, rule=case.text, start=case.start, at=case.at, zone=case.zone)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ("FREQ=SECONDLY", "more often than daily"),
        ("FREQ=MINUTELY;INTERVAL=5", "more often than daily"),
        ("FREQ=HOURLY", "more often than daily"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR, which is not supported"),
        ("FREQ=DAILY;BYMINUTE=9", "BYMINUTE, which is not supported"),
        ("FREQ=DAILY;BYEASTER=1", "BYEASTER, which is not supported"),
        ("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT", "RSCALE, which is not supported"),
        ("FREQ=DAILY;X-NOTE=1", "X-NOTE, which is not supported"),
        ("EXDATE:20260101", "EXDATE, are not supported"),
        ("RDATE;VALUE=DATE:20260101", "RDATE, are not supported"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO, which can&#x27;t be used with FREQ=MONTHLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "BYMONTHDAY, which can&#x27;t be used with FREQ=WEEKLY"),
        ("FREQ=DAILY;BYYEARDAY=1", "BYYEARDAY, which can&#x27;t be used with FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "number before a day in BYDAY"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "can&#x27;t be used with BYWEEKNO"),
        ("FREQ=YEARLY;BYMONTH=1;BYDAY=6MO", "no month has"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS, which needs another part"),
        ("FREQ=DAILY;COUNT=1;UNTIL=20990101", "not both"),
        ("FREQ=WEEKLY;BYDAY=MO;BYDAY=TU", "BYDAY more than once"),
        ("FREQ=WEEKLY;BYDAY=", "a value in BYDAY"),
        ("FREQ=WEEKLY;BYDAY=MO,,TU", "a value in BYDAY"),
        ("FREQ=DAILY;INTERVAL=+2", "a value in INTERVAL"),
        ("FREQ=DAILY;INTERVAL=1001", "between 1 and 1000"),
        ("FREQ=DAILY;COUNT=0", "between 1 and 1000"),
        ("FREQ=YEARLY;BYMONTH=13", "between 1 and 12"),
        ("FREQ=YEARLY;BYMONTH=-1", "a value in BYMONTH"),
        ("FREQ=YEARLY;BYWEEKNO=54", "between -53 and 53"),
        ("FREQ=YEARLY;BYYEARDAY=-367", "between -366 and 366"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "between -31 and 31"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "that is 0"),
        ("FREQ=DAILY;UNTIL=20260230", "a value in UNTIL"),
        ("FREQ=DAILY;UNTIL=20260101T250000Z", "a value in UNTIL"),
        ("FREQ=DAILY;UNTIL=2026-01-01", "a value in UNTIL"),
        ("FREQ=FORTNIGHTLY", "a value in FREQ"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "no day fits all of its parts"),
        ("FREQ=DAILY;UNTIL=20000101", "no date that is still to come"),
        ("every Monday", "one rule by RFC 5545 on one line"),
    ],
)
def test_what_is_not_supported_is_refused_with_a_sentence(admin, rule, sentence):
    task = make_task()
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/repeats/add/"
    form = {"frequency": "RULE", "rule": rule, "interval": "1", "at": "09:00"}
    response = admin.client.post(
        path, {**form, "starts_on": "2026-01-05", "zone": "UTC"}, headers={"X-Taskdock-Panel": "1"}
    )
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not TaskRecurrence.objects.exists()
