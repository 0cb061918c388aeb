"""``taskdock_key``: a key on standard output, and nothing else."""

import datetime as dt
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from tasks.models import APIKey, HistoryEntry
from tasks.testing import make_user
from tests.conftest import API

pytestmark = pytest.mark.django_db


def key(*arguments):
    out, err = StringIO(), StringIO()
    call_command("taskdock_key", *arguments, stdout=out, stderr=err)
    assert err.getvalue() == ""
    return out.getvalue()


def refused(*arguments):
    with pytest.raises(CommandError) as caught:
        key(*arguments)
    assert not APIKey.objects.exists()
    return str(caught.value)


def test_key_is_all_that_is_printed_and_it_works():
    make_user(is_superuser=True)
    printed = key("Reporting")
    assert printed == printed.strip() + "\n"
    assert API(printed.strip()).get("/tasks").status_code == 200
    stored = APIKey.objects.get()
    assert (stored.name, stored.is_read_only, stored.expires_at) == ("Reporting", False, None)


def test_key_is_in_the_history():
    make_user(is_superuser=True)
    key("Reporting")
    entry = HistoryEntry.objects.get()
    assert (entry.verb, entry.subject_name, entry.door) == ("created", "Reporting", "command")


def test_key_without_user_is_the_first_active_superusers():
    make_user()
    make_user(is_superuser=True, is_active=False)
    first = make_user(is_superuser=True)
    make_user(is_superuser=True)
    key("Reporting")
    assert APIKey.objects.get().user_id == first.pk


def test_key_with_user_is_theirs():
    make_user(is_superuser=True)
    person = make_user(username="ann", is_staff=False)
    key("Reporting", "--user", "ann")
    assert APIKey.objects.get().user_id == person.pk


def test_read_only_key_writes_nothing():
    make_user(is_superuser=True)
    api = API(key("Reporting", "--read-only").strip())
    assert api.get("/tasks").status_code == 200
    assert api.post("/tasks").status_code == 403


@pytest.mark.parametrize(
    ("users", "arguments", "message"),
    [
        ([], ["Reporting"], "There is no active superuser"),
        ([{"is_superuser": False}], ["Reporting"], "There is no active superuser"),
        ([{"is_superuser": True, "is_active": False}], ["Reporting"], "no active superuser"),
        ([{"is_superuser": True}], ["Reporting", "--user", "bob"], "username 'bob'"),
        pytest.param(
            *([{"username": "Ann"}], ["Reporting", "--user", "ann"], "username 'ann'"),
            marks=pytest.mark.skipif(
                connection.vendor == "mysql", reason="compares logins as the site has them compared"
            ),
        ),
        ([{"username": "bob", "is_active": False}], ["R", "--user", "bob"], "'bob' is inactive"),
        ([{"is_superuser": True}], [""], "1 to 100 characters"),
        ([{"is_superuser": True}], ["  "], "1 to 100 characters"),
        ([{"is_superuser": True}], ["x" * 101], "1 to 100 characters"),
    ],
)
def test_key_for_nobody_or_without_a_name_is_refused(users, arguments, message):
    for fields in users:
        make_user(**fields)
    assert message in refused(*arguments)


@pytest.mark.parametrize(
    ("when", "zone", "expires"),
    [
        ("2099-01-31", "UTC", "2099-02-01T00:00:00+00:00"),
        ("2099-01-31", "Europe/Berlin", "2099-01-31T23:00:00+00:00"),
        ("2099-01-31T12:30", "UTC", "2099-01-31T12:30:00+00:00"),
        ("2099-07-31 12:30:15", "Europe/Berlin", "2099-07-31T10:30:15+00:00"),
        ("2099-01-31T12:30+05:30", "Europe/Berlin", "2099-01-31T07:00:00+00:00"),
        ("2099-01-31T12:30Z", "Europe/Berlin", "2099-01-31T12:30:00+00:00"),
    ],
)
def test_key_expires_when_it_is_told_to(settings, when, zone, expires):
    settings.TIME_ZONE = zone
    make_user(is_superuser=True)
    key("Reporting", "--expires", when)
    assert APIKey.objects.get().expires_at == dt.datetime.fromisoformat(expires)


def test_key_that_expires_today_works_until_midnight():
    make_user(is_superuser=True)
    today = timezone.localdate()
    key("Reporting", "--expires", today.isoformat())
    midnight = dt.datetime.combine(today, dt.time(), tzinfo=timezone.get_default_timezone())
    assert APIKey.objects.get().expires_at == midnight + dt.timedelta(days=1)


def test_key_expires_after_a_number_of_days():
    make_user(is_superuser=True)
    before = timezone.now()
    key("Reporting", "--expires", "90d")
    after = timezone.now()
    days = dt.timedelta(days=90)
    assert before + days <= APIKey.objects.get().expires_at <= after + days


@pytest.mark.parametrize("when", ["2001-01-31", "2001-01-31T12:00", "0d", "0001-01-01"])
def test_key_that_would_have_expired_is_refused(when):
    make_user(is_superuser=True)
    assert "is past" in refused("Reporting", "--expires", when)


@pytest.mark.parametrize(
    "when",
    ["", "soon", "90", "-90d", "90 d", "٣d", "1000000d", "2099-02-30", "9999-12-31", "31.01.2099"],
)
def test_key_with_an_unreadable_expiry_is_refused(when):
    make_user(is_superuser=True)
    assert "Can't read" in refused("Reporting", f"--expires={when}")
