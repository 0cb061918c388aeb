"""Hours and minutes as people write them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tasks.admin.task_list.columns import hours_and_minutes
from timers.services.timers import HOUR, MINUTE, seconds_of

_CLOCK = re.compile(r"(\d{1,3}):([0-5]?\d)(?::([0-5]?\d))?", re.ASCII)
_HOURS = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?|[.,]\d{1,4}", re.ASCII)


def exact(seconds: int) -> str:
    """``1:30``, and ``1:30:05`` where there are seconds, so that nothing is lost in a field."""
    beyond = seconds % MINUTE
    return f"{hours_and_minutes(seconds)}:{beyond:02}" if beyond else hours_and_minutes(seconds)


class TimeField(forms.CharField):
    """Seconds, written ``1:30`` or as hours: ``1.5``, ``2``."""

    default_error_messages = {"invalid": _("Enter hours and minutes, like 1:30, or hours: 1.5.")}

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"size": 6, "autocomplete": "off", "placeholder": "1:30"}
        super().__init__(**{"max_length": 20, "widget": forms.TextInput(attrs=attrs), **kwargs})

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, int):
            return value
        text = str(value).strip()
        if not text:
            return None
        if clock := _CLOCK.fullmatch(text):
            hours, minutes, beyond = (int(part or 0) for part in clock.groups())
            return hours * HOUR + minutes * MINUTE + beyond
        if _HOURS.fullmatch(text):
            return seconds_of(hours=Decimal(text.replace(",", ".")), minutes=Decimal(0))
        raise ValidationError(self.error_messages["invalid"], code="invalid")

    def run_validators(self, value: Any) -> None:
        """None: the service knows how much there may be."""

    def prepare_value(self, value: Any) -> Any:
        return exact(value) if isinstance(value, int) else value

    def worded(self, value: Any) -> str:
        """A value as a message says it."""
        return exact(value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except ValidationError:
            return True
