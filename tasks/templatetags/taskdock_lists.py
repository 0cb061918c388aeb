"""Tags for the admin's lists."""

import re
from typing import Any

from django import template
from django.contrib.admin.templatetags.admin_list import result_headers
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst

register = template.Library()

#: A cell as Django writes it; what rows hold is escaped, and is none.
_CELL = re.compile(r'<t[dh] class="field-(\w+)')


@register.simple_block_tag
def labelled(content: str, cl: Any) -> SafeString:
    """The table of a list, each cell with the name of its column: a phone shows no header."""
    labels = {
        getattr(name, "__name__", name): escape(capfirst(str(header["text"])))
        for name, header in zip(cl.list_display, result_headers(cl), strict=True)
    }

    def with_label(cell: re.Match[str]) -> str:
        label = labels.get(cell[1])
        return cell[0] if label is None else f'<{cell[0][1:3]} data-label="{label}"{cell[0][3:]}'

    return mark_safe(_CELL.sub(with_label, content))  # noqa: S308 (it was safe, and the labels are escaped)
