"""Text that no spreadsheet takes for a formula, and the text that it was made from.

A spreadsheet takes a cell for a formula by its first character: LibreOffice only ``=`` (in a CSV
file), Excel and Google Sheets ``+``, ``-`` and ``@`` too. Which characters come first in a cell
depends on the separators that the reader chooses: where Excel's list separator is the semicolon,
``"a;=1+1"`` in a file with commas becomes the cells ``"a`` and ``=1+1"``, and a line break ends
such a row. So the guard also stands inside a text, where a cell may begin.

``guard`` changes as little as it can. ``-5 degrees`` and ``+49 30 1234`` can't be formulas: a
number, a blank and a word have no operator between them. Behind a line break or a semicolon, plain
words after a sign (a Markdown list) name nothing that could be called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

#: Before a text that begins like a formula.
APOSTROPHE = "'"
#: Before what begins like one inside a text. No program uses it to quote a text, as LibreOffice
#: may use the other apostrophe.
INNER_APOSTROPHE = "\u2019"

#: The full-width forms count where the spreadsheet is Japanese or Chinese.
_EQUALS = "=\uff1d"
_SIGNS = "+\\-@\uff0b\uff0d\uff20"
#: What a spreadsheet may drop before a formula, or take for the quotes around a cell.
_DROPPED = "\\s\"'\u2019\u200b-\u200d\u2060\ufeff"
_BREAKS = "\\t\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029"
_BREAK = re.compile(f"[{_BREAKS}]")

#: OWASP's list of what a cell must not begin with has these too.
_LED = re.compile(r"['\u2019]*+(?=[\t\r\n])")
#: Whether there is anything to look at; most texts have nothing.
_MAY_BEGIN = re.compile(
    rf"[{_EQUALS}{_SIGNS}](?<![^;,|:{_DROPPED}].)|\A['\u2019]*+[\t\r\n]", re.DOTALL
)
# The lookbehind lets each run of dropped characters be tried once: linear in the text's length.
_BEGINNING = re.compile(f"(?<![{_DROPPED}])([{_DROPPED}]*+)([{_EQUALS}{_SIGNS}])")

_LETTER = r"[^\W\d_]"
_ENDS = rf"(?=[;{_BREAKS}]|\Z)"
#: Words, and the marks of prose and Markdown that call nothing.
_WORDS = (
    rf"(?:[^\W_]|[ \xa0.,?'\u2019\u2013\u2014\u2026\xb0%\u20ac$#~*_`\[\]]"
    rf"|[!:](?=[ \xa0;{_BREAKS}]|\Z)|(?<={_LETTER})[-/:](?={_LETTER}))"
)
#: A number, and behind it what is no operator: a unit, words, the rest of a telephone number.
_NUMBER = re.compile(
    rf"[+\-] ?\d+(?:[.,]\d+)*(?:\(\d+\)\d*|(?:{_LETTER}|[\xb0%\u20ac$])+)?"
    rf"(?:[ \xa0](?=[^\W_]|[\xb0%\u20ac$(])"
    rf"(?:{_WORDS}|\(\d[\d ]*\)|(?<=[\d \u2019])[-+/](?=\d))*)?{_ENDS}"
)
#: A word, or a mark of Markdown, and more of them: at most a name that the sheet does not know.
_LISTED = re.compile(rf"[+\-@] ?(?={_LETTER}|[#~*_`\[]){_WORDS}*{_ENDS}")
#: A call of a function, or a reference to another sheet, file or program.
_CALL = re.compile(r"[(\uff08{]|![^\s!?.,]")
_LINE_END = re.compile(f"[;{_BREAKS}]")
_WORD_END = re.compile(r"\s")


def guard(text: str, *, inner: str = INNER_APOSTROPHE) -> str:
    """The text with an apostrophe wherever a spreadsheet may take what follows for a formula.

    ``inner`` is the one inside a text, for an encoding without the typographic one.
    """
    if not _MAY_BEGIN.search(text):
        return text
    parts: list[str] = []
    end = 0
    for at in _formulas(text):
        parts += [text[end:at], inner if at else APOSTROPHE]
        end = at
    return "".join([*parts, text[end:]])


def unguard(text: str, *, inner: str = INNER_APOSTROPHE) -> str:
    """The text of which ``guard`` made this one; any other text is returned as it is."""
    if APOSTROPHE not in text and inner not in text:
        return text
    parts: list[str] = []
    end = 0
    for at in _formulas(text):
        if at and text[at - 1] == (APOSTROPHE if at == 1 else inner):
            parts.append(text[end : at - 1])
            end = at
    if not end:
        return text
    found = "".join([*parts, text[end:]])
    return found if guard(found, inner=inner) == text else text


def _formulas(text: str) -> Iterator[int]:
    """The positions at which a formula may begin. An apostrophe before one changes none of them."""
    if led := _LED.match(text):
        yield led.end()
    call, line_end, word_end = _Next(_CALL, text), _Next(_LINE_END, text), _Next(_WORD_END, text)
    for found in _BEGINNING.finditer(text):
        at, dropped = found.start(2), found[1]
        before = text[found.start() - 1] if found.start() else ""
        is_formula = text[at] in _EQUALS
        if not before:
            is_found = is_formula or not _NUMBER.match(text, at)
        elif before == ";" or _BREAK.search(dropped):
            is_found = is_formula or not (_NUMBER.match(text, at) or _LISTED.match(text, at))
        elif before in ",|":
            is_found = is_formula or call.after(at) < line_end.after(at)
        elif before == ":":
            is_found = is_formula or call.after(at) < word_end.after(at)
        elif any(map(str.isspace, dropped)):
            # An equals sign between blanks would be a cell of its own, which is no formula.
            is_found = call.after(at) < word_end.after(at) or (
                is_formula and word_end.after(at) > at + 1
            )
        else:
            continue
        if is_found:
            yield at


class _Next:
    """Where a pattern is found next, in a text that is read from left to right."""

    def __init__(self, pattern: re.Pattern[str], text: str) -> None:
        self._pattern, self._text = pattern, text
        self._found = -1

    def after(self, at: int) -> int:
        """The first position from ``at`` on, or the end of the text."""
        if self._found < at:
            found = self._pattern.search(self._text, at)
            self._found = found.start() if found else len(self._text)
        return self._found
