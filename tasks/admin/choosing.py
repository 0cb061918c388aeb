"""Choosing rows in a form, from whatever a browser may send for one."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import ValidationError

from tasks.people import storable


def is_key(field: Any, value: Any) -> bool:
    """Whether a value that was sent can be a key in this column at all."""
    try:
        return storable(field.to_python(value))
    except ValidationError:
        return False


class RowChoosing:
    """Before a select of Django's, which fails on a value that can be no key: ``?project=abc``."""

    field: Any

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.target_field
        kept = [one for one in value if is_key(key, one)]
        return super().optgroups(name, kept, attr)  # type: ignore[misc]  # of the select it is mixed into


class RowSelect(RowChoosing, AutocompleteSelect):
    """Searches the rows of a table and shows the chosen one."""
