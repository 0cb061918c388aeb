"""What changed, as a person reads it."""

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import Truncator, capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tasks.actors import Door
from tasks.models import HistoryEntry
from tasks.querysets import is_narrowed

LENGTH = 200
#: Changes that name a row of which nobody has asked whether it may be seen.
OTHERS = {"source", "blocked_by", "copy"}
#: Doors and what is done, as the pages say it; what another app does is said as it calls it.
DOORS: dict[str, Any] = {
    Door.API: _("by the API"),
    Door.ADMIN: _("in the admin"),
    Door.COMMAND: _("by a command"),
    Door.CODE: _("by the site's code"),
}
VERBS: dict[str, Any] = {
    "created": _("created it"),
    "updated": _("changed it"),
    "cloned": _("made it as a copy"),
    "assigned": _("changed who works on it"),
    "tagged": _("changed its tags"),
    "archived": _("archived it"),
    "activated": _("activated it"),
    "restored": _("restored it"),
    "archived_with_project": _("archived it with its project"),
    "activated_with_project": _("activated it with its project"),
    "moved": _("moved it in its list"),
    "milestones_sorted": _("sorted its milestones"),
    "file_added": _("added a file"),
    "file_deleted": _("deleted a file"),
    "cover_changed": _("changed its cover"),
    "comment_edited": _("changed a comment"),
    "comment_deleted": _("deleted a comment"),
    "checklist_sorted": _("sorted its checklist"),
    "dependency_added": _("let it wait for a task"),
    "dependency_removed": _("let it wait for a task no more"),
    "recurrence_set": _("let it repeat"),
    "recurrence_paused": _("paused its repeating"),
    "recurrence_resumed": _("resumed its repeating"),
    "recurrence_removed": _("let it repeat no more"),
    "recurred": _("copied it since it was due again"),
}
#: What is said of in a change and is no column.
FIELDS: dict[str, Any] = {
    "assigned": _("Assigned"),
    "tags": _("Tags"),
    "file": _("File"),
    "cover": _("Cover"),
    "comment": _("Comment"),
    "checklist": _("Checklist"),
    "source": _("Copied from"),
    "blocked_by": _("Waits for"),
    "repeats": _("Repeats"),
    "copy": _("Copy"),
    "skipped_dates": _("Dates that were skipped"),
}


class Told(NamedTuple):
    """An entry of the history as pages show it; ``door`` says which key opened it."""

    at: dt.datetime
    who: str
    door: str
    what: str
    changes: list[tuple[str, str, str]]


def told(entry: HistoryEntry, model: type[models.Model]) -> Told:
    """Who changed what from what to what, when, and by which door."""
    return Told(
        at=entry.at,
        who=entry.actor_name,
        door=door_of(entry),
        what=str(VERBS.get(entry.verb, entry.verb.replace("_", " "))),
        changes=described(entry.changes, model),
    )


def door_of(entry: HistoryEntry) -> str:
    """By which door, and with which key."""
    door = str(DOORS.get(entry.door, entry.door))
    return f"{door} ({entry.key_name})" if entry.key_name else door


def described(
    changes: Mapping[str, Any], model: type[models.Model] | None = None
) -> list[tuple[str, str, str]]:
    """Field, old value and new value of each change in a history entry about a ``model``.

    Other tasks and projects are named where everybody may see everything: what something was
    copied from, or waits for, need not be in sight where that is.
    """
    if is_narrowed():
        changes = {
            field: [_numbered(value) for value in pair] if field in OTHERS else pair
            for field, pair in changes.items()
        }
    return [
        (_field(field, model), _shown(old), _shown(new)) for field, (old, new) in changes.items()
    ]


def _numbered(value: Any) -> str | None:
    return None if value is None else f"#{value['id']}"


def _field(name: str, model: type[models.Model] | None) -> str:
    if model is not None:
        try:
            return str(capfirst(model._meta.get_field(name).verbose_name))  # type: ignore[union-attr]  # a column
        except (FieldDoesNotExist, AttributeError):
            pass
    return str(FIELDS.get(name, name.replace("_", " ")))


def _shown(value: Any) -> str:
    if value is None or value in ("", []):
        return "–"  # noqa: RUF001 (a dash is what stands for nothing)
    if value is True:
        return gettext("yes")
    if value is False:
        return gettext("no")
    if isinstance(value, dict):
        return str(value.get("name", value))
    if isinstance(value, list):
        return ", ".join(_shown(item) for item in value)
    return Truncator(str(value)).chars(LENGTH)
