"""Moments as the site at hand keeps them, and as the API tells them."""

import datetime as dt

from django.conf import settings
from django.utils import timezone


def utc(*numbers: int) -> dt.datetime:
    """A moment in UTC; where the site keeps local times, the local one."""
    return as_kept(dt.datetime(*numbers, tzinfo=dt.UTC))  # type: ignore[misc,arg-type]  # year, month, ...


def as_kept(moment: dt.datetime) -> dt.datetime:
    """The moment as a row of this site has it."""
    return moment if settings.USE_TZ else timezone.make_naive(moment)


def moment_text(moment: dt.datetime) -> str:
    """The moment of a row as the API tells it."""
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment.replace(fold=0), timezone.get_default_timezone())
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")
