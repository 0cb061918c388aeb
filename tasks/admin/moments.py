"""Moments on pages: in the site's zone, until a script tells them in the reader's."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString


def moment(at: dt.datetime) -> SafeString:
    """A moment as ``taskdock/moments.js`` finds it; its title says whose time it is in."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    # A site that keeps naive times has one zone and no more to say of it.
    zone = "" if timezone.is_naive(local) else timezone.get_current_timezone_name()
    return format_html(
        '<time datetime="{}" title="{}" data-moment>{}</time>',
        local.isoformat(timespec="seconds"),
        zone,
        date_format(local, "DATETIME_FORMAT"),
    )


class MomentOf:
    """A field with a moment, as a column of a list and a line of a form."""

    def __init__(self, field: models.Field[Any, Any]) -> None:
        self.__name__ = self.admin_order_field = field.name
        self.short_description = field.verbose_name

    def __call__(self, row: Any) -> SafeString | None:
        at = getattr(row, self.__name__)
        return None if at is None else moment(at)


@cache
def _moment_of(field: models.Field[Any, Any]) -> MomentOf:
    return MomentOf(field)


def shown(model: type[models.Model], name: Any) -> Any:
    """What a page is to show for a name in its list of fields."""
    if not isinstance(name, str):
        return name
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name
    return _moment_of(field) if isinstance(field, models.DateTimeField) else name


def tell_moments(form: Any, model: type[models.Model]) -> None:
    """Have a page's form (Django's ``AdminForm``) show the moments that it only shows."""
    only_shown = set(form.readonly_fields)

    def line(name: Any) -> Any:
        if isinstance(name, list | tuple):
            return tuple(map(line, name))
        return shown(model, name) if name in only_shown else name

    form.fieldsets = [
        (title, {**options, "fields": [line(name) for name in options["fields"]]})
        for title, options in form.fieldsets
    ]
    form.readonly_fields = [shown(model, name) for name in form.readonly_fields]
