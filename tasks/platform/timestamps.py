"""Moments and days as the API writes them."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import F, Func, TextField, Value
from django.utils import timezone


def utc_text(moment: dt.datetime) -> str:
    """UTC, ISO 8601, microseconds and ``Z``: ``2026-06-17T09:30:00.000000Z``.

    Where a host has ``USE_TZ = False``, its naive times are taken to be in its ``TIME_ZONE``.
    """
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment, timezone.get_default_timezone())
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def utc_text_in_database(column: str, connection: Any) -> Func | None:
    """``utc_text`` of a column, which PostgreSQL makes in a fraction of the time."""
    if connection.vendor != "postgresql" or not settings.USE_TZ:
        return None
    in_utc = Func(Value("UTC"), F(column), function="timezone", output_field=TextField())
    form = Value('YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
    return Func(in_utc, form, function="to_char", output_field=TextField())


def day_text(day: dt.date) -> str:
    """``YYYY-MM-DD``."""
    return day.isoformat()
