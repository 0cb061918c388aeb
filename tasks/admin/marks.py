"""What lists show as more than text: states, progress, days. Nothing is told by colour alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from tasks.clock import today


def badge(text: Any, kind: str = "plain") -> SafeString:
    """A word for a state; ``kind`` is one of the stylesheet's: plain, good, warning, bad, muted."""
    return format_html('<span class="taskdock-badge taskdock-is-{}">{}</span>', kind, text)


def progress_bar(percent: int, of: Any) -> SafeString:
    """How far something is, as a bar with its number in words; ``of`` names it to a reader."""
    return format_html(
        '<span class="taskdock-progress"><progress max="100" value="{}" aria-label="{}">'
        "</progress> <span>{} %</span></span>",
        percent,
        _("Progress of %(name)s") % {"name": of},
        percent,
    )


def due(day: dt.date | None, *, is_open: bool) -> Any:
    """A day, and whether what is still open should have been done by now."""
    if day is None:
        return None
    shown = date_format(day)
    if is_open and day < today():
        return format_html("{} {}", shown, badge(_("overdue"), "bad"))
    if is_open and day == today():
        return format_html("{} {}", shown, badge(_("today"), "warning"))
    return shown
