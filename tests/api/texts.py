"""Texts that are kept exactly as sent, and values that are none."""

KEPT = {
    "one character": "x",
    "zero": "0",
    "plain": "Looks good",
    "space around": "  Looks good \t ",
    "lines around": "\r\nLooks good\r\n\r\n",
    "windows lines": "one\r\ntwo\r\n\r\nthree",
    "unix lines": "one\ntwo\n",
    "old mac lines": "one\rtwo",
    "tabs": "\tone\t\ttwo",
    "unicode space around": "\u3000Looks good\u00a0",
    "emoji": "👍🏽 👩‍👩‍👧‍👦",
    "right to left": "مرحبا \u202eabc",
    "combining": "Cafe\u0301",
    "composed": "Caf\u00e9",
    "byte order mark": "\ufeffLooks good",
    "markup": "<script>alert(1)</script>&amp;",
    "form characters": "a+b=c&d%20;e%",
    "quotes": "'\"; DROP TABLE x; --\\",
    "braces": "{name} %s %(name)s",
    "brackets": "[x]",
    "control": "a\x01\x7fb",
    "noncharacter": "\uffff",
    "null in words": "null",
}
#: Texts of which nothing shows.
INVISIBLE = (
    "\u200b",
    "\u200b \ufeff\u00ad",
    "\u2060\u200d\u200e\u202e",
    "\u3164",
    "\uffa0\u115f\u1160",
    "\u2800",
    "\ufe0f\u034f",
    "\U000e0041\U000e0100",
    "\x01\x7f\x85",
)
#: By the name of the wording that answers them.
WRONG_TEXTS = {
    "empty": ("", "required"),
    "spaces": ("   ", "required"),
    "white space": ("\t\r\n\u3000\u00a0", "required"),
    **{f"invisible {text!a}": (text, "required") for text in INVISIBLE},
    "NUL": ("\x00", "characters"),
    "NUL inside": ("a\x00b", "characters"),
}
WRONG_VALUES = {
    "null": (None, "required"),
    "integer": (7, "string"),
    "zero": (0, "string"),
    "2**64": (2**64, "string"),
    "float": (1.5, "string"),
    "true": (True, "string"),
    "false": (False, "string"),
    "list": (["a"], "string"),
    "empty list": ([], "string"),
    "object": ({"a": 1}, "string"),
    "empty object": ({}, "string"),
    "high surrogate": ("a\ud800", "characters"),
    "low surrogate": ("\udfffa", "characters"),
    "surrogates in the wrong order": ("\udc00\ud800", "characters"),
}
_WORDINGS = {
    "required": "The {name} field is required.",
    "string": "The {name} must be a string.",
    "characters": "The {name} contains characters that can't be stored.",
}


def worded(wording: str, field: str) -> str:
    """What is said of a field whose value is wrong."""
    return _WORDINGS[wording].format(name=field.replace("_", " "))
