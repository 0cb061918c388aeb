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


class RowSelect(AutocompleteSelect):
    """Django's, which fails on a value that can be no key: ``?project=abc``."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        key = self.field.target_field
        return super().optgroups(name, [one for one in value if is_key(key, one)], attr)
