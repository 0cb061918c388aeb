"""Time zones of the IANA database, and the moment of a local date and time."""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from tasks.exceptions import ZoneUnknown

#: In the IANA database, but no zone: a machine's clock that nobody has set.
_NO_ZONES = {"Factory"}


@cache
def _names() -> dict[str, str]:
    """The zones of the IANA database, links such as ``US/Eastern`` included, by folded name.

    The list is that of the package ``tzdata`` and so the same on each machine. A machine's own
    files add names such as ``localtime``, ``posixrules`` and ``right/...``, and may lack links.
    """
    listed = files("tzdata").joinpath("zones").read_text("utf-8").split()
    return {name.casefold(): name for name in listed if name not in _NO_ZONES}


def zone_called(name: str) -> ZoneInfo:
    """The time zone of an IANA name, in any case; its ``key`` is the name as the database has it.

    Raises ``ZoneUnknown``, also where this machine has no usable data of the zone.
    """
    try:
        return ZoneInfo(_names()[name.casefold()])
    except (KeyError, ValueError, OSError) as error:
        raise ZoneUnknown from error


def moment_of(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """When a clock in the zone shows this time on this day, in UTC.

    A time that the zone leaves out is counted by the offset before the gap (RFC 5545, 3.3.5): it
    moves on by the length of the gap. Of a time that comes twice it is the first.
    """
    local = dt.datetime.combine(day, at.replace(tzinfo=None, fold=0), tzinfo=zone)
    return local.astimezone(dt.UTC)


@cache
def days_left_out(zone: ZoneInfo, first_year: int, last_year: int) -> frozenset[int]:
    """The ordinals of whole days that the zone leaves out, such as 30 December 2011 in Apia."""
    found: set[int] = set()
    offsets = [
        dt.datetime(year, 1, 1, tzinfo=zone).utcoffset()
        for year in range(first_year, last_year + 2)
    ]
    for number, year in enumerate(range(first_year, last_year + 1)):
        before, after = offsets[number : number + 2]
        # The date line is crossed: no other change is half as large, and none is taken back.
        if before is None or after is None or after - before < dt.timedelta(hours=12):
            continue
        start = dt.date(year, 1, 1)
        for day in (start + dt.timedelta(days=ahead) for ahead in range(366)):
            if moment_of(day, dt.time(), zone).astimezone(zone).date() != day:
                found.add(day.toordinal())
    return frozenset(found)
