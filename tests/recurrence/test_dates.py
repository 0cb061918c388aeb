"""The dates of rules, among them those on which readings of RFC 5545 differ."""

import datetime as dt
from itertools import islice

import pytest

from tasks.exceptions import RuleNeverFires
from tasks.recurring import first_after, parse_rule, zone_called
from tasks.recurring.refusals import RuleIsOver


def dates(text, start, *, number=4, at="09:00", zone="UTC"):
    days = parse_rule(text).days(
        dt.date.fromisoformat(start), at=dt.time.fromisoformat(at), zone=zone_called(zone)
    )
    return " ".join(f"{day}" for day in islice(days, number))


@pytest.mark.parametrize(
    ("text", "start", "expected"),
    [
        # A set counts from the start of its period, whatever the start of the rule.
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
            "2026-12-02",
            "2026-12-07 2026-12-14 2026-12-21 2026-12-28",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1",
            "2026-01-07",
            "2026-01-12 2026-01-19 2026-01-26 2026-02-02",
        ),
        (
            "FREQ=WEEKLY;BYDAY=SU,MO;BYSETPOS=1;WKST=SU",
            "2026-01-05",
            "2026-01-11 2026-01-18 2026-01-25 2026-02-01",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=2",
            "2026-01-15",
            "2026-02-03 2026-03-03 2026-04-02 2026-05-04",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=10,20,30;BYSETPOS=-1",
            "2026-01-25",
            "2026-01-30 2026-02-20 2026-03-30 2026-04-30",
        ),
        (
            "FREQ=YEARLY;BYDAY=MO;BYSETPOS=1,-1;COUNT=3",
            "2026-03-01",
            "2026-12-28 2027-01-04 2027-12-27",
        ),
        ("FREQ=DAILY;BYDAY=MO;BYSETPOS=-1;COUNT=2", "2026-01-06", "2026-01-12 2026-01-19"),
        # Weeks of the year: one day without BYDAY, of the year that the week belongs to.
        (
            "FREQ=YEARLY;BYWEEKNO=20",
            "2026-05-12",
            "2026-05-12 2027-05-18 2028-05-16 2029-05-15",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO",
            "2025-01-01",
            "2025-12-29 2027-01-04 2028-01-03 2029-01-01",
        ),
        (
            "FREQ=YEARLY;INTERVAL=2;BYWEEKNO=1;BYDAY=MO",
            "2025-12-29",
            "2025-12-29 2028-01-03 2029-12-31 2031-12-29",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=1",
            "2024-06-01",
            "2024-12-30 2025-12-29 2027-01-04 2028-01-03",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR",
            "2026-01-01",
            "2027-01-01 2032-12-31 2038-01-01 2044-01-01",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=52;BYDAY=SA,SU;COUNT=4",
            "2011-01-01",
            "2011-01-01 2011-01-02 2011-12-31 2012-01-01",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=-1;BYDAY=MO",
            "2026-01-01",
            "2026-12-28 2027-12-27 2028-12-25 2029-12-24",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=1;BYDAY=SU;WKST=SU",
            "2026-01-01",
            "2026-01-04 2027-01-03 2028-01-02 2028-12-31",
        ),
        (
            "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=5;BYMONTHDAY=12",
            "2026-01-01",
            "2026-05-12 2031-05-12 2032-05-12 2036-05-12",
        ),
        # Years far apart; the leap day.
        (
            "FREQ=YEARLY;INTERVAL=12",
            "2026-03-05",
            "2026-03-05 2038-03-05 2050-03-05 2062-03-05",
        ),
        (
            "FREQ=YEARLY;INTERVAL=12",
            "2024-02-29",
            "2024-02-29 2036-02-29 2048-02-29 2060-02-29",
        ),
        ("FREQ=YEARLY;INTERVAL=100", "2000-02-29", "2000-02-29 2400-02-29 2800-02-29 3200-02-29"),
        ("FREQ=YEARLY;INTERVAL=1000", "2026-01-05", "2026-01-05 3026-01-05 4026-01-05 5026-01-05"),
        ("FREQ=YEARLY", "2096-02-29", "2096-02-29 2104-02-29 2108-02-29 2112-02-29"),
        ("FREQ=YEARLY;BYYEARDAY=366", "2097-01-01", "2104-12-31 2108-12-31 2112-12-31 2116-12-31"),
        ("FREQ=YEARLY;BYYEARDAY=-366", "2026-01-01", "2028-01-01 2032-01-01 2036-01-01 2040-01-01"),
        ("FREQ=YEARLY;BYYEARDAY=60", "2026-01-01", "2026-03-01 2027-03-01 2028-02-29 2029-03-01"),
        # Days that a month lacks are left out and not counted.
        ("FREQ=MONTHLY;COUNT=3", "2026-01-31", "2026-01-31 2026-03-31 2026-05-31"),
        (
            "FREQ=MONTHLY;BYMONTHDAY=-31",
            "2026-02-01",
            "2026-03-01 2026-05-01 2026-07-01 2026-08-01",
        ),
        ("FREQ=MONTHLY;BYDAY=5MO", "2026-01-01", "2026-03-30 2026-06-29 2026-08-31 2026-11-30"),
        ("FREQ=MONTHLY;BYDAY=-5MO", "2026-01-01", "2026-03-02 2026-06-01 2026-08-03 2026-11-02"),
        (
            "FREQ=MONTHLY;BYDAY=1FR;BYMONTHDAY=1",
            "2026-01-01",
            "2026-05-01 2027-01-01 2027-10-01 2028-09-01",
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            "2026-01-01",
            "2026-02-13 2026-03-13 2026-11-13 2027-08-13",
        ),
        # Numbers of days are of the month with BYMONTH, else of the year.
        ("FREQ=YEARLY;BYDAY=20MO", "2026-01-01", "2026-05-18 2027-05-17 2028-05-15 2029-05-14"),
        (
            "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3,10",
            "2026-01-01",
            "2026-03-29 2026-10-25 2027-03-28 2027-10-31",
        ),
        ("FREQ=YEARLY;BYMONTHDAY=1", "2026-01-05", "2026-02-01 2026-03-01 2026-04-01 2026-05-01"),
        ("FREQ=YEARLY;BYMONTH=2,8", "2026-01-30", "2026-08-30 2027-08-30 2028-08-30 2029-08-30"),
        # Weeks that begin on another day.
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=MO",
            "1997-08-05",
            "1997-08-05 1997-08-10 1997-08-19 1997-08-24",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;WKST=SU",
            "1997-08-05",
            "1997-08-05 1997-08-17 1997-08-19 1997-08-31",
        ),
        (
            "FREQ=WEEKLY;BYMONTH=2;BYDAY=SA,SU",
            "2026-01-01",
            "2026-02-01 2026-02-07 2026-02-08 2026-02-14",
        ),
        # A start that the rule does not have is no date and is not counted.
        ("FREQ=WEEKLY;BYDAY=MO;COUNT=2", "2026-01-07", "2026-01-12 2026-01-19"),
        (
            "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO,FR;COUNT=3",
            "2026-01-07",
            "2026-01-09 2026-01-26 2026-01-30",
        ),
        (
            "FREQ=DAILY;INTERVAL=10;BYMONTH=1;COUNT=4",
            "2026-01-25",
            "2026-01-25 2027-01-10 2027-01-20 2027-01-30",
        ),
    ],
)
def test_rule_has_the_dates_of_the_rfc(text, start, expected):
    assert dates(text, start) == expected


@pytest.mark.parametrize(
    ("until", "at", "zone", "last"),
    [
        ("20260107T045959Z", "09:00", "America/New_York", "2026-01-06"),
        ("20260107T140000Z", "09:00", "America/New_York", "2026-01-07"),
        ("20260107T135959Z", "09:00", "America/New_York", "2026-01-06"),
        ("20260106T235959Z", "09:00", "Pacific/Auckland", "2026-01-07"),
        ("20260106T200000Z", "09:00", "Pacific/Auckland", "2026-01-07"),
        ("20260106T195959Z", "09:00", "Pacific/Auckland", "2026-01-06"),
        ("20260107", "23:59", "America/New_York", "2026-01-07"),
        ("20260107T000000", "00:00", "America/New_York", "2026-01-07"),
        ("20260107T090000", "09:00", "America/New_York", "2026-01-07"),
        ("20260107T085959", "09:00", "America/New_York", "2026-01-06"),
        # The hour that comes twice on 1 November counts as its first.
        ("20261101T053000Z", "01:30", "America/New_York", "2026-11-01"),
        ("20261101T052959Z", "01:30", "America/New_York", "2026-10-31"),
        # 02:30 is left out on 8 March and moves on to 03:30.
        ("20260308T073000Z", "02:30", "America/New_York", "2026-03-08"),
        ("20260308T072959Z", "02:30", "America/New_York", "2026-03-07"),
        ("20260107T235960Z", "23:59", "UTC", "2026-01-07"),
    ],
)
def test_until_bounds_the_moment_of_an_occurrence(until, at, zone, last):
    text = f"FREQ=DAILY;UNTIL={until}"
    assert dates(text, "2026-01-01", number=400, at=at, zone=zone).split()[-1] == last
    assert str(parse_rule(text)).replace("5959", "5960") == text.replace("5959", "5960")


@pytest.mark.parametrize("until", ["99991231T235959Z", "99991231", "99990101T000000"])
def test_until_far_away_is_no_end(until):
    text = f"FREQ=DAILY;UNTIL={until}"
    assert dates(text, "2199-12-31", number=1, zone="America/New_York") == "2199-12-31"
    assert dates("FREQ=DAILY;UNTIL=00010101T000000Z", "2026-01-01", zone="Asia/Tokyo") == ""


def test_day_that_a_zone_leaves_out_is_no_date_and_is_not_counted():
    text = "FREQ=DAILY;COUNT=3"
    assert dates(text, "2011-12-29", zone="Pacific/Apia") == "2011-12-29 2011-12-31 2012-01-01"
    assert dates(text, "2011-12-29", zone="Pacific/Auckland") == "2011-12-29 2011-12-30 2011-12-31"
    assert dates("FREQ=WEEKLY;COUNT=1", "2011-12-30", zone="Pacific/Apia") == "2012-01-06"


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=DAILY;INTERVAL=994;BYDAY=TU,WE,TH",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=3",
        "FREQ=WEEKLY;BYMONTH=1,5;BYDAY=MO,WE;BYSETPOS=-3,4",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30,31,-30",
        "FREQ=MONTHLY;BYDAY=2MO;BYMONTHDAY=1,2,3",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=2",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;BYDAY=1MO;BYMONTHDAY=8",
        "FREQ=YEARLY;BYWEEKNO=30;BYMONTH=1",
        "FREQ=YEARLY;BYYEARDAY=1,2;BYMONTHDAY=3",
    ],
)
def test_rule_that_never_has_a_date_ends_at_once(text):
    for start in ("2026-01-05", "2027-03-08"):  # Mondays
        assert dates(text, start) == ""


def test_leap_day_of_odd_years_never_comes():
    assert dates("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "2027-01-01") == ""
    assert dates("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=29", "2026-01-01", number=1) == (
        "2028-02-29"
    )


@pytest.mark.parametrize(
    "day", ["2026-01-04", "2026-01-05", "2026-01-06", "2030-07-01", "2040-01-01"]
)
def test_next_of_every_twelfth_year_does_not_depend_on_the_day_it_is_saved(day):
    rule, now = parse_rule("FREQ=YEARLY;INTERVAL=12"), dt.datetime.fromisoformat(f"{day}T08:00Z")
    found = first_after(
        rule,
        starts_on=dt.date(2026, 1, 5),
        at=dt.time(9),
        zone=zone_called("UTC"),
        since=now.date(),
        now=now,
    )
    assert found == next(d for d in rule.days(dt.date(2026, 1, 5)) if d >= now.date())


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", RuleNeverFires),
        ("FREQ=DAILY;COUNT=3", RuleIsOver),
        ("FREQ=DAILY;UNTIL=20251231", RuleIsOver),
        ("FREQ=YEARLY;UNTIL=20260601T000000Z", RuleIsOver),
    ],
)
def test_rule_without_a_date_to_come_says_whether_it_had_one(text, error):
    with pytest.raises(RuleNeverFires) as refusal:
        first_after(
            parse_rule(text),
            starts_on=dt.date(2026, 1, 5),
            at=dt.time(9),
            zone=zone_called("UTC"),
            since=dt.date(2026, 6, 1),
            now=dt.datetime(2026, 6, 1, tzinfo=dt.UTC),
        )
    assert type(refusal.value) is error
