"""Texts as they are compared: what looks the same is the same, whatever characters it is made of.

The rules are Unicode's: Normalization Form C (UAX #15) and canonical caseless matching (The Unicode
Standard, section 3.13, D145). Python computes both, and the databases store the result, so that
SQLite, PostgreSQL and MariaDB agree.
"""

import re
from unicodedata import normalize

#: A text may grow by this factor when it is normalized or folded, and by no more.
GROWTH = 3

#: Each range as the first and the last code point of it.
_INVISIBLE = (
    # Control characters (Cc) but for NUL, which no text may hold; spaces (Zs), and the ends of
    # lines and paragraphs (Zl, Zp).
    "\x01-\x20\x7f-\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
    # Format characters (Cf): the soft hyphen, joiners, marks of direction, tags.
    "\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    # What else is ignored by default when a text is drawn: fillers and variation selectors.
    "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8"
    "\U000e0000-\U000e0fff"
    # Symbols without ink: the blanks of Braille, of music, of hieroglyphs and of Khitan.
    "\u2800\U00016fe4\U0001d159\U00013441\U00013442"
)
_BLANK = re.compile(f"[{_INVISIBLE}]*")


def is_blank(text: str) -> bool:
    """Whether a text shows nothing: it is empty, or of white space and invisible characters alone.

    Invisible are control and format characters, the code points that Unicode ignores by default
    (fillers such as U+3164, variation selectors), and symbols without ink such as U+2800.
    """
    return _BLANK.fullmatch(text) is not None


def normal(text: str) -> str:
    """The text in Normalization Form C: composed and decomposed forms of it are one."""
    return text if text.isascii() else normalize("NFC", text)


def spellings(text: str) -> list[str]:
    """The text as it is, composed and decomposed: for columns that hold texts as they were sent."""
    return list(dict.fromkeys((text, normalize("NFC", text), normalize("NFD", text))))


def fold(text: str) -> str:
    """The text without regard to case, nor to composed and decomposed forms.

    Two texts are a canonical caseless match exactly where this is equal. It is decomposed first:
    the casefolding of U+0345 is a letter, which the order of marks depends on. At most ``GROWTH``
    times as long as the text.
    """
    if text.isascii():
        return text.lower()
    return normalize("NFC", normalize("NFD", text).casefold())
