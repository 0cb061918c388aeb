"""Encodings of files, and the byte order marks that some of them begin with."""

import codecs

from tasks.importing.problems import FileRefused

#: UTF-8, with or without a mark.
DEFAULT_ENCODING = "utf-8-sig"

# UTF-32 first: its mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDE = ("utf-16", "utf-32")
#: Codecs that decode a mark as a character, and that write none.
_WITHOUT_MARK = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")
#: Codecs of the standard library that are not encodings of files.
_NOT_OF_FILES = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
MARK = "\ufeff"


def marked_encoding(start: bytes) -> str | None:
    """The encoding whose byte order mark the bytes begin with; None without one."""
    return next((name for mark, name in _MARKS if start.startswith(mark)), None)


def default_encoding(start: bytes) -> str:
    """The encoding of a file that begins with ``start`` and whose encoding is not named."""
    marked = marked_encoding(start)
    return marked[:6] if marked and marked.startswith(_WIDE) else DEFAULT_ENCODING


def check_encoding(name: str, start: bytes) -> None:
    """Raises ``FileRefused`` unless there is this encoding and it can be that of the file.

    ``start`` holds the first bytes of the file.
    """
    codec = _codec(name)
    marked = marked_encoding(start)
    if marked is not None and not marked.startswith(codec.removesuffix("-sig")):
        raise FileRefused(
            f"The file begins with the byte order mark of {marked}, so its encoding is not "
            f"{name}: name {marked}, or none."
        )
    if codec in _WIDE and marked is None:
        raise FileRefused(
            f"The file does not begin with the byte order mark of {name}. If it is {codec}, name "
            f"{codec}-le or {codec}-be."
        )
    # A comma and the end of a line have zero bytes in these.
    if codec.startswith(_WIDE) and b"\0" not in start:
        raise FileRefused(f"The file is not {name}.")


def marks_itself(name: str) -> str:
    """What to write first, so that spreadsheets know the encoding; nothing where it has none."""
    return MARK if _codec(name) in _WITHOUT_MARK else ""


def _codec(name: str) -> str:
    try:
        codec = codecs.lookup(name).name
        # Fails for codecs that turn bytes into bytes.
        if codec not in _NOT_OF_FILES and "a,\n".encode(codec).decode(codec) == "a,\n":
            return codec
    except (LookupError, ValueError):
        pass
    raise FileRefused(f"There is no encoding {name!r}.")
