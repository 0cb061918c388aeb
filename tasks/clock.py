"""The site's day and its moments, whether it keeps aware times or naive ones.

Where a host has ``USE_TZ = False``, times are naive and in its ``TIME_ZONE``. An hour that the end
of summer time repeats is then in no row told from the one before it.
"""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def today() -> dt.date:
    """The day it is in the site's time zone."""
    now = timezone.now()
    return timezone.localdate(now) if timezone.is_aware(now) else now.date()


def instant(moment: dt.datetime) -> dt.datetime:
    """The moment as an aware one; of an hour that comes twice, the one that ``fold`` says."""
    if timezone.is_aware(moment):
        return moment
    # Of two moments in one zone Python would subtract and compare what the clock on the wall says.
    return timezone.make_aware(moment, timezone.get_default_timezone()).astimezone(dt.UTC)


def instant_of_row(moment: dt.datetime) -> dt.datetime:
    """The moment that a row has as an aware one; of an hour that comes twice, the first.

    Drivers make different guesses at which of the two it was; no database of naive times knows.
    """
    return moment if timezone.is_aware(moment) else instant(moment.replace(fold=0))


def after(duration: dt.timedelta) -> dt.datetime:
    """The moment so long from now, also across a change of summer time, as rows have it."""
    return as_kept(instant(timezone.now()) + duration)


def as_kept(moment: dt.datetime) -> dt.datetime:
    """An aware moment as the site's rows have it."""
    if settings.USE_TZ:
        return moment
    return timezone.make_naive(moment, timezone.get_default_timezone())


def start_of(day: dt.date) -> dt.datetime:
    """When a day of the site begins, as rows have it."""
    midnight = dt.datetime.combine(day, dt.time.min)
    return timezone.make_aware(midnight) if settings.USE_TZ else midnight


def day_of(moment: dt.datetime) -> dt.date:
    """The site's day of a moment that a row has."""
    return timezone.localdate(moment) if timezone.is_aware(moment) else moment.date()
