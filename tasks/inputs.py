"""What is written where a day or a switch is meant: the same for a request and for a file."""

import datetime as dt
import re
from collections.abc import Mapping

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

#: The words that turn a switch on, and those that turn it off; nothing turns it off, too.
SWITCHES: Mapping[str, bool] = dict.fromkeys(("on", "yes", "1", "true"), True) | dict.fromkeys(
    ("off", "no", "0", "false", ""), False
)


def parse_day(text: str) -> dt.date | None:
    """The day that ``YYYY-MM-DD``, and nothing else, stands for; None for anything else."""
    if not _DAY.fullmatch(text):
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
