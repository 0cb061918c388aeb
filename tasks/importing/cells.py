"""The text of a cell, read as what its field is."""

import datetime as dt
import re
import time
from collections.abc import Sequence
from decimal import Decimal

from django.utils import timezone

from tasks.clock import as_kept
from tasks.folding import is_blank
from tasks.inputs import SWITCHES, parse_day

#: Formats of timestamps that ``strptime`` has no code for, by the names that a mapping gives them.
EPOCH, EPOCH_MS, ISO, JAVASCRIPT = "epoch", "epoch_ms", "iso", "javascript"
NAMED_FORMATS = (EPOCH, EPOCH_MS, ISO, JAVASCRIPT)

#: What a format must be.
FORMATS = (
    f"neither one of {', '.join(NAMED_FORMATS)} nor made of codes of Python's strptime that say a "
    "year, as %d.%m.%Y"
)
_SAMPLE = dt.datetime(2026, 11, 23, 21, 45, 56, tzinfo=dt.UTC)
#: The same day of the week, week and day of another year.
_OTHER_YEAR = _SAMPLE.replace(year=2015)

_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_NUMBER = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
#: ISO 8601's extended form, without ordinal days and weeks.
_TIMESTAMP = re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?", re.ASCII)
#: JavaScript's ``Date.prototype.toString`` puts the name of the zone behind.
_ZONE_NAME = re.compile(r"\s*\([^)]*\)\Z")
_JAVASCRIPT = "%a %b %d %Y %H:%M:%S GMT%z"


class Unreadable(ValueError):
    """The text is not what its field is; the message says what that would be."""


def is_format(form: str) -> bool:
    """Whether dates can be read by a format. Without a year they would all be of 1900."""
    if form in NAMED_FORMATS:
        return True
    try:
        if _SAMPLE.strftime(form) == _OTHER_YEAR.strftime(form):
            # It says no year. Newer versions of Python warn where strptime reads such a format.
            return False
        return dt.datetime.strptime(_SAMPLE.strftime(form), form).year == _SAMPLE.year  # noqa: DTZ007 (a year)
    except (ValueError, re.error):
        return False


def day(text: str, formats: Sequence[str], zone: dt.tzinfo) -> dt.date | None:
    """A day: as the formats say, or else ISO 8601, with or without a time. None for nothing.

    A timestamp with an offset is on the day that it has in ``zone``.
    """
    if not text:
        return None
    if not formats and (found := parse_day(text)) is not None:
        return found
    try:
        moment = _formatted(text, formats) if formats else _iso(text)
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable(
            f"{text!r} is not a day as 2026-06-30; give its formats in the mapping."
        ) from None
    if timezone.is_naive(moment):
        return moment.date()
    try:
        return moment.astimezone(zone).date()
    except OverflowError:
        raise Unreadable(f"{text!r} is no day that can be stored.") from None


def moment(text: str, formats: Sequence[str], zone: dt.tzinfo) -> dt.datetime | None:
    """A moment: as the formats say, or else ISO 8601; in ``zone`` unless it says otherwise."""
    if not text:
        return None
    try:
        found = _formatted(text, formats) if formats else _isoformat(text)
    except Unreadable:
        raise
    except ValueError:
        raise Unreadable(
            f"{text!r} is not a moment as 2026-06-30T09:30; give its formats in the mapping."
        ) from None
    try:
        if timezone.is_naive(found):
            found = timezone.make_aware(found, zone)
        found = found.astimezone(dt.UTC)
        # Room for every zone that it may be shown in.
        _ = found - dt.timedelta(days=2), found + dt.timedelta(days=2)
    except OverflowError:
        raise Unreadable(f"{text!r} is no moment that can be stored.") from None
    return as_kept(found)


def switch(text: str) -> bool:
    """On or off, in the API's words, in any case."""
    found = SWITCHES.get(text.casefold())
    if found is None:
        raise Unreadable(f"{text!r} is neither yes nor no.")
    return found


def completion(
    text: str, formats: Sequence[str], zone: dt.tzinfo
) -> tuple[bool, dt.datetime | None]:
    """Whether the text says that a task is completed, and when, if it is a date.

    A text completes the task unless it is empty or a word for no. One with digits in it must be a
    date, so that none is lost.
    """
    on = SWITCHES.get(text.casefold())
    if on is not None:
        return on, None
    if not formats and not any(map(str.isdecimal, text)):
        return True, None
    return True, moment(text, formats, zone)


def split(text: str, separator: str) -> list[str]:
    """The items between the separators, without blanks around them and without empty ones.

    An item that begins with a double quote ends with the next one, whatever is between them; a
    quote inside is doubled. Quotes elsewhere are ordinary characters. ``join`` is the inverse.
    """
    if '"' not in text:
        return [part.strip() for part in text.split(separator) if not is_blank(part)]
    items = []
    position = 0
    quoted = re.compile(rf'\s*"((?:[^"]|"")*)"\s*(?:{re.escape(separator)}|\Z)')
    while position < len(text):
        if (match := quoted.match(text, position)) is not None:
            item, position = match[1].replace('""', '"'), match.end()
        else:
            end = text.find(separator, position)
            end = len(text) if end < 0 else end
            item, position = text[position:end], end + len(separator)
        if not is_blank(item):
            items.append(item.strip())
    return items


def join(items: Sequence[str], separator: str) -> str:
    """A text that ``split`` divides into these items; they have no blanks around them."""
    special = separator.strip() or separator
    return f"{separator} ".join(
        '"' + item.replace('"', '""') + '"'
        if item.startswith('"') or any(char in item for char in special)
        else item
        for item in items
    )


def _formatted(text: str, formats: Sequence[str]) -> dt.datetime:
    for form in formats:
        try:
            return _parsed(text, form)
        except (ValueError, OverflowError):
            continue
    raise Unreadable(f"{text!r} is not written as {' or '.join(formats)}.")


def _parsed(text: str, form: str) -> dt.datetime:
    if form in {EPOCH, EPOCH_MS}:
        return _since_epoch(text, milliseconds=form == EPOCH_MS)
    if form == ISO:
        return _iso(text)
    if form == JAVASCRIPT:
        text, form = _ZONE_NAME.sub("", text), _JAVASCRIPT
    found = dt.datetime.strptime(text, form)  # noqa: DTZ007 (the caller has the zone)
    # strptime reads the name of a zone and leaves it out.
    if "%Z" in form and found.tzinfo is None:
        if time.strptime(text, form).tm_zone not in {"UTC", "GMT", "utc", "gmt"}:
            raise ValueError(text)
        found = found.replace(tzinfo=dt.UTC)
    return found


def _since_epoch(text: str, *, milliseconds: bool) -> dt.datetime:
    if not _NUMBER.fullmatch(text):
        raise ValueError(text)
    microseconds = Decimal(text) * (1_000 if milliseconds else 1_000_000)
    return _EPOCH + dt.timedelta(microseconds=int(microseconds))


def _iso(text: str) -> dt.datetime:
    if not _TIMESTAMP.fullmatch(text):
        raise ValueError(text)
    return _isoformat(text)


def _isoformat(text: str) -> dt.datetime:
    # What Rails writes.
    if text.endswith(" UTC"):
        text = f"{text[:-4]}+00:00"
    return dt.datetime.fromisoformat(text)
