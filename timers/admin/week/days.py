"""The days of a week, which begins where its reader's language has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple, Self

from tasks.admin.weeks import DAYS, first_of_week
from tasks.clock import today

#: Weeks further away than these years are nobody's, and near the end of what a date can be.
_YEARS = range(1900, 9999)


class Week(NamedTuple):
    """Seven days from ``first`` on."""

    first: dt.date

    @classmethod
    def of(cls, day: dt.date) -> Self:
        """The week with this day in it."""
        return cls(first_of_week(day))

    @property
    def days(self) -> Sequence[dt.date]:
        """All seven."""
        return [self.first + dt.timedelta(days=number) for number in range(DAYS)]

    @property
    def last(self) -> dt.date:
        """The seventh day."""
        return self.first + dt.timedelta(days=DAYS - 1)

    @property
    def previous(self) -> dt.date:
        """The first day of the week before."""
        return self.first - dt.timedelta(days=DAYS)

    @property
    def next(self) -> dt.date:
        """The first day of the week after."""
        return self.first + dt.timedelta(days=DAYS)

    @property
    def is_this(self) -> bool:
        """Whether today is in it."""
        return self.first <= today() <= self.last


def day_asked_for(text: str) -> dt.date | None:
    """The day of ``2026-11-23``; None for anything else."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None
