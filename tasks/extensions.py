"""``TaskExtension``: what another app hands in about a task.

Apps such as timers register one from ``AppConfig.ready()``; ``tasks`` never imports them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
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
    from tasks.admin.places import Bar, Buttons, Place
    from tasks.models import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskExtension:
    """What an app adds to tasks; every part is optional.

    ``time_logged``: makes the expression, over a queryset of tasks, of the seconds logged.
    ``checklist_comments``: makes the expression, over a queryset of checklist items, of the number
    of their comments.
    ``before_delete``: is given the tasks that are about to go, inside the transaction, and raises
    a ``Refused`` where they may not.
    ``kept_tasks``: tells which of the tasks ``before_delete`` would refuse, by their keys, and why.
    ``running_timers``: makes the expression, over a queryset of tasks, of how many timers run.
    ``stop_timers``: stops the timers that run on a task, for the actor; returns how many.
    ``stop_permission``: what a user of the admin needs for that.
    ``fill_demo``: is given the acting user, some tasks of the demo, a source of chance and the
    present, and writes what the app's tables hold about them.
    ``reference``: the file of the app's part of the reference.
    ``admin_panels``: makes the panels that a task's page in the admin has of the app; called when
    such a page is asked for, so that the app's admin is loaded where there is an admin.
    ``admin_places``: makes the app's pages to which each page of the admin leads.
    ``admin_bar``: makes what each page of ours in the admin has above its title, for whoever asks
    for it; nothing where there is nothing to say. It takes one query at most.
    ``admin_buttons``: makes what the app offers beside each of these tasks, by their keys.
    """

    name: str
    time_logged: Callable[[], Combinable] | None = None
    checklist_comments: Callable[[], Combinable] | None = None
    before_delete: Callable[[models.QuerySet[Task]], None] | None = None
    kept_tasks: Callable[[models.QuerySet[Task]], Mapping[int, str]] | None = None
    running_timers: Callable[[], Combinable] | None = None
    stop_timers: Callable[[Actor, int], int] | None = None
    stop_permission: str = ""
    fill_demo: Callable[[Actor, Sequence[Task], Random, dt.datetime], None] | None = None
    reference: Path | None = None
    admin_panels: Callable[[], Sequence[Panel]] | None = None
    admin_places: Callable[[], Sequence[Place]] | None = None
    admin_bar: Bar | None = None
    admin_buttons: Buttons | None = None


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


def kept_tasks(tasks: models.QuerySet[Task]) -> dict[int, str]:
    """Which of these tasks an extension keeps from being deleted, and why, as far as they tell."""
    kept: dict[int, str] = {}
    for extension in _registered.values():
        if extension.kept_tasks is not None:
            kept |= extension.kept_tasks(tasks)
    return kept


def running_timers() -> Combinable:
    """The expression of how many timers run on a task; 0 where no app has timers."""
    for extension in _registered.values():
        if extension.running_timers is not None:
            return extension.running_timers()
    return Value(0)


def stop_timers(*, actor: Actor, task_id: int) -> int:
    """Stop what runs on the task; returns how many timers ran. Raises ``TaskNotFound``."""
    stops = [extension.stop_timers for extension in _registered.values()]
    return sum(stop(actor, task_id) for stop in stops if stop is not None)


def stop_permissions() -> list[str]:
    """What a user of the admin needs to stop timers; empty where no app has timers."""
    return [
        extension.stop_permission
        for extension in _registered.values()
        if extension.stop_timers is not None
    ]


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


def admin_places() -> list[Place]:
    """The pages of the apps to which each page of the admin leads."""
    return [
        place
        for extension in _registered.values()
        if extension.admin_places is not None
        for place in extension.admin_places()
    ]


def admin_bars() -> list[Bar]:
    """What makes the bars that the apps show above the title of each page of ours."""
    made = [extension.admin_bar for extension in _registered.values()]
    return [bar for bar in made if bar is not None]


def admin_buttons() -> list[Buttons]:
    """What makes the buttons that the apps offer beside tasks."""
    made = [extension.admin_buttons for extension in _registered.values()]
    return [buttons for buttons in made if buttons is not None]
