"""Texts in columns without a folded copy: comparing them as ``fold`` does, in the database.

For the columns of other apps, such as the names of users, and for texts of ours that nobody
searches among many. Reads every row that is left to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import permutations
from typing import Any
from unicodedata import combining, normalize

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Q, TextField, Value
from django.db.models.functions import Cast

from tasks.folding import fold, normal

_FUNCTION = "taskdock_fold"
#: Of how many marks on one letter every order is tried.
_MARKS = 3
#: Where the characters are that fold to several.
_EXPANDING = (*range(0x80, 0x2000), *range(0xFB00, 0xFB50))
#: Where the characters are that have a mark.
_COMPOSED = range(0x80, 0x3100)


def holds_alike(column: str, text: str) -> Q:
    """That a column holds a text, without regard to case, nor to composed and decomposed forms."""
    return Q(_HoldsAlike(Cast(F(column), TextField()), Value(text, output_field=TextField())))


class _HoldsAlike(Func):
    """Whether the first text holds the second, which is a constant."""

    output_field = BooleanField()
    conditional = True

    def as_sqlite(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        # Made anew with every connection, and known to no other app: it is registered here.
        connection.ensure_connection()
        connection.connection.create_function(_FUNCTION, 1, _folded, deterministic=True)
        column, params = compiler.compile(self.source_expressions[0])
        return f"INSTR({_FUNCTION}({column}), %s) > 0", [*params, fold(self._text)]

    def as_postgresql(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        column, params = compiler.compile(self.source_expressions[0])
        # To see that a text is composed takes less time than composing it. Its capitals: a sigma
        # has one of them, but two small letters.
        composed = (
            f"CASE WHEN OCTET_LENGTH({column}) = LENGTH({column}) OR {column} IS NFC NORMALIZED"
            f" THEN {column} ELSE NORMALIZE({column}, NFC) END"
        )
        sides = [
            f"REPLACE(REPLACE(UPPER({one}), 'ß', 'SS'), 'ẞ', 'SS')"
            for one in (composed, "%s::text")
        ]
        return f"STRPOS({sides[0]}, {sides[1]}) > 0", [*params * 5, normal(self._text)]

    def as_mysql(self, compiler: Any, connection: BaseDatabaseWrapper, **extra: Any) -> Any:
        # It composes nothing, and its collations know no sequences of characters within LIKE.
        column, params = compiler.compile(self.source_expressions[0])
        return (
            f"CONVERT({column} USING utf8mb4) COLLATE utf8mb4_bin REGEXP %s",
            [*params, f"(?i){pattern_of(self._text)}"],
        )

    @property
    def _text(self) -> str:
        constant: Any = self.source_expressions[1]
        return str(constant.value)


def pattern_of(text: str) -> str:
    """A regular expression, to be matched without regard to case, for all spellings of a text."""
    parts, at, folded = [], 0, fold(text)
    while at < len(folded):
        end, spelt = at + 1, set()
        for length in (3, 2):
            if found := _expanding().get(folded[at : at + length]):
                end, spelt = at + length, found | {folded[at : at + length]}
                break
        else:
            while end < len(folded) and combining(folded[end]):
                end += 1
        parts.append(_any_of(spelt | _spellings(folded[at:end])))
        at = end
    return "".join(parts) + _not_before_marks(folded)


def _not_before_marks(folded: str) -> str:
    """That no mark follows which would make another letter of the last one: an ü is no u."""
    last = folded[-1:]
    joined = [one for one in _joining() if last and len(normalize("NFC", last + one)) == 1]
    return f"(?![{''.join(joined)}])" if joined else ""


@cache
def _joining() -> Sequence[str]:
    """What letters are composed with: marks, and the last parts of Korean syllables."""
    parts = {mark for one in map(chr, _COMPOSED) for mark in normalize("NFD", one)[1:]}
    return sorted(parts | set(map(chr, range(0x11A8, 0x11C3))))


@cache
def _expanding() -> Mapping[str, set[str]]:
    """The characters that fold to several, by those: ß by ss."""
    found: dict[str, set[str]] = {}
    for one in map(chr, _EXPANDING):
        if len(folded := fold(one)) > 1:
            found.setdefault(folded, set()).update((one, normalize("NFC", one)))
    return found


def _any_of(texts: set[str]) -> str:
    escaped = [re.escape(one) for one in sorted(texts)]
    return escaped[0] if len(escaped) == 1 else f"(?:{'|'.join(escaped)})"


def _spellings(letter: str) -> set[str]:
    """A letter with its marks, composed and decomposed to every degree."""
    base, *marks = list(normalize("NFD", letter))
    orders = permutations(marks) if len(marks) <= _MARKS else [tuple(marks)]
    composed = normalize("NFC", letter)
    spelt = {composed}
    for order in map("".join, orders):
        for split in range(len(order) + 1):
            text = normalize("NFC", base + order[:split]) + order[split:]
            if normalize("NFC", text) == composed:
                spelt.add(text)
    return spelt


def _folded(value: Any) -> str | None:
    return None if value is None else fold(str(value))
