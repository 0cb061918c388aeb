"""Time worked on tasks."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.clock import instant, instant_of_row
from tasks.models import Task
from tasks.models.fields import FlagField
from tasks.querysets import PartQuerySet


class Timer(models.Model):
    """A time entry: a timer that runs or has been stopped, or a time entered by hand.

    ``seconds`` is final once the timer has stopped, and 0 while it runs. An entry by hand has
    neither ``started_at`` nor ``stopped_at``. A user has at most one running timer, which the
    database sees to. An invoiced entry is never changed.
    """

    task = models.ForeignKey(
        Task,
        verbose_name=_("task"),
        on_delete=models.CASCADE,
        db_index=False,
        related_name="timers",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("worked by"),
        on_delete=models.SET_NULL,
        db_index=False,
        null=True,
        related_name="+",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("recorded by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    is_running = FlagField(_("running"), default=None, editable=False)
    started_at = models.DateTimeField(_("started"), null=True, editable=False)
    stopped_at = models.DateTimeField(_("stopped"), null=True, editable=False)
    seconds = models.PositiveIntegerField(_("seconds"), default=0)
    work_date = models.DateField(_("day of the work"))
    is_invoiced = models.BooleanField(_("invoiced"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = PartQuerySet.as_manager()

    class Meta:
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(name="taskdock_timer_of_task", fields=["task", "created_at", "id"]),
            # Timesheets in their own order, or a span of days of them.
            models.Index(name="taskdock_timer_by_day", fields=["work_date", "id"]),
            # Sorted by time.
            models.Index(name="taskdock_timer_by_time", fields=["seconds", "id"]),
            # Somebody's, who may have a hundred thousand.
            models.Index(name="taskdock_timer_of_user", fields=["user", "work_date", "id"]),
            # What is still to be invoiced lies at one end of the days, and is looked for from both.
            models.Index(
                name="taskdock_timer_by_billing", fields=["is_invoiced", "work_date", "id"]
            ),
            # The few that run: counted for every total, and stopped for a whole project.
            models.Index(name="taskdock_timer_running", fields=["is_running", "task"]),
        ]
        constraints = [
            models.UniqueConstraint(
                name="taskdock_timer_one_running", fields=["user", "is_running"]
            ),
            models.CheckConstraint(
                name="taskdock_timer_running_true_or_null",
                condition=models.Q(is_running__isnull=True) | models.Q(is_running=True),
            ),
            models.CheckConstraint(
                name="taskdock_timer_running_has_started",
                condition=models.Q(is_running__isnull=True)
                | models.Q(
                    started_at__isnull=False,
                    stopped_at__isnull=True,
                    seconds=0,
                    is_invoiced=False,
                ),
            ),
            models.CheckConstraint(
                name="taskdock_timer_stopped_after_start",
                condition=models.Q(stopped_at__isnull=True)
                | models.Q(stopped_at__gte=models.F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id}: {self.seconds} s"

    @property
    def status(self) -> str:
        """``running`` or ``stopped``."""
        return status_of(self.is_running)

    def seconds_at(self, moment: dt.datetime) -> int:
        """The seconds logged, for a running timer those so far; a clock set back gives 0."""
        return seconds_at(self.is_running, self.started_at, self.seconds, moment)


def status_of(is_running: bool | None) -> str:
    """``running`` or ``stopped``, of the columns of an entry."""
    return "running" if is_running else "stopped"


def seconds_at(
    is_running: bool | None, started_at: dt.datetime | None, seconds: int, moment: dt.datetime
) -> int:
    """``Timer.seconds_at``, of the columns of an entry."""
    if not is_running or started_at is None:
        return seconds
    return seconds_between(started_at, moment)


def seconds_between(started_at: dt.datetime, moment: dt.datetime) -> int:
    """The whole seconds that a timer has run by then; a clock set back gives 0."""
    return max(0, int((instant(moment) - instant_of_row(started_at)).total_seconds()))
