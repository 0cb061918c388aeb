"""Rules by RFC 5545, section 3.3.10: their text, their parts, and which parts go together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from tasks.exceptions import RulePartRefused, RuleTooFrequent, RuleUnreadable, RuleWithTwoEnds
from tasks.recurring.expansion import LAST_DATE, expand
from tasks.recurring.refusals import (
    NumberedDayMisplaced,
    NumberedDayOutOfMonth,
    RuleNotAlone,
    RuleNumberOutOfRange,
    RulePartMisplaced,
    RulePartRepeated,
    RuleValueUnreadable,
    SetPositionAlone,
)
from tasks.recurring.zones import days_left_out, moment_of

LONGEST = 255
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: The years in which a rule can start.
FIRST_YEAR, LAST_YEAR = 2000, 2199
MOST = 1000
MOST_OF_MONTH = 5
_FREQUENCIES = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}
_TOO_FREQUENT = {"SECONDLY", "MINUTELY", "HOURLY"}
#: Properties of a calendar that are often copied together with its RRULE.
_PROPERTIES = ("DTSTART", "DTEND", "DURATION", "RRULE", "EXRULE", "RDATE", "EXDATE")
#: An entry of BYDAY: which of them in the month or year, 0 for each, and the day.
NthDay = tuple[int, int]


def _number(part: str, text: str, least: int, most: int) -> int:
    """A number of a part; only parts that count from the end have signs."""
    if not re.fullmatch(r"[+-]?[0-9]{1,255}" if least < 0 else r"[0-9]{1,255}", text):
        raise RuleValueUnreadable(part)
    number = int(text)
    if number == 0 or not least <= number <= most:
        raise RuleNumberOutOfRange(part, least, most)
    return number


def _numbers(part: str, text: str, least: int, most: int) -> tuple[int, ...]:
    return tuple(_number(part, one, least, most) for one in text.split(","))


def _days(part: str, text: str) -> tuple[NthDay, ...]:
    found = []
    for one in text.split(","):
        match = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", one)
        if match is None:
            raise RuleValueUnreadable(part)
        nth = _number(part, match[1], -53, 53) if match[1] else 0
        found.append((nth, DAYS.index(match[2])))
    return tuple(found)


def _day(part: str, text: str) -> int:
    if text not in DAYS:
        raise RuleValueUnreadable(part)
    return DAYS.index(text)


def _until(part: str, text: str) -> dt.date:
    """A date, a local date and time, or one in UTC, which is aware."""
    match = re.fullmatch(
        r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?", text
    )
    if match is None:
        raise RuleValueUnreadable(part)
    year, month, day, *time, utc = match.groups()
    try:
        date = dt.date(int(year), int(month), int(day))
        if time[0] is None:
            return date
        hour, minute, second = map(int, time)
        if second == 60:  # noqa: PLR2004 (a leap second, which Python's clock does not have)
            second = 59
        at = dt.time(hour, minute, second, tzinfo=dt.UTC if utc else None)
    except ValueError as error:
        raise RuleValueUnreadable(part) from error
    return dt.datetime.combine(date, at)


def _frequency(part: str, text: str) -> str:
    if text in _TOO_FREQUENT:
        raise RuleTooFrequent
    if text not in _FREQUENCIES:
        raise RuleValueUnreadable(part)
    return text


_PARTS: dict[str, Callable[[str, str], Any]] = {
    "FREQ": _frequency,
    "INTERVAL": partial(_number, least=1, most=MOST),
    "COUNT": partial(_number, least=1, most=MOST),
    "UNTIL": _until,
    "BYMONTH": partial(_numbers, least=1, most=12),
    "BYWEEKNO": partial(_numbers, least=-53, most=53),
    "BYYEARDAY": partial(_numbers, least=-366, most=366),
    "BYMONTHDAY": partial(_numbers, least=-31, most=31),
    "BYDAY": _days,
    "BYSETPOS": partial(_numbers, least=-366, most=366),
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
    """A rule, its parts named as the RFC has them; ``str(rule)`` is its text.

    ``until`` is a date, a naive datetime (local) or an aware one (UTC).
    """

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

    def days(
        self,
        starts_on: dt.date,
        since: dt.date | None = None,
        *,
        at: dt.time = dt.time(),
        zone: ZoneInfo | None = None,
    ) -> Iterator[dt.date]:
        """Its dates from ``since`` on, in order; ``starts_on`` is one only if the rule has it.

        ``at`` and ``zone`` (UTC by default) decide where an ``UNTIL`` with a time ends, and which
        days exist there.
        """
        zone = zone or ZoneInfo("UTC")
        return expand(
            self,
            starts_on,
            since=starts_on if since is None else since,
            last=self.last_day(at, zone) or LAST_DATE,
            left_out=days_left_out(zone, FIRST_YEAR, LAST_YEAR),
        )

    def last_day(self, at: dt.time, zone: ZoneInfo) -> dt.date | None:
        """The last day whose occurrence, at this time in this zone, is within ``UNTIL``."""
        until = self.until
        if until is None or until.year > LAST_DATE.year:
            return None
        if not isinstance(until, dt.datetime):
            return until
        if until.year < FIRST_YEAR:
            return until.date()
        if until.tzinfo is None:
            late = at.replace(tzinfo=None) > until.time()
            return until.date() - dt.timedelta(days=late)
        day = until.astimezone(zone).date() + dt.timedelta(days=1)
        while moment_of(day, at, zone) > until:
            day -= dt.timedelta(days=1)
        return day


def _text(name: str, value: Any) -> str:
    match value:
        case dt.datetime():
            return f"{value:%Y%m%dT%H%M%S}" + ("Z" if value.tzinfo else "")
        case dt.date():
            return f"{value:%Y%m%d}"
        case tuple() if name == "byday":
            return ",".join(f"{nth or ''}{DAYS[day]}" for nth, day in value)
        case tuple():
            return ",".join(map(str, value))
        case _:
            return DAYS[value] if name == "wkst" else str(value)


def parse_rule(text: str) -> Rule:
    """The rule of a text by RFC 5545, with or without ``RRULE:`` before it, in any case.

    A folded line of a calendar file and blanks around the signs are accepted. Raises
    ``RuleUnreadable`` with its subclasses, ``RulePartRefused`` with its subclasses,
    ``RuleTooFrequent`` and ``RuleWithTwoEnds``.
    """
    text = re.sub(r"\r?\n[ \t]", "", text.strip()).upper()
    text = re.sub(r"[ \t]*([;=,:])[ \t]*", r"\1", text).removeprefix("RRULE:").removesuffix(";")
    if not text or len(text) > LONGEST:
        raise RuleUnreadable
    for line in text.splitlines():
        if re.match(rf"({'|'.join(_PROPERTIES)})[:;]", line):
            raise RuleNotAlone(re.split("[:;]", line)[0])
    values: dict[str, Any] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not re.fullmatch(r"[A-Z][A-Z-]{1,20}", name):
            raise RuleUnreadable
        if name not in _PARTS:
            raise RulePartRefused(name)
        if name in values:
            raise RulePartRepeated(name)
        values[name] = _PARTS[name](name, value)
    if "FREQ" not in values:
        raise RuleUnreadable
    rule = Rule(**{name.lower(): value for name, value in values.items()})
    _check_parts(rule, values)
    return rule


def _check_parts(rule: Rule, values: dict[str, Any]) -> None:
    """Refuse parts that the RFC does not have together."""
    if rule.count is not None and rule.until is not None:
        raise RuleWithTwoEnds
    for name, frequencies in _ONLY_WITH.items():
        if name in values and rule.freq not in frequencies:
            raise RulePartMisplaced(name, f"FREQ={rule.freq}")
    nths = [abs(nth) for nth, _ in rule.byday if nth]
    if nths and rule.freq not in {"MONTHLY", "YEARLY"}:
        raise NumberedDayMisplaced("BYDAY", f"FREQ={rule.freq}")
    if nths and rule.byweekno:
        raise NumberedDayMisplaced("BYDAY", "BYWEEKNO")
    if nths and (rule.freq == "MONTHLY" or rule.bymonth) and max(nths) > MOST_OF_MONTH:
        raise NumberedDayOutOfMonth("BYDAY", MOST_OF_MONTH)
    if rule.bysetpos and not any(name.startswith("BY") for name in values.keys() - {"BYSETPOS"}):
        raise SetPositionAlone("BYSETPOS")
