"""Rules by RFC 5545: which are taken, what days they mean, and when a day's moment is."""

import datetime as dt
from importlib.resources import files
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.exceptions import (
    Invalid,
    RuleNeverFires,
    RulePartRefused,
    RuleTooFrequent,
    RuleUnreadable,
    RuleWithTwoEnds,
    StartOutOfRange,
    ZoneUnknown,
)
from tasks.recurring import check_start, first_after, moment_of, parse_rule, zone_called

START = dt.date(2026, 1, 5)  # a Monday


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", RuleUnreadable),
        ("BYDAY=MO", RuleUnreadable),
        ("FREQ=FORTNIGHTLY", RuleUnreadable),
        ("every Monday", RuleUnreadable),
        ("FREQ=DAILY;FREQ=DAILY", RuleUnreadable),
        ("FREQ=DAILY\nFREQ=WEEKLY", RuleUnreadable),
        ("RRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", RuleUnreadable),
        ("FREQ=DAILY;INTERVAL=0", RuleUnreadable),
        ("FREQ=DAILY;INTERVAL=-1", RuleUnreadable),
        ("FREQ=DAILY;INTERVAL=1001", RuleUnreadable),
        ("FREQ=DAILY;INTERVAL=" + "9" * 5000, RuleUnreadable),
        ("FREQ=DAILY;COUNT=100000", RuleUnreadable),
        ("FREQ=DAILY;UNTIL=20261301", RuleUnreadable),
        ("FREQ=DAILY;UNTIL=tomorrow", RuleUnreadable),
        ("FREQ=MONTHLY;BYMONTHDAY=32", RuleUnreadable),
        ("FREQ=MONTHLY;BYMONTHDAY=0", RuleUnreadable),
        ("FREQ=WEEKLY;BYDAY=XX", RuleUnreadable),
        ("FREQ=DAILY;INTERVAL=\u0661", RuleUnreadable),
        ("FREQ=DAILY;\x00=1", RuleUnreadable),
        ("FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 200), RuleUnreadable),
        ("FREQ=SECONDLY", RuleTooFrequent),
        ("FREQ=MINUTELY", RuleTooFrequent),
        ("FREQ=HOURLY;INTERVAL=24", RuleTooFrequent),
        ("FREQ=DAILY;BYHOUR=9", RulePartRefused),
        ("FREQ=DAILY;BYSECOND=0", RulePartRefused),
        ("FREQ=YEARLY;BYEASTER=0", RulePartRefused),
        ("FREQ=DAILY;RDATE=20260101", RulePartRefused),
        ("FREQ=WEEKLY;BYMONTHDAY=1", RulePartRefused),
        ("FREQ=MONTHLY;BYWEEKNO=1", RulePartRefused),
        ("FREQ=DAILY;BYYEARDAY=1", RulePartRefused),
        ("FREQ=WEEKLY;BYDAY=1MO", RulePartRefused),
        ("FREQ=MONTHLY;BYDAY=53MO", RulePartRefused),
        ("FREQ=MONTHLY;BYSETPOS=1", RulePartRefused),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", RuleWithTwoEnds),
    ],
)
def test_rule_that_is_none_is_refused(text, error):
    with pytest.raises(error):
        parse_rule(text)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTHDAY=31;BYDAY=MO;BYMONTH=4",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=YEARLY;BYWEEKNO=53;BYMONTHDAY=15",
        "FREQ=DAILY;UNTIL=20251231",
    ],
)
def test_rule_without_a_day_has_none_and_is_refused(text):
    rule = parse_rule(text)
    assert list(rule.days(START)) == []
    with pytest.raises(RuleNeverFires):
        first_after(
            rule,
            starts_on=START,
            at=dt.time(9),
            zone=ZoneInfo("UTC"),
            since=START,
            now=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("FREQ=DAILY;INTERVAL=3", "01-05 01-08 01-11"),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "01-05 01-19 02-02"),
        ("freq=weekly;byday=tu,th;", "01-06 01-08 01-13"),
        ("FREQ=WEEKLY", "01-05 01-12 01-19"),
        ("FREQ=MONTHLY;BYMONTHDAY=31", "01-31 03-31 05-31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "01-31 02-28 03-31"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "01-30 02-27 03-27"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "01-30 02-27 03-31"),
        ("FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=1;COUNT=1", "04-01"),
        ("FREQ=DAILY;COUNT=2", "01-05 01-06"),
        ("FREQ=DAILY;UNTIL=20260106T235959Z", "01-05 01-06"),
        (" rrule: FREQ = WEEKLY ; BYDAY = TU , TH ; ", "01-06 01-08 01-13"),
        ("RRULE:FREQ=WEEKLY;BYDAY=TU,\r\n TH\r\n", "01-06 01-08 01-13"),
        ("BYDAY=+1TU;FREQ=MONTHLY", "01-06 02-03 03-03"),
        ("FREQ=MONTHLY;BYMONTHDAY=07,+08;INTERVAL=002", "01-07 01-08 03-07"),
        ("FREQ=WEEKLY;BYDAY=TU,TU,TU", "01-06 01-13 01-20"),
    ],
)
def test_rule_means_these_days(text, days):
    rule = parse_rule(text)
    assert " ".join(f"{day:%m-%d}" for day in islice(rule.days(START), 3)) == days
    assert parse_rule(str(rule)) == rule


def test_leap_day_comes_every_four_years():
    days = parse_rule("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29").days(START)
    assert [day.year for day in islice(days, 3)] == [2028, 2032, 2036]


RULES = st.builds(
    lambda freq, interval, byday: f"FREQ={freq};INTERVAL={interval}" + byday,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 9),
    st.sampled_from(["", ";BYDAY=MO", ";BYDAY=SU,WE;WKST=SU", ";BYMONTH=3,10"]),
)
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1))
ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia"]
)


@given(RULES, DATES, st.integers(0, 3000))
def test_days_since_a_day_are_those_of_all_days(text, start, later):
    rule, since = parse_rule(text), start + dt.timedelta(days=later)
    end = since + dt.timedelta(days=800)
    every = [day for day in _until(rule.days(start), end) if day >= since]
    assert list(_until(rule.days(start, since), end)) == every


def _until(days, end):
    for day in days:
        if day > end:
            return
        yield day


@given(
    st.text("FREQ=;BYDAMONTHWKUSEP,0123456789-LI", max_size=40)
    | st.builds(
        "FREQ={};{}={},{}".format,
        st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
        st.sampled_from(["BYMONTH", "BYWEEKNO", "BYYEARDAY", "BYMONTHDAY", "BYSETPOS"]),
        st.integers(-400, 400),
        st.integers(-400, 400),
    )
)
def test_any_text_is_a_rule_or_refused(text):
    try:
        rule = parse_rule(text)
    except Invalid:
        return
    next(rule.days(START), None)


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("zone", "local", "utc"),
    [
        (BERLIN, "2026-03-28T09:00", "2026-03-28T08:00"),
        (BERLIN, "2026-03-29T09:00", "2026-03-29T07:00"),
        (BERLIN, "2026-10-25T09:00", "2026-10-25T08:00"),
        # Left out by the spring: moves on. Twice in autumn: the first.
        (BERLIN, "2026-03-29T02:30", "2026-03-29T01:30"),
        (BERLIN, "2026-10-25T02:30", "2026-10-25T00:30"),
        ("America/New_York", "2026-11-01T01:30", "2026-11-01T05:30"),
        ("Asia/Kolkata", "2026-01-01T09:00", "2026-01-01T03:30"),
    ],
)
def test_clock_of_the_zone_says_when(zone, local, utc):
    at = dt.datetime.fromisoformat(local)
    moment = moment_of(at.date(), at.time(), zone_called(zone))
    assert moment == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


@given(RULES, DATES, st.times(), ZONES)
def test_moments_follow_each_other(text, start, at, zone):
    """Two at the same time are where a zone leaves out a whole day."""
    days = islice(parse_rule(text).days(start), 20)
    moments = [moment_of(day, at, zone_called(zone)) for day in days]
    assert all(one <= other for one, other in pairwise(moments))


@pytest.mark.parametrize(
    "name",
    [
        *("", "Europe", "Mars/Olympus", "../etc/passwd", "/etc/localtime", "\x00", "x" * 65),
        # Files of a machine's database that are no zones of IANA's, and differ between machines.
        *("localtime", "LOCALTIME", "Factory", "factory", "posixrules", "leapseconds", "tzdata.zi"),
        *("right/Europe/Berlin", "posix/Europe/Berlin", "right/UTC", "zone.tab", "+VERSION"),
        *(" Europe/Berlin", "Europe/Berlin\n", "Europe//Berlin", "./Europe/Berlin", "Europe/"),
        *("CEST", "UTC+1", "GMT+1", "Etc/GMT+15", "W. Europe Standard Time", "TZID=UTC"),
    ],
)
def test_zone_that_is_none_is_refused(name):
    with pytest.raises(ZoneUnknown):
        zone_called(name)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("europe/BERLIN", "Europe/Berlin"),
        ("US/Eastern", "US/Eastern"),
        ("Europe/Kiev", "Europe/Kiev"),
        ("Europe/Kyiv", "Europe/Kyiv"),
        ("utc", "UTC"),
        ("Etc/GMT+12", "Etc/GMT+12"),
        ("EST5EDT", "EST5EDT"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_zone_of_the_database_is_taken_by_its_name_there(name, key):
    assert zone_called(name).key == key


def test_each_zone_that_is_listed_can_be_used():
    for name in files("tzdata").joinpath("zones").read_text().split():
        if name != "Factory":
            assert zone_called(name).key == name


@pytest.mark.parametrize("year", [1, 1999, 2200, 9999])
def test_start_far_away_is_refused(year):
    with pytest.raises(StartOutOfRange):
        check_start(dt.date(year, 1, 1))
