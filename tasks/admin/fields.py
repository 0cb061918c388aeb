"""Form fields of our pages."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.folding import is_blank, normal
from tasks.models.tags import TAG_LENGTH

#: In a form a date stands alone: "start" and "due" say too little there.
DATE_LABELS = {"start_date": _("Start date"), "due_date": _("Due date")}

_QUOTED = frozenset(',"\r\n')


class MultilineField(forms.CharField):
    """Text as it was typed, with the line ends that were there before a browser made them CRLF."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"strip": False, **kwargs})

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return unix_lines(text) if isinstance(text, str) else text

    def validate(self, value: Any) -> None:
        """Refuse a text of which nothing would show where one is required."""
        super().validate(value)
        if self.required and isinstance(value, str) and is_blank(value):
            raise ValidationError(self.error_messages["required"], code="required")


class TagsField(forms.CharField):
    """Tags, separated by commas (or lines). A name that has a comma stands in double quotes."""

    def __init__(self, **kwargs: Any) -> None:
        defaults = {
            "label": _("Tags"),
            "required": False,
            "strip": False,
            "widget": forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
            "help_text": _('Separated by commas. A tag with a comma in it goes in quotes: "a, b".'),
        }
        super().__init__(**{**defaults, **kwargs})

    def clean(self, value: Any) -> Any:
        """The names, each once, in the order in which they stand."""
        names = parse_tags(super().clean(value))
        if self.required and not names:
            raise ValidationError(self.error_messages["required"], code="required")
        for name in names:
            if len(name) > TAG_LENGTH:
                raise ValidationError(
                    gettext("A tag may not be longer than %(length)d characters: %(name)s"),
                    params={"length": TAG_LENGTH, "name": name},
                )
        return names


def unix_lines(text: str) -> str:
    """The text with LF at the end of its lines."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def parse_tags(text: str) -> list[str]:
    """The names in a text that ``format_tags`` or a person wrote, each once, none of them blank.

    Raises ``ValidationError`` where a quote is not closed: guessing would lose a tag.
    """
    lines = io.StringIO(unix_lines(text), newline="")
    try:
        rows = list(csv.reader(lines, skipinitialspace=True, strict=True))
    except csv.Error as error:
        raise ValidationError(
            gettext('A quote (") opens here that does not close before a comma or the end.')
        ) from error
    names = (name.strip() for row in rows for name in row)
    spelt: dict[str, str] = {}
    for name in names:
        if not is_blank(name):
            spelt.setdefault(normal(name), name)
    return list(spelt.values())


def format_tags(names: Iterable[str]) -> str:
    """The names as a text that ``parse_tags`` reads back."""
    return ", ".join(_quoted(name) for name in names)


def _quoted(name: str) -> str:
    if _QUOTED.isdisjoint(name):
        return name
    escaped = name.replace('"', '""')
    return f'"{escaped}"'
