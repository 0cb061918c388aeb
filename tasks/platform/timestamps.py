"""Moments as the API writes them."""

import datetime as dt

from django.utils import timezone


def utc_text(moment: dt.datetime) -> str:
    """UTC, ISO 8601, microseconds and ``Z``: ``2026-06-17T09:30:00.000000Z``.

    Where a host has ``USE_TZ = False``, its naive times are taken to be in its ``TIME_ZONE``.
    """
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def day_text(day: dt.date | None) -> str | None:
    """``YYYY-MM-DD``, or None."""
    return None if day is None else day.isoformat()
