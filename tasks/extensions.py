"""``TaskExtension``: what another app hands in about a task.

Apps such as timers register one from ``AppConfig.ready()``; ``tasks`` never imports them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Value
from django.db.models.expressions import Combinable

from tasks.actors import Actor

if TYPE_CHECKING:
    from tasks.admin.panels import Panel
    from tasks.models import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskExtension:
    """What an app adds to tasks; every part is optional.

    ``time_logged``: makes the expression, over a queryset of tasks, of the seconds logged.
    ``checklist_comments``: makes the expression, over a queryset of checklist items, of the number
    of their comments.
    ``before_delete``: is given the tasks that are about to go, inside the transaction, and raises
    a ``Refused`` where they may not.
    ``fill_demo``: is given the acting user, some tasks of the demo, a source of chance and the
    present, and writes what the app's tables hold about them.
    ``reference``: the file of the app's part of the reference.
    ``admin_panels``: makes the panels that a task's page in the admin has of the app; called when
    such a page is asked for, so that the app's admin is loaded where there is an admin.
    """

    name: str
    time_logged: Callable[[], Combinable] | None = None
    checklist_comments: Callable[[], Combinable] | None = None
    before_delete: Callable[[models.QuerySet[Task]], None] | None = None
    fill_demo: Callable[[Actor, Sequence[Task], Random, dt.datetime], None] | None = None
    reference: Path | None = None
    admin_panels: Callable[[], Sequence[Panel]] | None = None


_registered: dict[str, TaskExtension] = {}


def register(extension: TaskExtension) -> None:
    """Hand in an extension; one of the same name is replaced."""
    _registered[extension.name] = extension


def time_logged() -> Combinable:
    """The expression of a task's logged seconds; 0 where no app logs time."""
    for extension in _registered.values():
        if extension.time_logged is not None:
            return extension.time_logged()
    return Value(0)


def checklist_comments() -> Combinable:
    """The expression of a checklist item's number of comments; 0 where no app has comments."""
    for extension in _registered.values():
        if extension.checklist_comments is not None:
            return extension.checklist_comments()
    return Value(0)


def before_delete(tasks: models.QuerySet[Task]) -> None:
    """Ask every extension whether these tasks may be deleted."""
    for extension in _registered.values():
        if extension.before_delete is not None:
            extension.before_delete(tasks)


def fill_demo(actor: Actor, tasks: Sequence[Task], rng: Random, now: dt.datetime) -> None:
    """Let every extension write what the demo's tasks have of its own."""
    for extension in _registered.values():
        if extension.fill_demo is not None:
            extension.fill_demo(actor, tasks, rng, now)


def references() -> list[Path]:
    """The files of the apps' parts of the reference."""
    found = [extension.reference for extension in _registered.values()]
    return [path for path in found if path is not None]


def admin_panels() -> list[Panel]:
    """The panels that the apps add to a task's page in the admin."""
    return [
        panel
        for extension in _registered.values()
        if extension.admin_panels is not None
        for panel in extension.admin_panels()
    ]
