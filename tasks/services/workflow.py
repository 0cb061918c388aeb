"""Every change of the statuses and priorities.

A default of each, and a completed status, remain whatever is done. A flag is moved by setting it
elsewhere; taking it off where it is would leave none.
"""

from collections.abc import Mapping
from typing import Any, TypedDict, TypeVar, Unpack

from django.db.models import ProtectedError

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    NoCompletedStatus,
    NoDefaultPriority,
    NoDefaultStatus,
    PriorityInUse,
    PriorityNotFound,
    PriorityTitleTaken,
    Refused,
    StatusInUse,
    StatusNotFound,
    StatusTitleTaken,
    StillInUse,
)
from tasks.folding import normal
from tasks.models import Task, TaskPriority, TaskStatus
from tasks.models.workflow import Stage
from tasks.services.changes import apply
from tasks.services.history import record
from tasks.services.removal import remove_row
from tasks.services.sorting import moved, put_in_order
from tasks.services.task_moves import move_tasks
from tasks.texts import check_shown

S = TypeVar("S", TaskStatus, TaskPriority)


class PriorityFields(TypedDict, total=False):
    """What may be set of a priority."""

    title: str
    color: str
    position: int
    is_default: bool | None


class StatusFields(PriorityFields, total=False):
    """What may be set of a status."""

    is_completed: bool | None


_FLAGS: dict[str, type[Refused]] = {
    "taskstatus.is_default": NoDefaultStatus,
    "taskstatus.is_completed": NoCompletedStatus,
    "taskpriority.is_default": NoDefaultPriority,
}
_TITLE_TAKEN: dict[str, type[Refused]] = {
    "taskstatus": StatusTitleTaken,
    "taskpriority": PriorityTitleTaken,
}
_IN_USE: dict[str, type[StillInUse]] = {
    "taskstatus": StatusInUse,
    "taskpriority": PriorityInUse,
}


def create_status(*, actor: Actor, **fields: Unpack[StatusFields]) -> TaskStatus:
    """A new status; a flag that it takes leaves the status that had it.

    Raises ``StatusTitleTaken`` and ``TextMissing``.
    """
    return _create(actor, TaskStatus, dict(fields))


def update_status(*, actor: Actor, status_id: int, **fields: Unpack[StatusFields]) -> TaskStatus:
    """Change the given fields.

    Raises ``StatusNotFound``, ``StatusTitleTaken``, ``TextMissing``, ``NoDefaultStatus`` and
    ``NoCompletedStatus``.
    """
    return _update(actor, TaskStatus, status_id, dict(fields), StatusNotFound())


def delete_status(*, actor: Actor, status_id: int, move_to: int | None = None) -> None:
    """Delete a status without tasks, or move them to the status with the id ``move_to`` first.

    All or nothing, in one transaction. Raises ``StatusNotFound`` (also where ``move_to`` is none,
    or the one that goes), ``NoDefaultStatus``, ``NoCompletedStatus`` and ``StatusInUse``.
    """
    _delete(actor, TaskStatus, status_id, move_to, StatusNotFound())


def create_priority(*, actor: Actor, **fields: Unpack[PriorityFields]) -> TaskPriority:
    """A new priority; a flag that it takes leaves the priority that had it.

    Raises ``PriorityTitleTaken`` and ``TextMissing``.
    """
    return _create(actor, TaskPriority, dict(fields))


def update_priority(
    *, actor: Actor, priority_id: int, **fields: Unpack[PriorityFields]
) -> TaskPriority:
    """Change the given fields.

    Raises ``PriorityNotFound``, ``PriorityTitleTaken``, ``TextMissing`` and ``NoDefaultPriority``.
    """
    return _update(actor, TaskPriority, priority_id, dict(fields), PriorityNotFound())


def delete_priority(*, actor: Actor, priority_id: int, move_to: int | None = None) -> None:
    """Delete a priority without tasks, or move them to the priority with the id ``move_to`` first.

    All or nothing, in one transaction. Raises ``PriorityNotFound`` (also where ``move_to`` is
    none, or the one that goes), ``NoDefaultPriority`` and ``PriorityInUse``.
    """
    _delete(actor, TaskPriority, priority_id, move_to, PriorityNotFound())


def move_status(*, actor: Actor, status_id: int, before: int | None = None) -> None:
    """Put a status right before the one with the id ``before``, or after all of them.

    Whoever else sorts them at the same time waits; idempotent. Raises ``StatusNotFound``.
    """
    _move(actor, TaskStatus, status_id, before, StatusNotFound())


def move_priority(*, actor: Actor, priority_id: int, before: int | None = None) -> None:
    """Put a priority right before the one with the id ``before``, or after all of them.

    Whoever else sorts them at the same time waits; idempotent. Raises ``PriorityNotFound``.
    """
    _move(actor, TaskPriority, priority_id, before, PriorityNotFound())


def check_deletable(stage: Stage) -> None:
    """Raises ``NoDefaultStatus``, ``NoCompletedStatus`` or ``NoDefaultPriority`` for a flagged one.

    Whatever becomes of its tasks, a status or priority that carries a flag stays.
    """
    for name in ("is_default", "is_completed"):
        if getattr(stage, name, None):
            raise _FLAGS[f"{stage._meta.model_name}.{name}"]


def _create(actor: Actor, model: type[S], fields: dict[str, Any]) -> S:
    with atomic():
        rows = _lock_all(model)
        stage = model(**_with_null_flags(model, fields))
        _check_title(stage, rows)
        _take_flags(actor, stage, fields, rows)
        stage.save(force_insert=True)
        record(actor=actor, verb="created", subject=stage)
    return stage


def _update(actor: Actor, model: type[S], pk: int, fields: dict[str, Any], missing: Exception) -> S:
    with atomic():
        rows = _lock_all(model)
        stage = rows.get(pk)
        if stage is None:
            raise missing
        for name, value in fields.items():
            if _is_flag(model, name) and getattr(stage, name) and not value:
                raise _FLAGS[f"{model._meta.model_name}.{name}"]
        changes = apply(stage, _with_null_flags(model, fields))
        if "title" in changes:
            _check_title(stage, rows)
        if changes:
            _take_flags(actor, stage, changes, rows)
            stage.save(update_fields=list(changes))
            record(actor=actor, verb="updated", subject=stage, changes=changes)
    return stage


def _delete(actor: Actor, model: type[S], pk: int, move_to: int | None, missing: Exception) -> None:
    with atomic():
        rows = _lock_all(model)
        stage = rows.pop(pk, None)
        if stage is None:
            raise missing
        check_deletable(stage)
        if move_to is not None:
            if move_to not in rows:
                raise missing
            move_tasks(actor=actor, stage=stage, target=rows[move_to])
        in_use = _IN_USE[str(model._meta.model_name)]
        if stage.tasks.exists():
            raise in_use
        record(actor=actor, verb="deleted", subject=stage)
        try:
            remove_row(stage)
        except ProtectedError as error:
            if not any(isinstance(one, Task) for one in error.protected_objects):
                raise
            raise in_use from error


def _move(actor: Actor, model: type[S], pk: int, before: int | None, missing: Exception) -> None:
    with atomic():
        rows = _lock_all(model)
        if pk not in rows or (before is not None and before not in rows):
            raise missing
        order = sorted(rows, key=lambda one: (rows[one].position, one))
        wanted = moved(order, pk, before)
        if wanted == order:
            return
        position = rows[pk].position
        put_in_order([rows[one] for one in wanted])
        changes = {"position": [position, rows[pk].position]}
        record(actor=actor, verb="moved", subject=rows[pk], changes=changes)


def _lock_all(model: type[S]) -> dict[int, S]:
    """All rows, locked in one order: a flag moves between two of them."""
    return {row.pk: row for row in model._default_manager.select_for_update().order_by("pk")}


def _check_title(stage: Stage, rows: Mapping[int, Stage]) -> None:
    """A title shows something, and no other row has it, composed or decomposed."""
    check_shown("title", stage.title)
    wanted = normal(stage.title)
    if any(pk != stage.pk and normal(row.title) == wanted for pk, row in rows.items()):
        raise _TITLE_TAKEN[str(stage._meta.model_name)]


def _is_flag(model: type[S], name: str) -> bool:
    return f"{model._meta.model_name}.{name}" in _FLAGS


def _with_null_flags(model: type[S], fields: dict[str, Any]) -> dict[str, Any]:
    """A flag that is off is null: nulls are what the unique constraints let stand together."""
    return {
        name: value or None if _is_flag(model, name) else value for name, value in fields.items()
    }


def _take_flags(actor: Actor, stage: S, fields: dict[str, Any], rows: dict[int, S]) -> None:
    """Take the flags that ``stage`` is to carry from the rows that carry them."""
    for name in fields:
        if not _is_flag(type(stage), name) or not getattr(stage, name):
            continue
        for row in rows.values():
            if row.pk != stage.pk and getattr(row, name):
                changes = apply(row, {name: None})
                row.save(update_fields=[name])
                record(actor=actor, verb="updated", subject=row, changes=changes)
