"""The dates of a rule, by RFC 5545, section 3.3.10.

Each period of a rule (day, week, month or year) has a set of dates, to which ``BYSETPOS`` applies.
Days are proleptic Gregorian ordinals here, as ``date.toordinal`` counts them.

``FREQ=YEARLY`` with ``BYWEEKNO`` counts in week-numbering years, as ISO 8601 does: the days around
New Year belong to the year of their week.
"""

from __future__ import annotations

import calendar
import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from dataclasses import replace
from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tasks.recurring.rules import NthDay, Rule

#: No rule has a later date. It leaves space for time zones and due dates before ``date.max``.
LAST_DATE = dt.date(9900, 12, 31)
#: The Gregorian calendar repeats after 400 years, weekdays included.
CYCLE_YEARS, CYCLE_DAYS = 400, 146_097


def expand(
    rule: Rule,
    starts_on: dt.date,
    *,
    since: dt.date,
    last: dt.date = LAST_DATE,
    left_out: Collection[int] = (),
) -> Iterator[dt.date]:
    """The dates of a rule from ``since`` to ``last``, in order.

    ``starts_on`` is ``DTSTART``: it fixes the first period and the parts that the rule leaves out,
    and is a date only if the rule has it. ``COUNT`` counts dates of the rule from there;
    ``left_out`` are ordinals of days that do not exist in the rule's time zone. The work is
    bounded: the sets repeat with the calendar, so the search ends after one cycle without a date.
    """
    first, wanted, end = starts_on.toordinal(), max(since, starts_on).toordinal(), last.toordinal()
    periods = _PERIODS[rule.freq](_complete(rule, starts_on), first)
    number = periods.number_of(starts_on)
    if rule.count is None and since > starts_on:
        number += (periods.number_of(since) - number) // periods.step * periods.step
    final = periods.number_of(min(last, LAST_DATE))
    # A day that is left out can make one set empty that is not empty in the next cycle.
    longest_gap = periods.cycle // gcd(periods.cycle, periods.step) + len(left_out)
    counted = empty = 0
    while number <= final and empty < longest_gap:
        found = periods.dates_of(number, left_out)
        empty = 0 if found else empty + 1
        for day in found:
            if day < first:
                continue
            counted += 1
            if day > end or (rule.count is not None and counted > rule.count):
                return
            if day >= wanted:
                yield dt.date.fromordinal(day)
        number += periods.step


def _complete(rule: Rule, starts_on: dt.date) -> Rule:
    """The rule with the parts that it takes from its start."""
    if rule.freq == "DAILY" or rule.byday or rule.bymonthday or rule.byyearday:
        return rule
    if rule.freq == "WEEKLY" or rule.byweekno:
        return replace(rule, byday=((0, starts_on.weekday()),))
    rule = replace(rule, bymonthday=(starts_on.day,))
    if rule.freq == "YEARLY" and not rule.bymonth:
        rule = replace(rule, bymonth=(starts_on.month,))
    return rule


class _Periods(ABC):
    """The periods of one frequency, numbered without gaps, and the days of the rule in each."""

    #: After how many periods the sets are the same again.
    cycle: int

    def __init__(self, rule: Rule, first: int) -> None:
        self.rule, self.first = rule, first
        #: From one period of the rule to the next.
        self.step = rule.interval
        #: Days from the first of a period on, by the kind of the period: there are few kinds.
        self._known: dict[tuple[int, ...], list[int]] = {}

    @abstractmethod
    def number_of(self, day: dt.date) -> int:
        """The number of the period that has this day."""

    @abstractmethod
    def days_of(self, number: int) -> Collection[int]:
        """The days of the rule in a period, before ``BYSETPOS``, in any order."""

    def dates_of(self, number: int, left_out: Collection[int]) -> list[int]:
        """The dates of the rule in a period, in order."""
        days = sorted(day for day in self.days_of(number) if day not in left_out)
        if not self.rule.bysetpos:
            return days
        return [days[position] for position in sorted(_counted(self.rule.bysetpos, 0, len(days)))]


class _Weeks(_Periods):
    def __init__(self, rule: Rule, first: int) -> None:
        super().__init__(rule, first)
        positions = _counted(rule.bysetpos, 0, len(set(rule.byday)))
        # Without months each week has the same days, and positions beyond them have none ever.
        is_even = not rule.bymonth or (rule.bysetpos and not positions)
        self.cycle = 1 if is_even else CYCLE_DAYS // 7

    def number_of(self, day: dt.date) -> int:
        return (day.toordinal() - 1 - self.rule.wkst) // 7

    def days_of(self, number: int) -> Collection[int]:
        months = self.rule.bymonth
        days = _weekdays(self.rule.byday, number * 7 + 1 + self.rule.wkst, 7)
        return {day for day in days if not months or dt.date.fromordinal(day).month in months}


class _Months(_Periods):
    cycle = CYCLE_YEARS * 12

    def number_of(self, day: dt.date) -> int:
        return day.year * 12 + day.month - 1

    def days_of(self, number: int) -> Collection[int]:
        if self.rule.bymonth and number % 12 + 1 not in self.rule.bymonth:
            return ()
        first, length = _month(number // 12, number % 12 + 1)
        kind = (first % 7, length)
        if kind not in self._known:
            self._known[kind] = [day - first for day in self._found(first, length)]
        return [first + day for day in self._known[kind]]

    def _found(self, first: int, length: int) -> set[int]:
        parts = []
        if self.rule.bymonthday:
            parts.append(_counted(self.rule.bymonthday, first, length))
        if self.rule.byday:
            parts.append(_weekdays(self.rule.byday, first, length))
        return set.intersection(*parts)


class _Years(_Periods):
    cycle = CYCLE_YEARS

    def number_of(self, day: dt.date) -> int:
        if not self.rule.byweekno:
            return day.year
        number = day.toordinal()
        return (
            day.year
            - (number < self._week_one(day.year))
            + (number >= self._week_one(day.year + 1))
        )

    def days_of(self, number: int) -> Collection[int]:
        first = _year(number)[0]
        # The first day of week one, and so all weeks, follow from these too.
        kind = (first % 7, *(calendar.isleap(number + ahead) for ahead in (-1, 0, 1)))
        if kind not in self._known:
            self._known[kind] = [day - first for day in self._found(number)]
        return [first + day for day in self._known[kind]]

    def _found(self, year: int) -> set[int]:
        if not self.rule.byweekno:
            return self._of_calendar_year(year)
        start, end = self._week_one(year), self._week_one(year + 1)
        weeks = _counted(self.rule.byweekno, 0, (end - start) // 7)
        days = {start + week * 7 + day for week in weeks for day in range(7)}
        near = [self._of_calendar_year(year + ahead) for ahead in (-1, 0, 1)]
        return days & set().union(*near)

    def _of_calendar_year(self, year: int) -> set[int]:
        rule = self.rule
        months = [_month(year, month) for month in rule.bymonth or range(1, 13)]
        parts = []
        if rule.bymonth:
            parts.append({day for first, length in months for day in range(first, first + length)})
        if rule.byyearday:
            parts.append(_counted(rule.byyearday, *_year(year)))
        if rule.bymonthday:
            parts.append(set().union(*(_counted(rule.bymonthday, *month) for month in months)))
        if rule.byday:
            spans = months if rule.bymonth else [_year(year)]
            parts.append(set().union(*(_weekdays(rule.byday, *span) for span in spans)))
        if not parts:
            first, length = _year(year)
            return set(range(first, first + length))
        return set.intersection(*parts)

    def _week_one(self, year: int) -> int:
        """The first day of the first week with four days or more in the year."""
        first = _year(year)[0]
        before = (first - 1 - self.rule.wkst) % 7
        return first - before + (7 if before > 3 else 0)  # noqa: PLR2004 (of the seven days)


class _Days(_Years):
    """The days of ``FREQ=DAILY``, found by years: each day is a set of its own."""

    def __init__(self, rule: Rule, first: int) -> None:
        super().__init__(rule, first)
        self.step, self.cycle = 1, CYCLE_YEARS * rule.interval // gcd(rule.interval, CYCLE_DAYS)
        #: A set of one day has no position but the first and the last.
        self.has_dates = not rule.bysetpos or not {1, -1}.isdisjoint(rule.bysetpos)

    def dates_of(self, number: int, left_out: Collection[int]) -> list[int]:
        if not self.has_dates:
            return []
        days = (day for day in self.days_of(number) if day not in left_out)
        return sorted(day for day in days if (day - self.first) % self.rule.interval == 0)


_PERIODS: dict[str, type[_Periods]] = {
    "DAILY": _Days,
    "WEEKLY": _Weeks,
    "MONTHLY": _Months,
    "YEARLY": _Years,
}


def _month(year: int, month: int) -> tuple[int, int]:
    """The first day of a month and its length in days."""
    return dt.date(year, month, 1).toordinal(), calendar.monthrange(year, month)[1]


def _year(year: int) -> tuple[int, int]:
    """The first day of a year and its length in days."""
    return dt.date(year, 1, 1).toordinal(), 365 + calendar.isleap(year)


def _counted(numbers: Collection[int], first: int, length: int) -> set[int]:
    """The days of a span by their numbers: 1 is its first day, -1 its last."""
    return {
        first + (number - 1 if number > 0 else length + number)
        for number in numbers
        if abs(number) <= length
    }


def _weekdays(byday: Collection[NthDay], first: int, length: int) -> set[int]:
    """The days of a span by their weekdays, each or the nth of the span."""
    found: set[int] = set()
    for nth, weekday in byday:
        days = range(first + (weekday - first + 1) % 7, first + length, 7)
        if nth == 0:
            found.update(days)
        elif abs(nth) <= len(days):
            found.add(days[nth - 1 if nth > 0 else nth])
    return found
