"""Every change of a checklist, of a task or of a project."""

from collections.abc import Sequence
from typing import Any, TypedDict, Unpack

from django.db.models import Max
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    ChecklistItemNotFound,
    ChecklistItemUnknown,
    NotFound,
    ParentUnknown,
)
from tasks.models import ChecklistItem, Project, Task
from tasks.people import BIGGEST_ID
from tasks.services.changes import apply, moment_after
from tasks.services.history import record
from tasks.services.projects import lock_project
from tasks.services.removal import remove_row
from tasks.services.tasks import POSITION_GAP, lock_task
from tasks.texts import check_shown


class ChecklistItemFields(TypedDict, total=False):
    """What may be changed of an item."""

    text: str
    is_completed: bool


def add_checklist_item(*, actor: Actor, parent: Task | Project, text: str) -> ChecklistItem:
    """A new item at the end of the parent's list.

    Raises ``TextMissing``, and ``ParentUnknown`` where the parent has gone meanwhile.
    """
    check_shown("text", text)
    with atomic():
        try:
            _lock_parent(actor, parent)
        except NotFound as error:
            raise ParentUnknown from error
        last = items_of(parent).aggregate(last=Max("position"))["last"] or 0
        item = ChecklistItem(
            task=parent if isinstance(parent, Task) else None,
            project=parent if isinstance(parent, Project) else None,
            text=text,
            position=last + POSITION_GAP,
            created_by_id=actor.user_id,
        )
        item.updated_at = item.created_at
        item.save(force_insert=True)
        record(actor=actor, verb="created", subject=item)
    return item


def update_checklist_item(
    *, actor: Actor, item_id: int, **fields: Unpack[ChecklistItemFields]
) -> ChecklistItem:
    """Change the given fields and no others.

    Raises ``ChecklistItemNotFound`` and ``TextMissing``.
    """
    if "text" in fields:
        check_shown("text", fields["text"])
    with atomic():
        item = lock_checklist_item(actor=actor, item_id=item_id)
        changes = apply(item, fields)
        if changes:
            item.updated_at = moment_after(item.updated_at)
            item.save(update_fields=[*changes, "updated_at"])
            record(actor=actor, verb="updated", subject=item, changes=changes)
    return item


def delete_checklist_item(*, actor: Actor, item_id: int) -> None:
    """Delete an item with all that belongs to it. Raises ``ChecklistItemNotFound``."""
    with atomic():
        item = lock_checklist_item(actor=actor, item_id=item_id)
        record(actor=actor, verb="deleted", subject=item)
        remove_row(item)


def sort_checklist(*, actor: Actor, item_ids: Sequence[int]) -> None:
    """Put these items, all of one parent, first and in this order; the others follow as they were.

    Raises ``ChecklistItemUnknown`` for ids that are unknown, repeated, or of another parent than
    the first.
    """
    with atomic():
        parent = parent_of_all(actor=actor, item_ids=item_ids)
        try:
            _lock_parent(actor, parent)
        except NotFound as error:
            raise ChecklistItemUnknown(range(len(item_ids))) from error
        # Read again under the lock: an item may have gone meanwhile.
        parent_of_all(actor=actor, item_ids=item_ids)
        items = {item.pk: item for item in items_of(parent).order_by("position", "pk")}
        wanted = dict.fromkeys(item_ids)
        ordered = [*wanted, *(pk for pk in items if pk not in wanted)]
        before = list(items)
        for place, pk in enumerate(ordered, start=1):
            items[pk].position = place * POSITION_GAP
        ChecklistItem.objects.bulk_update(items.values(), ["position"], batch_size=500)
        if ordered != before:
            record(
                actor=actor,
                verb="checklist_sorted",
                subject=parent,
                changes={"checklist": [before, ordered]},
            )


def parent_of_all(*, actor: Actor, item_ids: Sequence[int]) -> Task | Project:
    """The one parent of these items. Raises ``ChecklistItemUnknown`` as ``sort_checklist`` does."""
    found = {
        item.pk: item
        for item in ChecklistItem.objects.visible_to(actor)
        .filter(pk__in=[pk for pk in item_ids if 0 < pk <= BIGGEST_ID])
        .select_related("task", "project")
    }
    parents = {pk: (item.task_id, item.project_id) for pk, item in found.items()}
    first = next((parents[pk] for pk in item_ids if pk in parents), None)
    seen: set[int] = set()
    strangers = []
    for place, pk in enumerate(item_ids):
        if pk in seen or pk not in parents or parents[pk] != first:
            strangers.append(place)
        seen.add(pk)
    if first is None or strangers:
        raise ChecklistItemUnknown(strangers)
    item = next(iter(found.values()))
    parent: Task | Project = item.task or item.project
    return parent


def items_of(parent: Task | Project) -> Any:
    """The queryset of a parent's items."""
    if isinstance(parent, Task):
        return ChecklistItem.objects.filter(task=parent)
    return ChecklistItem.objects.filter(project=parent)


def copy_checklist(*, actor: Actor, source: Task, target: Task) -> None:
    """Copy the items of a task to another, in their order, all of them pending."""
    now = timezone.now()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            task=target,
            text=item.text,
            position=item.position,
            created_by_id=actor.user_id,
            created_at=now,
            updated_at=now,
        )
        for item in items_of(source).order_by("position", "pk")
    )


def _lock_parent(actor: Actor, parent: Task | Project) -> None:
    """Lock what the list belongs to, so that appends and reorders of one list take turns."""
    if isinstance(parent, Task):
        lock_task(actor=actor, task_id=parent.pk)
    else:
        lock_project(actor=actor, project_id=parent.pk)


def lock_checklist_item(*, actor: Actor, item_id: int) -> ChecklistItem:
    """The item as it is now, locked with its parent. Raises ``ChecklistItemNotFound``."""
    visible = ChecklistItem.objects.visible_to(actor)
    item: ChecklistItem | None = (
        visible.filter(pk=item_id).select_related("task", "project").first()
    )
    if item is None:
        raise ChecklistItemNotFound
    parent: Any = item.task or item.project
    try:
        # The parent first, as whoever sorts or deletes it does.
        _lock_parent(actor, parent)
    except NotFound as error:
        raise ChecklistItemNotFound from error
    locked: ChecklistItem | None = (
        ChecklistItem.objects.select_for_update().filter(pk=item_id).first()
    )
    if locked is None:
        raise ChecklistItemNotFound
    return locked
