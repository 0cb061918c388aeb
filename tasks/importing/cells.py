"""The text of a cell, read as what its field is."""

import datetime as dt
from collections.abc import Sequence

from django.utils import timezone

from tasks.clock import as_kept
from tasks.folding import is_blank
from tasks.inputs import SWITCHES, parse_day


class Unreadable(ValueError):
    """The text is not what its field is; the message tells what that would be."""


def day(text: str, formats: Sequence[str]) -> dt.date | None:
    """A day: as the formats say, or else as ``YYYY-MM-DD``. None for nothing."""
    if not text:
        return None
    if formats:
        return _formatted(text, formats).date()
    found = parse_day(text)
    if found is None:
        raise Unreadable(f"{text!r} is not a day as 2026-06-30; give its formats in the mapping.")
    return found


def moment(text: str, formats: Sequence[str], zone: dt.tzinfo) -> dt.datetime | None:
    """A moment: as the formats say, or else ISO 8601; in ``zone`` unless it says otherwise."""
    if not text:
        return None
    try:
        found = _formatted(text, formats) if formats else dt.datetime.fromisoformat(text)
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


def several(text: str, separator: str) -> list[str]:
    """What stands between the separators, without blanks around it."""
    return [part.strip() for part in text.split(separator) if not is_blank(part)]


def _formatted(text: str, formats: Sequence[str]) -> dt.datetime:
    for form in formats:
        try:
            return dt.datetime.strptime(text, form)  # noqa: DTZ007 (whoever asks knows the zone)
        except ValueError:
            continue
    raise Unreadable(f"{text!r} is not written as {' or '.join(formats)}.")
