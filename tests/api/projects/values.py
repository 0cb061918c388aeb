"""Values that no field of a kind takes, with what is said of them; ``{}`` is the field's name."""

from typing import Any

from tests.api.texts import INVISIBLE

REQUIRED = "The {} field is required."
INTEGER = "The {} must be an integer."
SELECTED = "The selected {} is invalid."
STRING = "The {} must be a string."
CHARACTERS = "The {} contains characters that can't be stored."
DATE = "The {} is not a valid date."
SWITCH = "The {} field must be on or off."
ARRAY = "The {} must be an array."
BETWEEN = "The {} must be between 0 and 100."

#: A value, and what is said of it.
Wrong = tuple[Any, str]


def each(template: str, *values: Any) -> list[Wrong]:
    """These values, of which all the same is said."""
    return [(value, template) for value in values]


#: Of the id of a row. Strings can be sent in any encoding, the others in JSON alone.
WRONG_IDS: list[Wrong] = [
    *each(INTEGER, "abc", " ", "1.0", "1_0", "+1", "-1", " 1", "1 ", "1\n"),
    *each(INTEGER, "٣", "²", "0x1", "1e0", "1,2", "1\x00", "😀", "true", "null"),
    *each(SELECTED, "0", "987654321", str(2**31), str(2**63 - 1), str(2**63)),
    *each(SELECTED, str(2**64), "9" * 900),
    *each(INTEGER, True, False, 1.0, 1.5, 1e300, [], [1], {}, {"id": 1}),
    ("\ud800", INTEGER),
    *each(SELECTED, 0, -1, 987654321, 2**31, 2**63, 2**64, -(2**64), 10**30),
]
#: Of a title.
WRONG_TITLES: list[Wrong] = [
    *each(REQUIRED, "", "   ", "\t\r\n\u3000\u00a0", *INVISIBLE),
    *each(CHARACTERS, "\x00", "a\x00b"),
    ("x" * 256, "The {} may not be greater than 255 characters."),
    ("😀" * 256, "The {} may not be greater than 255 characters."),
    (None, REQUIRED),
    *each(STRING, 7, 0, 2**64, 1.5, True, False, [], ["a"], {}, {"a": 1}),
    *each(CHARACTERS, "a\ud800", "\udfffa", "\udc00\ud800"),
]
#: Of a text that may be empty.
WRONG_TEXTS: list[Wrong] = [pair for pair in WRONG_TITLES if pair[1] in {CHARACTERS, STRING}]
#: Of a day; what is empty is another matter.
WRONG_DAYS: list[Wrong] = each(
    DATE,
    *(
        *("2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "0000-00-00", "2026-6-1"),
        *("20260601", "2026-06-01T00:00:00", " 2026-06-01", "2026-06-01 ", "2026-06-01\n"),
        *("2026-06-01\x00", "01.06.2026", "2026-W23-1", "10000-01-01", "today", "null", " "),
        *("\u0662\u0660\u0662\u0666-\u0660\u0666-\u0660\u0661", "2026\u201006\u201001", "😀"),
        *(20260601, 0, 2**64, 1.5, True, False, [], ["2026-06-01"], {}, "\ud800"),
    ),
)
#: Of a switch.
WRONG_SWITCHES: list[Wrong] = each(
    SWITCH,
    *(
        *("On", "YES", " on", "on ", "2", "-1", "01", "null", "x", "on\x00", "٣", "😀"),
        *(2, -1, 2**64, 1.0, 0.0, [], ["on"], {}, "\ud800"),
    ),
)
#: Of a word among the documented ones.
WRONG_WORDS: list[Wrong] = [
    *each(SELECTED, "dead", "In_progress", "in progress", " completed", "1"),
    *each(SELECTED, "completed\x00", "📋", "null", " ", "open"),
    *each(SELECTED, 1, 0, True, False, 1.5, [], ["completed"], {}, "\ud800"),
]
#: Of a percentage.
WRONG_PERCENTAGES: list[Wrong] = [
    *each(BETWEEN, "101", "1000", str(2**31), str(2**64), "9" * 900),
    *each(INTEGER, "-1", "40.0", "40%", "+40", " 40", "4_0", "٤٠", "abc", " "),
    *each(INTEGER, "true", "1e1", "40\x00", "9" * 1001),
    *each(BETWEEN, 101, -1, 2**31, 2**64, -(2**64), 10**30),
    *each(INTEGER, 40.0, 40.5, True, False, [], [40], {}, "\ud800"),
]


def in_forms(value: object) -> bool:
    """Whether a form can say it: text, and no half of a surrogate pair."""
    return isinstance(value, str) and not any("\ud800" <= letter <= "\udfff" for letter in value)


def worded(template: str, field: str) -> str:
    """What is said of a field."""
    return template.format(field.replace("_", " "))
