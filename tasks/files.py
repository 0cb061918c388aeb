"""Where the files of tasks are kept, and what they are called: there, and when they come back."""

import re
import secrets
import unicodedata
from pathlib import PurePath
from typing import Any

from django.core.files.storage import Storage, storages

from tasks import conf
from tasks.folding import is_blank

#: All that is below this, in the storage, is ours.
PREFIX = "taskdock/attachments"
NAME_LENGTH = 255
CONTENT_TYPE_LENGTH = 100
#: What a file is called whose name says nothing.
NAMELESS = "file"

_LONGEST_EXTENSION = 20
#: One character less, for what may have to be put in front.
_ROOM = NAME_LENGTH - 1
#: Control characters, halves of surrogate pairs, line and paragraph separators.
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
#: What makes "exe.pdf" read "fdp.exe".
_TURNING = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
#: Names that Windows takes for devices, whatever follows their first dot.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
_CONTENT_TYPE = re.compile(r"[!-~]+/[ -~]+")


class ConfiguredStorage(Storage):
    """Is whatever storage ``TASKDOCK["STORAGE"]`` names at the moment.

    A model's field is made when the site starts, which is too early to ask: a wrong name would be
    a traceback then, where the system check has a sentence.
    """

    def __getattribute__(self, name: str) -> Any:
        return getattr(storages[conf.value("STORAGE")], name)


def attachment_storage() -> Storage:
    """The storage of attachments; migrations name this function, and so freeze nobody's storage."""
    return ConfiguredStorage()


def stored_name(instance: object = None, filename: str = "", *, folder: str = PREFIX) -> str:
    """A new name in the storage: 128 random bits, and nothing that the uploader chose.

    Spread over 256 folders below ``folder``, so that none grows too large to be listed.
    """
    token = secrets.token_hex(16)
    return f"{folder}/{token[:2]}/{token}"


def clean_name(name: str) -> str:
    """The last part of a path, without what could mislead a screen, a header or a file system.

    Never empty, at most ``NAME_LENGTH`` characters; a longer name loses its middle, not its
    extension.
    """
    last = re.split(r"[/\\]", name)[-1]
    shown = "".join(
        character
        for character in last
        if unicodedata.category(character) not in _UNPRINTABLE
        and unicodedata.bidirectional(character) not in _TURNING
    )
    # Windows drops dots and spaces at the end, and would open another file than was meant.
    shown = shown.strip().rstrip(". ")
    if len(shown) > _ROOM:
        suffix = PurePath(shown).suffix
        suffix = suffix if len(suffix) <= _LONGEST_EXTENSION else ""
        shown = (shown[: _ROOM - len(suffix)] + suffix).rstrip(". ")
    if _DEVICE.fullmatch(shown):
        shown = f"_{shown}"
    return NAMELESS if is_blank(shown) else shown


def clean_content_type(content_type: str) -> str:
    """The type as it was given, or nothing where that can't be one."""
    fits = len(content_type) <= CONTENT_TYPE_LENGTH and _CONTENT_TYPE.fullmatch(content_type)
    return content_type if fits else ""


def readable_size(size: int) -> str:
    """Bytes as a person writes them: "25 MiB", "1.5 KiB", "300 bytes"."""
    for unit, name in ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB")):
        if size >= unit:
            return f"{size / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{size} bytes"
