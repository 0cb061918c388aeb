"""The moments of a rule that starts on a day, at a time of day in a zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from tasks.exceptions import RuleNeverFires, StartOutOfRange
from tasks.recurring.refusals import RuleIsOver
from tasks.recurring.rules import FIRST_YEAR, LAST_YEAR, Rule
from tasks.recurring.zones import moment_of


def check_start(starts_on: dt.date) -> None:
    """Raise ``StartOutOfRange`` where no rule can start on this day."""
    if not FIRST_YEAR <= starts_on.year <= LAST_YEAR:
        raise StartOutOfRange(FIRST_YEAR, LAST_YEAR)


def moments(
    rule: Rule,
    *,
    starts_on: dt.date,
    at: dt.time,
    zone: ZoneInfo,
    since: dt.date,
) -> Iterator[tuple[dt.date, dt.datetime]]:
    """The dates of a rule from ``since`` on, each with its moment in UTC."""
    for day in rule.days(starts_on, since, at=at, zone=zone):
        yield day, moment_of(day, at, zone)


def open_from(zone: ZoneInfo, last_on: dt.date | None, now: dt.datetime) -> dt.date:
    """The first day on which a copy may be made: not again on a day that has one.

    ``last_on`` is the last day that was copied, by whatever rule.
    """
    # A time that the spring leaves out may be that of the day before.
    yesterday = now.astimezone(zone).date() - dt.timedelta(days=1)
    return yesterday if last_on is None else max(yesterday, last_on + dt.timedelta(days=1))


def first_after(
    rule: Rule, *, starts_on: dt.date, at: dt.time, zone: ZoneInfo, since: dt.date, now: dt.datetime
) -> dt.date:
    """The first day from ``since`` on whose moment is still to come.

    Raises ``RuleNeverFires`` where the rule has no date at all, and ``RuleIsOver``, which is one
    too, where it has ended.
    """
    for day, moment in moments(rule, starts_on=starts_on, at=at, zone=zone, since=since):
        if moment > now:
            return day
    endless = replace(rule, count=None, until=None)
    if next(endless.days(starts_on, at=at, zone=zone), None) is None:
        raise RuleNeverFires
    raise RuleIsOver
