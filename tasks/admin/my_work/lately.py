"""What somebody did lately."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from django.apps import apps
from django.contrib.admin import AdminSite
from django.db import models
from django.http import HttpRequest
from django.utils.text import capfirst

from tasks.actors import Actor
from tasks.admin.base import actor_of
from tasks.admin.changes import VERBS
from tasks.admin.permissions import may
from tasks.models import HistoryEntry, Task
from tasks.querysets import PartQuerySet, VisibleQuerySet
from tasks.reads import seen

#: How many of the newest entries are shown.
NEWEST = 20


class Done(NamedTuple):
    """Something that was done: to what kind of thing, where, and when.

    ``task`` is the task that it was done to, or to a part of; None where that is out of sight or
    gone, and of what belongs to no task.
    """

    at: dt.datetime
    what: str
    kind: str
    name: str
    task: Task | None


def done_lately(request: HttpRequest, site: AdminSite) -> list[Done]:
    """The visitor's newest entries of what they may view, in a query for each kind and two more."""
    actor = actor_of(request)
    kinds = {
        str(model._meta.model_name): model
        for model in apps.get_models()
        if isinstance(model._default_manager.all(), VisibleQuerySet)
        and model is not HistoryEntry
        and may(request, "view", model, site)
    }
    entries = list(
        HistoryEntry.objects.visible_to(actor)
        .filter(actor_id=str(actor.user_id), subject_type__in=list(kinds))
        .order_by("-id")[:NEWEST]
    )
    keys = {name: _tasks_of(actor, model, name, entries) for name, model in kinds.items()}
    wanted = {pk for found in keys.values() for pk in found.values()}
    tasks = seen.tasks(actor).filter(pk__in=wanted).in_bulk() if "task" in kinds else {}
    return [
        Done(
            at=entry.at,
            what=str(VERBS.get(entry.verb, entry.verb.replace("_", " "))),
            kind=str(capfirst(kinds[entry.subject_type]._meta.verbose_name)),
            name="" if _is_part(kinds[entry.subject_type]) else entry.subject_name,
            task=tasks.get(keys[entry.subject_type].get(entry.subject_id, 0)),
        )
        for entry in entries
    ]


def _is_part(model: type[models.Model]) -> bool:
    """Whether it is told by the task that it belongs to."""
    rows = model._default_manager.all()
    return isinstance(rows, PartQuerySet) and "task" in rows.parents


def _tasks_of(
    actor: Actor, model: type[models.Model], name: str, entries: Iterable[HistoryEntry]
) -> dict[int, int]:
    """The keys of the tasks that these entries of a kind are about, by those of its rows."""
    keys = {entry.subject_id for entry in entries if entry.subject_type == name}
    if model is Task:
        return {pk: pk for pk in keys}
    rows = model._default_manager.all()
    if not keys or not isinstance(rows, PartQuerySet) or not _is_part(model):
        return {}
    found = rows.visible_to(actor).filter(pk__in=keys, task__isnull=False).order_by()
    return dict(found.values_list("pk", "task_id"))
