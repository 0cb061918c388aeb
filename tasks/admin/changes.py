"""What changed, as a person reads it."""

from collections.abc import Mapping
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext as _

from tasks.querysets import is_narrowed

LENGTH = 200


def described(changes: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """Field, old value and new value of each change in a history entry.

    What something was copied from is named where everybody may see everything: it need not be in
    sight where the copy is.
    """
    if is_narrowed() and "source" in changes:
        source = changes["source"][1]
        changes = {**changes, "source": [None, f"#{source['id']}"]}
    return [
        (field.replace("_", " "), _shown(old), _shown(new)) for field, (old, new) in changes.items()
    ]


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
