"""Weeks, which begin where the reader's language has it."""

import datetime as dt

from django.utils.formats import get_format

DAYS = 7


def first_of_week(day: dt.date) -> dt.date:
    """The first day of the week with this day in it, as Django's formats have it."""
    # Django counts from Sunday, Python from Monday.
    begins = (int(get_format("FIRST_DAY_OF_WEEK")) - 1) % DAYS
    return day - dt.timedelta(days=(day.weekday() - begins) % DAYS)
