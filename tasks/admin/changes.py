"""What changed, as a person reads it."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tasks.querysets import is_narrowed

LENGTH = 200
#: Changes that name a row of which nobody has asked whether it may be seen.
OTHERS = {"source", "blocked_by"}


def described(changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Field, old value and new value of each change in a history entry.

    Other tasks and projects are named where everybody may see everything: what something was
    copied from, or waits for, need not be in sight where that is.
    """
    if is_narrowed():
        changes = {
            field: [_numbered(value) for value in pair] if field in OTHERS else pair
            for field, pair in changes.items()
        }
    return [
        (field.replace("_", " "), _shown(old), _shown(new)) for field, (old, new) in changes.items()
    ]


def _numbered(value: Any) -> str | None:
    return None if value is None else f"#{value['id']}"


def _shown(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"  # noqa: RUF001 (a dash is what stands for nothing)
    if value is True:
        return _("yes")
    if value is False:
        return _("no")
    if isinstance(value, dict):
        return str(value.get("name", value))
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    return Truncator(str(value)).chars(LENGTH)
