"""Moments and days as the API writes them."""

import datetime as dt
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db.models import F, Func, TextField

from tasks.clock import instant_of_row

#: Constants, not parameters: those would be sent, and looked at, for every row of every answer.
_UTC_TEXT = """to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""


def utc_text(moment: dt.datetime) -> str:
    """UTC, ISO 8601, microseconds and ``Z``: ``2026-06-17T09:30:00.000000Z``."""
    utc = instant_of_row(moment).astimezone(dt.UTC).replace(tzinfo=None)
    return utc.isoformat(timespec="microseconds") + "Z"


def utc_text_in_database(column: str, connection: Any) -> Func | None:
    """``utc_text`` of a column, which PostgreSQL makes in a fraction of the time."""
    if connection.vendor != "postgresql" or not settings.USE_TZ:
        return None
    return Func(F(column), template=_UTC_TEXT, output_field=TextField())


@lru_cache(maxsize=1000)
def day_text(day: dt.date) -> str:
    """``YYYY-MM-DD``."""
    return day.isoformat()
