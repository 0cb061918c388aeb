"""Factories for tests, ours and a host's."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from tasks.models import Task
from tasks.testing import make_actor, make_user
from timers.models import Timer
from timers.services import timers

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

WORK_DATE = dt.date(2026, 6, 17)


def make_time(
    task: Task,
    *,
    user: AbstractBaseUser | None = None,
    seconds: int = 3600,
    work_date: dt.date = WORK_DATE,
    is_invoiced: bool = False,
) -> Timer:
    """Time entered by hand, of a user of its own unless told otherwise."""
    user = user or make_user()
    actor = make_actor(user)
    timer = timers.add_time(
        actor=actor, task_id=task.pk, user=user, seconds=seconds, work_date=work_date
    )
    if is_invoiced:
        timer = timers.set_invoiced(actor=actor, timer_id=timer.pk, is_invoiced=True)
    return timer


def make_running_timer(
    task: Task,
    *,
    user: AbstractBaseUser | None = None,
    running_for: dt.timedelta = dt.timedelta(0),
) -> Timer:
    """A timer that has been running for a while, of a user of its own unless told otherwise.

    A negative ``running_for`` is what a clock that was set back leaves behind.
    """
    user = user or make_user()
    timer = timers.start_timer(actor=make_actor(user), task_id=task.pk, user=user)
    if running_for and timer.started_at is not None:
        timer.started_at -= running_for
        timer.save(update_fields=["started_at"])
    return timer


def make_stopped_timer(
    task: Task,
    *,
    user: AbstractBaseUser | None = None,
    seconds: int = 3600,
    is_invoiced: bool = False,
) -> Timer:
    """A timer that ran for so many seconds, of a user of its own unless told otherwise."""
    timer = make_running_timer(task, user=user)
    if timer.started_at is not None:
        timer.stopped_at = timer.started_at
        timer.started_at -= dt.timedelta(seconds=seconds)
    timer.seconds, timer.is_running, timer.is_invoiced = seconds, None, is_invoiced
    timer.save()
    return timer
