"""When something comes again: rules by RFC 5545, the days they mean, and a day's moment.

A rule is about days, and has no time of day: ``BYHOUR`` and what is finer are not taken. So an
occurrence is a local date, which no change of a clock moves.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, weekday

from tasks.exceptions import (
    RuleNeverFires,
    RulePartRefused,
    RuleTooFrequent,
    RuleUnreadable,
    RuleWithTwoEnds,
    StartOutOfRange,
    ZoneUnknown,
)

LONGEST = 255
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: What doesn't come within so many days of what came before never comes.
WINDOW = dt.timedelta(days=3660)
FIRST_YEAR, LAST_YEAR = 2000, 2199
MOST = 1000
MOST_OF_MONTH = 5
_FREQUENCIES = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_TOO_FREQUENT = {"SECONDLY", "MINUTELY", "HOURLY"}
#: The library looks for a day until the year 9999 and can't be told to stop earlier. The calendar
#: is the same every 400 years, weekdays included, so it is asked about those shortly before.
_LATER = 7600
#: An entry of BYDAY: which of them in the month or year, 0 for each, and the day.
NthDay = tuple[int, int]


def _number(text: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,4}", text):
        raise RuleUnreadable
    number = int(text)
    if number == 0 or not least <= number <= most:
        raise RuleUnreadable
    return number


def _numbers(least: int, most: int) -> Callable[[str], tuple[int, ...]]:
    return lambda text: tuple(_number(part, least, most) for part in text.split(","))


def _days(text: str) -> tuple[NthDay, ...]:
    found = []
    for part in text.split(","):
        match = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", part)
        if match is None:
            raise RuleUnreadable
        nth = _number(match[1], -53, 53) if match[1] else 0
        found.append((nth, DAYS.index(match[2])))
    return tuple(found)


def _day(text: str) -> int:
    if text not in DAYS:
        raise RuleUnreadable
    return DAYS.index(text)


def _date(text: str) -> dt.date:
    match = re.fullmatch(r"([0-9]{8})(T[0-9]{6}Z?)?", text)
    if match is None:
        raise RuleUnreadable
    try:
        return dt.datetime.strptime(match[1], "%Y%m%d").date()  # noqa: DTZ007 (a date)
    except ValueError as error:
        raise RuleUnreadable from error


def _frequency(text: str) -> str:
    if text in _TOO_FREQUENT:
        raise RuleTooFrequent
    if text not in _FREQUENCIES:
        raise RuleUnreadable
    return text


_PARTS: dict[str, Callable[[str], Any]] = {
    "FREQ": _frequency,
    "INTERVAL": lambda text: _number(text, 1, MOST),
    "COUNT": lambda text: _number(text, 1, MOST),
    "UNTIL": _date,
    "BYMONTH": _numbers(1, 12),
    "BYWEEKNO": _numbers(-53, 53),
    "BYYEARDAY": _numbers(-366, 366),
    "BYMONTHDAY": _numbers(-31, 31),
    "BYDAY": _days,
    "BYSETPOS": _numbers(-366, 366),
    "WKST": _day,
}
#: With which frequencies the RFC has a part; the others go with each.
_ONLY_WITH = {
    "BYWEEKNO": {"YEARLY"},
    "BYYEARDAY": {"YEARLY"},
    "BYMONTHDAY": {"DAILY", "MONTHLY", "YEARLY"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule, its parts named as the RFC has them; ``str(rule)`` is its text."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: dt.date | None = None
    bymonth: tuple[int, ...] = ()
    byweekno: tuple[int, ...] = ()
    byyearday: tuple[int, ...] = ()
    bymonthday: tuple[int, ...] = ()
    byday: tuple[NthDay, ...] = ()
    bysetpos: tuple[int, ...] = ()
    wkst: int = 0

    def __str__(self) -> str:
        said = []
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name == "freq" or value != field.default:
                said.append(f"{field.name.upper()}={_text(field.name, value)}")
        return ";".join(said)

    def days(self, starts_on: dt.date, since: dt.date | None = None) -> Iterator[dt.date]:
        """The days it means, of those from ``since`` on; the first is the first that fits.

        Ends where none comes within ``WINDOW``.
        """
        since = max(starts_on, since or starts_on)
        latest = since
        for number, found in enumerate(self._found(self._nearer(starts_on, since))):
            day = found.date().replace(year=found.year - _LATER)
            if self.count is not None and number >= self.count:
                return
            if (self.until is not None and day > self.until) or day - latest > WINDOW:
                return
            if day >= since:
                latest = day
                yield day

    def _nearer(self, starts_on: dt.date, since: dt.date) -> dt.date:
        """A later start of the same days from ``since`` on, where they need not be counted."""
        steps = {"DAILY": self.interval, "WEEKLY": 7 * self.interval}
        if self.count is not None or self.freq not in steps:
            return starts_on
        step, ahead = steps[self.freq], (since - starts_on).days
        # A step less: a week of the rule may begin before the day of the week that it starts on.
        return starts_on + dt.timedelta(days=max(ahead // step - 1, 0) * step)

    def _found(self, starts_on: dt.date) -> Iterator[dt.datetime]:
        start = starts_on.replace(year=starts_on.year + _LATER)
        return iter(
            rrule(
                _FREQUENCIES[self.freq],  # type: ignore[arg-type]  # the stub's are literals
                dtstart=dt.datetime.combine(start, dt.time()),
                interval=self.interval,
                wkst=self.wkst,
                bymonth=self.bymonth or None,
                byweekno=self.byweekno or None,
                byyearday=self.byyearday or None,
                bymonthday=self.bymonthday or None,
                byweekday=[weekday(day, nth or None) for nth, day in self.byday] or None,
                bysetpos=self.bysetpos or None,
            )
        )


def _text(name: str, value: Any) -> str:
    if name == "byday":
        return ",".join(f"{nth or ''}{DAYS[day]}" for nth, day in value)
    if name == "wkst":
        return DAYS[value]
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return f"{value:%Y%m%d}" if isinstance(value, dt.date) else str(value)


def parse_rule(text: str) -> Rule:
    """The rule that a text is, by RFC 5545, with or without ``RRULE:`` before it.

    Raises ``RuleUnreadable``, ``RulePartRefused``, ``RuleTooFrequent`` and ``RuleWithTwoEnds``.
    """
    text = text.strip().upper().removeprefix("RRULE:").removesuffix(";")
    if not text or len(text) > LONGEST:
        raise RuleUnreadable
    values: dict[str, Any] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or name in values or not re.fullmatch(r"[A-Z]{3,10}", name):
            raise RuleUnreadable
        if name not in _PARTS:
            raise RulePartRefused(name)
        values[name] = _PARTS[name](value)
    if "FREQ" not in values:
        raise RuleUnreadable
    rule = Rule(**{name.lower(): value for name, value in values.items()})
    _check_parts(rule, values)
    return rule


def _check_parts(rule: Rule, values: dict[str, Any]) -> None:
    if rule.count is not None and rule.until is not None:
        raise RuleWithTwoEnds
    for name, frequencies in _ONLY_WITH.items():
        if name in values and rule.freq not in frequencies:
            raise RulePartRefused(name)
    counted = any(nth for nth, _ in rule.byday)
    of_month = rule.freq == "MONTHLY" or rule.bymonth
    too_many = of_month and any(abs(nth) > MOST_OF_MONTH for nth, _ in rule.byday)
    if counted and (rule.freq not in {"MONTHLY", "YEARLY"} or rule.byweekno or too_many):
        raise RulePartRefused("BYDAY")
    if rule.bysetpos and not any(name.startswith("BY") for name in values.keys() - {"BYSETPOS"}):
        raise RulePartRefused("BYSETPOS")


def check_start(starts_on: dt.date) -> None:
    """Raise ``StartOutOfRange`` where no rule can start on this day."""
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise StartOutOfRange(FIRST_YEAR, LAST_YEAR)


def zone_called(name: str) -> ZoneInfo:
    """The time zone of this IANA name. Raises ``ZoneUnknown``."""
    if not re.fullmatch(r"[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+)*", name) or len(name) > 64:  # noqa: PLR2004 (the column's)
        raise ZoneUnknown
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ZoneUnknown from error


def moment_of(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """When a clock in the zone shows this time on this day, in UTC.

    A time that the day leaves out moves on by what is left out; of one that comes twice it is the
    first.
    """
    local = dt.datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone)
    return local.astimezone(dt.UTC)


def first_after(
    rule: Rule, *, starts_on: dt.date, at: dt.time, zone: ZoneInfo, since: dt.date, now: dt.datetime
) -> dt.date:
    """The first day from ``since`` on whose moment is still to come. Raises ``RuleNeverFires``."""
    for day in rule.days(starts_on, since):
        if moment_of(day, at, zone) > now:
            return day
    raise RuleNeverFires
