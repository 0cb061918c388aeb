"""What a card shows of its task, read for all cards at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format

from tasks.admin.board.columns import Column
from tasks.admin.task_list.badges import badge
from tasks.admin.task_list.columns import due_words
from tasks.models import ChecklistItem, Task
from tasks.people import person_name

#: How many people a card shows; the others are a number.
_FACES = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A task as its card shows it."""

    task: Task
    priority: str
    due: str
    due_words: str
    due_kind: str
    people: list[tuple[str, str]]
    others: list[str]
    tags: list[str]
    items: tuple[int, int] | None
    cover: Any


def fill(columns: Iterable[Column], tasks: QuerySet[Any], files: QuerySet[Any]) -> None:
    """Give the columns the cards of their places, out of the tasks and files that are in sight."""
    columns = list(columns)
    wanted = [place.pk for column in columns for place in column.places]
    rows = tasks.filter(pk__in=wanted).select_related("project", "priority")
    found = {
        row.pk: row for row in rows.prefetch_related("assignees__user", "task_tags__tag").order_by()
    }
    items, covers = _items(found), _covers(found, files)
    for column in columns:
        column.cards = [
            _card(found[place.pk], items.get(place.pk), covers.get(place.pk))
            for place in column.places
            if place.pk in found
        ]


def _items(tasks: Iterable[int]) -> dict[int, tuple[int, int]]:
    rows = ChecklistItem._base_manager.filter(task__in=list(tasks)).values("task_id").order_by()
    counted = rows.annotate(done=Count("pk", filter=Q(is_completed=True)), number=Count("pk"))
    return {row["task_id"]: (row["done"], row["number"]) for row in counted}


def _covers(tasks: Iterable[int], files: QuerySet[Any]) -> dict[int, Any]:
    covers = files.filter(task__in=list(tasks), is_cover=True).order_by()
    return dict(covers.values_list("task_id", "pk"))


def _card(task: Any, items: tuple[int, int] | None, cover: Any) -> Card:
    names = [person_name(row.user) for row in sorted(task.assignees.all(), key=lambda row: row.pk)]
    words, kind = "", ""
    if task.due_date is not None:
        words, kind = due_words(task.due_date, is_completed=task.completed_at is not None)
    return Card(
        task=task,
        priority=badge(task.priority.color, task.priority.title),
        due="" if task.due_date is None else date_format(task.due_date, "SHORT_DATE_FORMAT"),
        due_words=words,
        due_kind=kind,
        people=[(initials(name), name) for name in names[:_FACES]],
        others=names[_FACES:],
        tags=sorted(row.tag.name for row in task.task_tags.all()),
        items=items,
        cover=cover,
    )


def initials(name: str) -> str:
    """The first letters of the first and the last word of a name."""
    words = name.split()
    chosen = words[:1] + words[1:][-1:]
    return "".join(word[0] for word in chosen).upper()
