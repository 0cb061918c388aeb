"""Tasks that come again: setting by which rule, and making the copies that are due."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils import timezone

from tasks.actors import Actor
from tasks.clock import as_kept, instant
from tasks.database import atomic, connection, of_self
from tasks.exceptions import DueOutOfRange, NoDefaultStatus, RecurrenceNotFound
from tasks.models import Project, RecurrenceRun, Task, TaskRecurrence, TaskStatus
from tasks.people import storable
from tasks.recurring import (
    check_start,
    first_after,
    moment_of,
    moments,
    open_from,
    parse_rule,
    zone_called,
)
from tasks.services.cloning import clone_task
from tasks.services.history import record
from tasks.services.removal import remove_row
from tasks.services.tasks import lock_task

#: How many recurrences are looked up at a time.
BATCH = 200
MOST_DAYS = 3660


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be made of a recurrence: for its latest day; ``skipped`` are those before it."""

    occurs_on: dt.date
    skipped: int
    next_on: dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What became of a recurrence that was due: a copy, or a pause where ``copy`` is None."""

    task: Task
    copy: Task | None
    due: Due


def set_recurrence(
    *,
    actor: Actor,
    task_id: int,
    rule: str,
    starts_on: dt.date,
    at: dt.time,
    zone: str,
    status: TaskStatus | None = None,
    due_after_days: int | None = None,
    copy_checklist: bool = True,
    copy_files: bool = False,
) -> TaskRecurrence:
    """Have a task copied by a rule from now on, in place of the one that it may have.

    Copies are made in ``status``, or in the default one. What was due before now is never made.
    The rule and the zone are saved in their usual form. Raises ``TaskNotFound``,
    ``RuleNeverFires``, ``StartOutOfRange``, ``ZoneUnknown``, ``DueOutOfRange`` and what
    ``parse_rule`` does.
    """
    parsed = parse_rule(rule)
    check_start(starts_on)
    time_zone = zone_called(zone)
    if due_after_days is not None and not 0 <= due_after_days <= MOST_DAYS:
        raise DueOutOfRange(MOST_DAYS)
    now = instant(timezone.now())
    with atomic():
        found = _lock(task_id)
        task = lock_task(actor=actor, task_id=task_id)
        # Somebody else may have been the first while we waited for the task.
        row = found or _lock(task_id) or TaskRecurrence(task=task, created_by_id=actor.user_id)
        old = row.rule or None
        row.rule, row.starts_on, row.at, row.zone = str(parsed), starts_on, at, time_zone.key
        row.status, row.due_after_days = status, due_after_days
        row.copy_checklist, row.copy_files, row.is_paused = copy_checklist, copy_files, False
        row.next_on = first_after(
            parsed,
            starts_on=starts_on,
            at=at,
            zone=time_zone,
            since=open_from(time_zone, row.last_on, now),
            now=now,
        )
        row.next_at = _kept_moment(row)
        row.save()
        changes = {"repeats": [old, row.rule]}
        record(actor=actor, verb="recurrence_set", subject=task, changes=changes)
    return row


def pause_recurrence(*, actor: Actor, task_id: int) -> TaskRecurrence:
    """Make no more copies until it is resumed; idempotent.

    Raises ``TaskNotFound`` and ``RecurrenceNotFound``.
    """
    with atomic():
        task, row = _lock_both(actor, task_id)
        if not row.is_paused:
            _pause(actor, task, row)
    return row


def resume_recurrence(*, actor: Actor, task_id: int) -> TaskRecurrence:
    """Make copies again, of the days to come; those of the pause are never made. Idempotent.

    Raises ``TaskNotFound``, ``RecurrenceNotFound`` and ``RuleNeverFires``.
    """
    now = instant(timezone.now())
    with atomic():
        task, row = _lock_both(actor, task_id)
        if row.is_paused:
            row.is_paused = False
            zone = zone_called(row.zone)
            row.next_on = first_after(
                parse_rule(row.rule),
                starts_on=row.starts_on,
                at=row.at,
                zone=zone,
                since=open_from(zone, row.last_on, now),
                now=now,
            )
            row.next_at = _kept_moment(row)
            row.save(update_fields=["is_paused", "next_on", "next_at"])
            record(actor=actor, verb="recurrence_resumed", subject=task)
    return row


def remove_recurrence(*, actor: Actor, task_id: int) -> None:
    """Have a task come no more; its copies stay.

    Raises ``TaskNotFound`` and ``RecurrenceNotFound``.
    """
    with atomic():
        task, row = _lock_both(actor, task_id)
        changes = {"repeats": [row.rule, None]}
        remove_row(row)
        record(actor=actor, verb="recurrence_removed", subject=task, changes=changes)


def due_recurrences(now: dt.datetime) -> Iterator[TaskRecurrence]:
    """The recurrences that are due at this aware moment, each once, the longest due first."""
    limit, after = as_kept(now), Q()
    while True:
        rows = TaskRecurrence.objects.filter(after, next_at__lte=limit)
        batch = list(rows.select_related("task").order_by("next_at", "pk")[:BATCH])
        yield from batch
        if len(batch) < BATCH:
            return
        last = batch[-1]
        after = Q(next_at__gt=last.next_at) | Q(next_at=last.next_at, pk__gt=last.pk)


def due_of(row: TaskRecurrence, now: dt.datetime) -> Due | None:
    """What is to be made of a recurrence at this aware moment, or None.

    Of the days that were missed only the latest is made.
    """
    latest, number, following = None, 0, None
    for day, moment in _moments(row):
        if moment > now:
            following = day
            break
        latest, number = day, number + 1
    if latest is None:
        return None
    return Due(occurs_on=latest, skipped=number - 1, next_on=following)


def create_due(*, actor: Actor, recurrence_id: int, now: dt.datetime) -> Made | None:
    """Make the copy that is due of a recurrence, once, however many call this at the same time.

    None where nothing is due any more, or somebody else is at it. Whoever set the recurrence acts,
    at the actor's door. Where the task or its project is archived, it is paused instead. Raises
    what ``clone_task`` does, and ``NoDefaultStatus``.
    """
    with atomic():
        rows = TaskRecurrence.objects.select_related("created_by", "status")
        skips = connection().features.has_select_for_update_skip_locked
        row = (
            rows.select_for_update(of=of_self(), skip_locked=skips)
            .filter(pk=recurrence_id, next_at__lte=as_kept(now))
            .first()
        )
        if row is None:
            return None
        due = due_of(row, now)
        if due is None:
            _reschedule(row)
            return None
        someone = Actor(user=row.created_by, door=actor.door)
        task = lock_task(actor=someone, task_id=row.task_id)
        project = Project.objects.get(pk=task.project_id)
        if task.is_archived or project.is_archived:
            _pause(someone, task, row)
            return Made(task=task, copy=None, due=due)
        copy = _copy(someone, row, task, project, due.occurs_on)
        RecurrenceRun.objects.create(recurrence=row, occurs_on=due.occurs_on, copy_id=copy.pk)
        row.last_on, row.next_on = due.occurs_on, due.next_on
        row.next_at = _kept_moment(row)
        row.save(update_fields=["last_on", "next_on", "next_at"])
        changes: dict[str, list[Any]] = {"copy": [None, {"id": copy.pk, "name": copy.title}]}
        if due.skipped:
            changes["skipped_dates"] = [None, due.skipped]
        record(actor=someone, verb="recurred", subject=task, changes=changes)
    return Made(task=task, copy=copy, due=due)


def _copy(
    actor: Actor, row: TaskRecurrence, task: Task, project: Project, occurs_on: dt.date
) -> Task:
    status = row.status or TaskStatus.objects.filter(is_default=True).first()
    if status is None:
        raise NoDefaultStatus
    days = row.due_after_days
    return clone_task(
        actor=actor,
        task_id=task.pk,
        title=task.title,
        status=status,
        project=project,
        milestone_id=task.milestone_id,
        copy_checklist=row.copy_checklist,
        copy_files=row.copy_files,
        dates=(occurs_on, None if days is None else occurs_on + dt.timedelta(days=days)),
    )


def _pause(actor: Actor, task: Task, row: TaskRecurrence) -> None:
    row.is_paused, row.next_on, row.next_at = True, None, None
    row.save(update_fields=["is_paused", "next_on", "next_at"])
    record(actor=actor, verb="recurrence_paused", subject=task)


def _reschedule(row: TaskRecurrence) -> None:
    """Correct a next date that the rule does not have: an earlier version read it differently."""
    row.next_on = next((day for day, _moment in _moments(row)), None)
    row.next_at = _kept_moment(row)
    row.save(update_fields=["next_on", "next_at"])


def _lock_both(actor: Actor, task_id: int) -> tuple[Task, TaskRecurrence]:
    row = _lock(task_id)
    task = lock_task(actor=actor, task_id=task_id)
    if row is None:
        raise RecurrenceNotFound
    return task, row


def _lock(task_id: int) -> TaskRecurrence | None:
    """What a task has, locked: before the task, as where the copies are made."""
    rows = TaskRecurrence.objects.select_for_update(of=of_self())
    row: TaskRecurrence | None = rows.filter(task_id=task_id).first() if storable(task_id) else None
    return row


def _moments(row: TaskRecurrence) -> Iterator[tuple[dt.date, dt.datetime]]:
    """The dates of a recurrence from its next on, with their moments."""
    if row.next_on is None:
        return iter(())
    return moments(
        parse_rule(row.rule),
        starts_on=row.starts_on,
        at=row.at,
        zone=zone_called(row.zone),
        since=row.next_on,
    )


def _kept_moment(row: TaskRecurrence) -> dt.datetime | None:
    if row.next_on is None:
        return None
    return as_kept(moment_of(row.next_on, row.at, zone_called(row.zone)))
