"""RFC 5545's recurrence rules read day by day: an oracle that shares nothing with the expansion.

A rule is plain text here. Each day of some decades is looked at by itself: what it is called is
found by counting days one after another, and whether a rule has it by asking each part. The days
of a period are then a set, from which BYSETPOS takes some; UNTIL compares moments.
"""

import datetime as dt
from collections import defaultdict
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

NAMES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
FIRST, LAST = dt.date(1999, 1, 1), dt.date(2047, 12, 31)


class Day(NamedTuple):
    """A day, and its number in each span by the span's name, from the front and from the back."""

    date: dt.date
    name: str
    numbers: dict[str, tuple[int, int]]
    periods: dict[str, object]


@cache
def all_days():
    dates = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    spans = defaultdict(list)
    for date in dates:
        name = NAMES[date.weekday()]
        spans["month day", date.year, date.month].append(date)
        spans["year day", date.year].append(date)
        spans["month weekday", date.year, date.month, name].append(date)
        spans["year weekday", date.year, name].append(date)
    numbers, periods = defaultdict(dict), defaultdict(dict)
    for (kind, *_), members in spans.items():
        for number, date in enumerate(members):
            numbers[date][kind] = (number + 1, number - len(members))
    for wkst in NAMES:
        _number_weeks(wkst, dates, numbers, periods)
    months = sorted({(date.year, date.month) for date in dates})
    number_of_month = {month: number for number, month in enumerate(months)}
    for number, date in enumerate(dates):
        periods[date]["DAILY"] = number
        periods[date]["MONTHLY"] = number_of_month[date.year, date.month]
        periods[date]["YEARLY"] = date.year
    return [
        Day(date, NAMES[date.weekday()], numbers[date], periods[date])
        for date in dates
        if date >= dt.date(2000, 1, 1) and "week year " + NAMES[6] in periods[date]
    ]


def _number_weeks(wkst, dates, numbers, periods):
    """A week is of the year that has four of its days or more; its number is counted there."""
    weeks, of_year = [], defaultdict(list)
    for date in dates:
        if NAMES[date.weekday()] == wkst:
            weeks.append([])
        if weeks:
            weeks[-1].append(date)
    for number, week in enumerate(one for one in weeks if len(one) == 7):
        years = [date.year for date in week]
        of_year[max(years, key=years.count)].append(week)
        for date in week:
            periods[date]["WEEKLY " + wkst] = number
    for year, members in of_year.items():
        for number, week in enumerate(members):
            for date in week:
                numbers[date]["week " + wkst] = (number + 1, number - len(members))
                periods[date]["week year " + wkst] = year


def read(text, start, *, end, at, zone):
    """The dates of a rule from its start to ``end``, in a list."""
    parts = dict(part.split("=") for part in text.split(";"))
    freq, wkst = parts["FREQ"], parts.get("WKST", "MO")
    period = {"WEEKLY": "WEEKLY " + wkst}.get(freq, freq)
    if "BYWEEKNO" in parts:
        period = "week year " + wkst
    # Whole periods: a set counts from its beginning, which may be before the start.
    around = {"DAILY": 0, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 373}[freq]
    zero = all_days()[0].date
    days = all_days()[max((start - zero).days - around, 0) : (end - zero).days + around + 1]
    first = all_days()[(start - zero).days].periods[period]
    interval = int(parts.get("INTERVAL", 1))
    days = [day for day in days if (day.periods[period] - first) % interval == 0]
    for test in _tests(freq, parts, wkst, start):
        days = [day for day in days if test(day)]
    sets = defaultdict(list)
    for day in days:
        if day.date in dates_on_clocks(zone):
            sets[day.periods[period]].append(day.date)
    found = sorted(date for one in sets.values() for date in _chosen(one, parts))
    found = [date for date in found if date >= start]
    if "COUNT" in parts:
        found = found[: int(parts["COUNT"])]
    if "UNTIL" in parts:
        found = [date for date in found if _within(date, at, zone, parts["UNTIL"])]
    return [date for date in found if date <= end]


def _chosen(dates, parts):
    if "BYSETPOS" not in parts:
        return dates
    positions = {int(one) for one in parts["BYSETPOS"].split(",")}
    return [
        date
        for number, date in enumerate(dates)
        if number + 1 in positions or number - len(dates) in positions
    ]


def _tests(freq, parts, wkst, start):
    """What a day must be, part by part; what the rule leaves open is as on the start."""

    def numbered(kind, numbers):
        return lambda day: not numbers.isdisjoint(day.numbers[kind])

    tests = []
    if "BYMONTH" in parts:
        months = _integers(parts["BYMONTH"])
        tests.append(lambda day: day.date.month in months)
    kinds = {"BYWEEKNO": "week " + wkst, "BYYEARDAY": "year day", "BYMONTHDAY": "month day"}
    named = kinds.keys() & parts.keys()
    tests += [numbered(kinds[name], _integers(parts[name])) for name in named]
    if "BYDAY" in parts:
        monthly = freq == "MONTHLY" or "BYMONTH" in parts
        kind = "month weekday" if monthly else "year weekday"
        tests.append(lambda day: _is_named(day, parts["BYDAY"].split(","), kind))
    return tests + _as_on_the_start(freq, parts, start)


def _as_on_the_start(freq, parts, start):
    if freq == "DAILY" or parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}:
        return []
    if freq == "WEEKLY" or "BYWEEKNO" in parts:
        return [lambda day: day.date.weekday() == start.weekday()]
    tests = [lambda day: day.date.day == start.day]
    if freq == "YEARLY" and "BYMONTH" not in parts:
        tests.append(lambda day: day.date.month == start.month)
    return tests


def _integers(text):
    return {int(one) for one in text.split(",")}


def _is_named(day, entries, kind):
    for entry in entries:
        number = entry[:-2]
        if day.name == entry[-2:] and (not number or int(number) in day.numbers[kind]):
            return True
    return False


def _within(date, at, zone, until):
    if "T" not in until:
        return f"{date:%Y%m%d}" <= until
    if not until.endswith("Z"):
        return f"{date:%Y%m%d}T{at:%H%M%S}" <= until
    return f"{moment(date, at, zone):%Y%m%dT%H%M%SZ}" <= until


@cache
def dates_on_clocks(zone):
    """The dates that a clock in the zone shows."""
    here, shown = ZoneInfo(zone), set()
    instant = dt.datetime(FIRST.year, 1, 2, tzinfo=dt.UTC)
    while instant.date() < LAST:
        shown.add(instant.astimezone(here).date())
        instant += dt.timedelta(hours=6)
    return shown


def moment(date, at, zone):
    """When a clock first shows this time; where it never does, by the offset of the day before."""
    here, naive = ZoneInfo(zone), dt.datetime.combine(date, at)
    about = naive.replace(tzinfo=dt.UTC)
    nearby = [about + dt.timedelta(hours=hours) for hours in range(-30, 31, 6)]
    offsets = [instant.astimezone(here).utcoffset() for instant in nearby]
    fitting = [
        about - offset
        for offset in offsets
        if (about - offset).astimezone(here).replace(tzinfo=None) == naive
    ]
    return min(fitting) if fitting else about - offsets[0]
