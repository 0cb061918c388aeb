from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone

from tasks.actors import Actor, Door
from tasks.clock import instant
from tasks.exceptions import Invalid, TaskdockError
from tasks.models import TaskRecurrence
from tasks.platform.errors import ConflictingWrite
from tasks.platform.writes import run_write
from tasks.services.recurrence import Due, Made, create_due, due_of, due_recurrences

ME = Actor(door=Door.COMMAND)


class Command(BaseCommand):
    """Makes the copies of tasks that repeat."""

    help = (
        "Makes the copies that are due of tasks that repeat. Run it every few minutes, from cron "
        "for instance: each is made once, however often this runs or how many of it at a time. Of "
        "what was missed while it did not run, the latest of each task is made."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="Only say what would be made.")

    def handle(self, *args: Any, dry_run: bool, **options: Any) -> None:
        now = instant(timezone.now())
        made = failed = 0
        for row in due_recurrences(now):
            try:
                if dry_run:
                    made += self._would(row, due_of(row, now))
                else:
                    create = partial(create_due, actor=ME, recurrence_id=row.pk, now=now)
                    made += self._told(run_write(create))
            except (TaskdockError, ConflictingWrite, DatabaseError, OSError) as error:
                failed += 1
                self.stderr.write(f"Task {row.task_id}, {row.task.title!r}: {_reason(error, row)}")
        self.stdout.write(f"{'Would make' if dry_run else 'Made'}: {made}. Failed: {failed}.")
        if failed:
            raise CommandError(f"{failed} tasks could not be repeated; the next run tries again.")

    def _would(self, row: TaskRecurrence, due: Due | None) -> int:
        if due is None:
            return 0
        title = row.task.title
        self.stdout.write(f"Would copy task {row.task_id}, {title!r}, for {_dates(due)}")
        return 1

    def _told(self, made: Made | None) -> int:
        if made is None:
            return 0
        name = f"task {made.task.pk}, {made.task.title!r},"
        if made.copy is None:
            self.stdout.write(f"Paused {name} since it or its project is archived")
            return 0
        self.stdout.write(f"Copied {name} as {made.copy.pk}, for {_dates(made.due)}")
        return 1


def _reason(error: Exception, row: TaskRecurrence) -> str:
    """Why a recurrence failed, with its rule and zone where these are refused."""
    if isinstance(error, Invalid) and error.field in {"rule", "zone"}:
        return f"{error} It repeats by {row.rule!r} in the zone {row.zone!r}: change it."
    return str(error)


def _dates(due: Due) -> str:
    return f"{due.occurs_on}" + (f" ({due.skipped} dates before it skipped)" if due.skipped else "")
