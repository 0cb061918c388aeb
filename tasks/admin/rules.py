"""Rules of what repeats in words, in the language of whoever looks at the page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.dates import WEEKDAYS
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tasks.recurring import NthDay, Rule

#: Which of its kind in the month.
ORDINALS = {
    1: _("first"),
    2: _("second"),
    3: _("third"),
    4: _("fourth"),
    5: _("fifth"),
    -1: _("last"),
}
#: Each month has so many days, and so many of a weekday but one.
SHORTEST_MONTH, RARE_NTH = 28, 5
WORKING_DAYS = [0, 1, 2, 3, 4]


def in_words(rule: Rule, starts_on: dt.date, last: dt.date | None = None) -> str | None:
    """What a rule says, such as "Every 2 weeks on Monday, until 1 May 2027".

    None where it is more than the words know. ``last`` is the last day that ``UNTIL`` leaves; a
    rule whose ``UNTIL`` has a time of day has no words without it.
    """
    more = rule.bymonth or rule.byweekno or rule.byyearday or rule.bysetpos or rule.wkst
    often = None if more else _often(rule, starts_on)
    if often is None:
        return None
    if rule.until is not None:
        last = last or rule.until
        if isinstance(last, dt.datetime):
            return None
        until = date_format(last, "DATE_FORMAT")
        return gettext("%(often)s, until %(date)s") % {"often": often, "date": until}
    if rule.count is not None:
        words = ngettext("%(often)s, once", "%(often)s, %(count)d times", rule.count)
        return words % {"often": often, "count": rule.count}
    return often


def _often(rule: Rule, starts_on: dt.date) -> str | None:
    every, days = rule.interval, [day for _nth, day in rule.byday]
    match rule.freq, bool(rule.byday), bool(rule.bymonthday):
        case "DAILY", False, False:
            return ngettext("Every day", "Every %(n)d days", every) % {"n": every}
        case "WEEKLY", _either, False:
            return _weekly(every, days or [starts_on.weekday()])
        case "MONTHLY", False, _either:
            return _monthly(every, rule.bymonthday or (starts_on.day,))
        case "MONTHLY", True, False:
            return _nth(every, rule.byday)
        case "YEARLY", False, False:
            day = date_format(starts_on, "MONTH_DAY_FORMAT")
            words = ngettext("Every year on %(day)s", "Every %(n)d years on %(day)s", every)
            is_leap_day = (starts_on.month, starts_on.day) == (2, 29)
            return _where_there_is(words % {"n": every, "day": day}, is_rare=is_leap_day)
        case _:
            return None


def _weekly(every: int, days: Sequence[int]) -> str:
    if every == 1 and sorted(days) == WORKING_DAYS:
        return gettext("Every weekday, Monday to Friday")
    said = _listed([str(WEEKDAYS[day]) for day in sorted(set(days))])
    words = ngettext("Every week on %(days)s", "Every %(n)d weeks on %(days)s", every)
    return words % {"n": every, "days": said}


def _monthly(every: int, days: Sequence[int]) -> str | None:
    if days == (-1,):
        words = ngettext("Every month on its last day", "Every %(n)d months on the last day", every)
        return words % {"n": every}
    if len(days) != 1 or days[0] < 0:
        return None
    words = ngettext("Every month on day %(day)d", "Every %(n)d months on day %(day)d", every)
    is_rare = days[0] > SHORTEST_MONTH
    return _where_there_is(words % {"n": every, "day": days[0]}, is_rare=is_rare)


def _nth(every: int, byday: Sequence[NthDay]) -> str | None:
    if len(byday) != 1 or byday[0][0] not in ORDINALS:
        return None
    ((nth, day),) = byday
    words = ngettext(
        "Every month on the %(nth)s %(day)s", "Every %(n)d months on the %(nth)s %(day)s", every
    )
    said = words % {"n": every, "nth": ORDINALS[nth], "day": WEEKDAYS[day]}
    return _where_there_is(said, is_rare=nth == RARE_NTH)


def _where_there_is(often: str, *, is_rare: bool) -> str:
    """The words, with what becomes of months and years that lack the day: they are left out."""
    return gettext("%(often)s, where there is one") % {"often": often} if is_rare else often


def _listed(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    *first, last = names
    return gettext("%(some)s and %(last)s") % {"some": ", ".join(first), "last": last}
