"""What the list of tasks shows of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import admin
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from tasks.admin.fields import format_tags
from tasks.admin.marks import badge as state_badge
from tasks.admin.task_list.badges import badge
from tasks.clock import today
from tasks.models import Project, Task
from tasks.people import person_name

_MINUTE, _HOUR = 60, 3600


class TaskColumns:
    """Columns of the list; what they read beside the row is loaded once a page."""

    @admin.display(description=_("status"))
    def status_badge(self, obj: Task) -> str:
        return badge(obj.status.color, obj.status.title)

    @admin.display(description=_("priority"))
    def priority_badge(self, obj: Task) -> str:
        return badge(obj.priority.color, obj.priority.title)

    @admin.display(description=_("project"))
    def project_title(self, obj: Task) -> str:
        return project_label(obj.project)

    @admin.display(description=_("assigned"))
    def assigned(self, obj: Task) -> str:
        rows = sorted(obj.assignees.all(), key=lambda row: row.user_id)
        return ", ".join(person_name(row.user) for row in rows)

    @admin.display(description=_("due"), ordering="due_date")
    def due(self, obj: Task) -> str | None:
        if obj.due_date is None:
            return None
        day = date_format(obj.due_date, "SHORT_DATE_FORMAT")
        words, kind = due_words(obj.due_date, is_completed=obj.completed_at is not None)
        if not words:
            return day
        return format_html(
            '<span class="taskdock-due taskdock-{}">{} <span>{}</span></span>', kind, day, words
        )

    @admin.display(description=_("logged time"), empty_value="")
    def logged(self, obj: Task) -> str | None:
        seconds = getattr(obj, "logged_seconds", 0)
        return hours_and_minutes(seconds) if seconds else None

    @admin.display(description=_("tags"), empty_value="")
    def tag_names(self, obj: Task) -> str | None:
        return format_tags(sorted(row.tag.name for row in obj.task_tags.all())) or None

    @admin.display(description=_("archived"), empty_value="")
    def archived(self, obj: Task) -> Any:
        return gettext("Archived") if obj.is_archived else None


def project_label(project: Project) -> str:
    """The project's title, marked where the project is archived."""
    if not project.is_archived:
        return project.title
    return format_html("{} {}", project.title, state_badge(gettext("archived"), "muted"))


def due_words(day: dt.date, *, is_completed: bool) -> tuple[str, str]:
    """How near the day is, in words, and what kind that is; nothing for what is done or far off."""
    days = (day - today()).days
    if is_completed or days > 1:
        return "", ""
    if days < 0:
        text = ngettext("overdue by %(days)d day", "overdue by %(days)d days", -days)
        return text % {"days": -days}, "overdue"
    return (gettext("today"), "due-now") if days == 0 else (gettext("tomorrow"), "due-now")


def hours_and_minutes(seconds: int) -> str:
    """Hours and minutes as ``12:05``; the seconds beyond are left out."""
    return f"{seconds // _HOUR}:{seconds % _HOUR // _MINUTE:02}"
