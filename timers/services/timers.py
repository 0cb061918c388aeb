"""Every change of a time entry, once, for API, admin, commands and hosts alike."""

import datetime as dt
import math
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypedDict, Unpack

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError
from django.utils import timezone

from tasks.actors import Actor
from tasks.clock import as_kept, instant_of_row, today
from tasks.database import atomic, connection, of_self
from tasks.exceptions import ProjectNotFound, TaskNotFound
from tasks.models import HistoryEntry, Project, Task
from tasks.services.changes import apply
from tasks.services.history import entry, record
from tasks.services.removal import remove_row
from tasks.services.tasks import lock_task
from timers.exceptions import (
    TimeExceedsTimer,
    TimeOutOfRange,
    TimerIsInvoiced,
    TimerIsRunning,
    TimerNotFound,
)
from timers.models import Timer

HOUR, MINUTE = 3600, 60
LEAST_SECONDS = 60
MOST_SECONDS = 24 * 60 * 60
#: A timer that has run for longer was probably forgotten: the admin asks for its time.
LONG_SECONDS = 12 * HOUR
#: How many timers are stopped by one statement.
BATCH = 500
#: Two starts of one user that meet settle at the second try; more is for crowds.
_START_ATTEMPTS = 5


class TimeFields(TypedDict, total=False):
    """What a correction may change.

    ``hours`` and ``minutes`` stand for ``seconds``; of the two, one left out keeps what it was.
    """

    seconds: int
    hours: Decimal
    minutes: Decimal
    work_date: dt.date


def start_timer(*, actor: Actor, task_id: int, user: AbstractBaseUser) -> Timer:
    """Start a timer of ``user`` on the task, and stop the one that runs, at the same instant.

    Starting a timer where it runs already leaves it running. Raises ``TaskNotFound``.
    """
    for attempt in range(1, _START_ATTEMPTS + 1):
        try:
            with atomic(tries_again=True):
                return _start(actor, task_id, user)
        except IntegrityError:
            # Somebody has started another in between: the constraint let one of the two in. Where
            # the savepoint could not be restored, only the whole write can begin again.
            if attempt == _START_ATTEMPTS or connection().needs_rollback:
                raise
    raise AssertionError("unreachable")


def stop_timer(*, actor: Actor, timer_id: int, seconds: int | None = None) -> Timer:
    """Stop a running timer; one that has stopped stays as it is.

    ``seconds`` replaces the time so far, for a timer that ran on after the work: the timer then
    stopped that long after its start. It is at least a minute, at most 24 hours, and not longer
    than the timer has run. Raises ``TimerNotFound``, ``TimeOutOfRange`` and ``TimeExceedsTimer``.
    """
    if seconds is not None:
        check_seconds(seconds)
    with atomic():
        timer = _lock_timer(actor, timer_id)
        now = timezone.now()
        if seconds is not None and timer.is_running and timer.started_at is not None:
            if seconds > timer.seconds_at(now):
                raise TimeExceedsTimer
            now = as_kept(instant_of_row(timer.started_at) + dt.timedelta(seconds=seconds))
        _stop(actor, [timer], now)
    return timer


def stop_timers_of_task(*, actor: Actor, task_id: int) -> int:
    """Stop every running timer of the task at one instant; returns how many ran.

    Raises ``TaskNotFound``.
    """
    with atomic():
        lock_task(actor=actor, task_id=task_id)
        running = Timer.objects.select_for_update().filter(task_id=task_id, is_running=True)
        return _stop(actor, running.order_by("pk"), timezone.now())


def stop_timers_of_project(*, actor: Actor, project_id: int) -> int:
    """Stop every running timer of a project's tasks at one instant; returns how many ran.

    Of a project of any size, only the tasks where time runs are locked. Raises
    ``ProjectNotFound``.
    """
    with atomic():
        if not Project.objects.visible_to(actor).filter(pk=project_id).exists():
            raise ProjectNotFound
        running = Timer.objects.filter(is_running=True, task__project_id=project_id)
        # The tasks first, as everybody does, and in one order.
        tasks = Task.objects.visible_to(actor).filter(pk__in=running.values("task_id"))
        locked = tasks.select_for_update(of=of_self()).order_by("pk").values_list("pk", flat=True)
        timers = Timer.objects.select_for_update().filter(task_id__in=[*locked], is_running=True)
        return _stop(actor, timers.order_by("pk"), timezone.now())


def add_time(
    *, actor: Actor, task_id: int, user: AbstractBaseUser, seconds: int, work_date: dt.date
) -> Timer:
    """Record time by hand. Raises ``TaskNotFound`` and ``TimeOutOfRange``."""
    check_seconds(seconds)
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        timer = Timer(
            task=task,
            user_id=user.pk,
            recorded_by_id=actor.user_id,
            seconds=seconds,
            work_date=work_date,
        )
        timer.save(force_insert=True)
        record(actor=actor, verb="created", subject=timer)
    return timer


def correct_time(*, actor: Actor, timer_id: int, **fields: Unpack[TimeFields]) -> Timer:
    """Change the time or the day of an entry that has stopped.

    Raises ``TimerNotFound``, ``TimerIsInvoiced``, ``TimerIsRunning`` and ``TimeOutOfRange``.
    """
    with atomic():
        timer = _lock_timer(actor, timer_id)
        values: dict[str, Any] = dict(fields)
        if values.keys() & {"hours", "minutes"}:
            hours, minutes = values.pop("hours", None), values.pop("minutes", None)
            values["seconds"] = seconds_of(hours=hours, minutes=minutes, stored=timer.seconds)
        if "seconds" in values:
            check_seconds(values["seconds"])
        if timer.is_invoiced:
            raise TimerIsInvoiced
        if timer.is_running:
            raise TimerIsRunning
        changes = apply(timer, values)
        if changes:
            timer.save(update_fields=list(changes))
            record(actor=actor, verb="updated", subject=timer, changes=changes)
    return timer


def set_invoiced(*, actor: Actor, timer_id: int, is_invoiced: bool) -> Timer:
    """Mark an entry as invoiced, or take that back.

    Raises ``TimerNotFound`` and ``TimerIsRunning``.
    """
    with atomic():
        timer = _lock_timer(actor, timer_id)
        if timer.is_running:
            raise TimerIsRunning
        changes = apply(timer, {"is_invoiced": is_invoiced})
        if changes:
            timer.save(update_fields=["is_invoiced"])
            verb = "invoiced" if is_invoiced else "uninvoiced"
            record(actor=actor, verb=verb, subject=timer, changes=changes)
    return timer


def delete_timer(*, actor: Actor, timer_id: int) -> None:
    """Delete an entry. Raises ``TimerNotFound`` and ``TimerIsInvoiced``."""
    with atomic():
        timer = _lock_timer(actor, timer_id)
        if timer.is_invoiced:
            raise TimerIsInvoiced
        record(actor=actor, verb="deleted", subject=timer)
        remove_row(timer)


def _start(actor: Actor, task_id: int, user: AbstractBaseUser) -> Timer:
    task = lock_task(actor=actor, task_id=task_id)
    # The other task stays unlocked: whoever holds it may wait for this row, never for our task.
    running: list[Timer] = list(
        Timer.objects.select_for_update().filter(user_id=user.pk, is_running=True)
    )
    for timer in running:
        if timer.task_id == task.pk:
            return timer
    now = timezone.now()
    _stop(actor, running, now)
    # The same instant for both, also where the clock has been set back in between.
    started_at = max([now, *(timer.stopped_at for timer in running if timer.stopped_at)])
    timer = Timer(
        task=task,
        user_id=user.pk,
        recorded_by_id=actor.user_id,
        is_running=True,
        started_at=started_at,
        work_date=today(),
    )
    timer.save(force_insert=True)
    record(actor=actor, verb="started", subject=timer)
    return timer


def _stop(actor: Actor, timers: Iterable[Timer], now: dt.datetime) -> int:
    stopped = []
    for timer in timers:
        if not timer.is_running or timer.started_at is None:
            continue
        timer.seconds = timer.seconds_at(now)
        timer.stopped_at = max(now, timer.started_at)
        timer.is_running = None
        stopped.append(timer)
    Timer.objects.bulk_update(stopped, ["seconds", "stopped_at", "is_running"], batch_size=BATCH)
    HistoryEntry.objects.bulk_create(
        entry(
            actor=actor, verb="stopped", subject=timer, changes={"seconds": [None, timer.seconds]}
        )
        for timer in stopped
    )
    return len(stopped)


def _lock_timer(actor: Actor, timer_id: int) -> Timer:
    # The task first, as everybody does: it may be out of sight, or going.
    task_id = Timer.objects.filter(pk=timer_id).values_list("task_id", flat=True).first()
    if task_id is None:
        raise TimerNotFound
    try:
        lock_task(actor=actor, task_id=task_id)
    except TaskNotFound as error:
        raise TimerNotFound from error
    timer: Timer | None = Timer.objects.select_for_update().filter(pk=timer_id).first()
    if timer is None:
        raise TimerNotFound
    return timer


def seconds_of(*, hours: Decimal | None, minutes: Decimal | None, stored: int = 0) -> int:
    """The seconds of so many hours and minutes, to the nearest one, a half rounded up.

    One that is None is as it is in ``stored`` seconds: the whole hours, or what is beyond them.
    """
    whole_hours, beyond = divmod(stored, HOUR)
    seconds = Fraction(whole_hours if hours is None else hours) * HOUR
    seconds += beyond if minutes is None else Fraction(minutes) * MINUTE
    return math.floor(seconds + Fraction(1, 2))


def check_seconds(seconds: int) -> None:
    """Raises ``TimeOutOfRange`` for less than a minute and more than a day."""
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise TimeOutOfRange
