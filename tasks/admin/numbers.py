"""Tasks searched by their number, which people write as 120 or #120."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from tasks.folding import fold
from tasks.people import parse_key

_NUMBER = re.compile(r"\s*#?([0-9]{1,19})\s*", re.ASCII)


def number_in(text: str) -> int | None:
    """The number of the task that a search is for; None where it is for no number."""
    found = _NUMBER.fullmatch(text)
    return None if found is None else parse_key(found[1])


def called(text: str) -> Q:
    """The tasks that a search means: those with the text in their titles, and the one it numbers.

    The number itself is searched for in titles, whether or not ``#`` is before it.
    """
    number = number_in(text)
    if number is None:
        return Q(folded_title__contains=fold(text))
    digits = text.strip().removeprefix("#")
    return Q(pk=number) | Q(folded_title__contains=digits)


def led(rows: Iterable[Any], first: int, every: QuerySet[Any] | None) -> list[Any]:
    """The rows of a page, led by the one with the key ``first`` where ``every`` has it.

    It is on no later page, for which ``every`` is None.
    """
    shown = list(rows)
    others = [row for row in shown if row.pk != first]
    if every is None:
        return others
    leading = [row for row in shown if row.pk == first] or list(every.filter(pk=first)[:1])
    return [*leading, *others]
