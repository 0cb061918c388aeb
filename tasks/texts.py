"""What may be stored as text, and as a task's title: the same rule for one task and for many."""

import re

from tasks.exceptions import TextMissing, TitleMissing, TitleTooLong, UnstorableText
from tasks.folding import is_blank
from tasks.models.tasks import TITLE_LENGTH

#: What a database's text can't hold: NUL, and halves of surrogate pairs.
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check_storable(field: str, text: str) -> None:
    """Raises ``UnstorableText`` for a text that no database takes, or could give back as JSON."""
    if UNSTORABLE.search(text):
        raise UnstorableText(field)


def check_shown(field: str, text: str) -> None:
    """Raises ``TextMissing`` for a text of which nothing would show: see ``is_blank``."""
    if is_blank(text):
        raise TextMissing(field)


def clean_title(title: str) -> str:
    """The title, trimmed. Raises ``TitleMissing``, ``TitleTooLong`` and ``UnstorableText``."""
    title = title.strip()
    if is_blank(title):
        raise TitleMissing
    if len(title) > TITLE_LENGTH:
        raise TitleTooLong
    check_storable("title", title)
    return title
