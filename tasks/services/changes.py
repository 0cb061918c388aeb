"""Setting fields of a row, and saying what that changed."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils import timezone


def apply(instance: models.Model, values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Set ``values`` on ``instance``; returns ``{field: [old, new]}`` of those that differed."""
    changes: dict[str, list[Any]] = {}
    for name, new in values.items():
        field: Any = instance._meta.get_field(name)
        new_key = getattr(new, "pk", None) if field.is_relation else new
        if getattr(instance, field.attname) == new_key:
            continue
        changes[name] = [readable(getattr(instance, name)), readable(new)]
        setattr(instance, name, new)
    return changes


def readable(value: Any) -> Any:
    """A value as history keeps it: JSON, with a related row's name beside its id."""
    if isinstance(value, models.Model):
        return {"id": value.pk if isinstance(value.pk, int) else str(value.pk), "name": str(value)}
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return value


def moment_after(previous: dt.datetime) -> dt.datetime:
    """Now, or a microsecond after ``previous`` where the clock has not moved on since."""
    return max(timezone.now(), previous + dt.timedelta(microseconds=1))
