"""``taskdock_demo``: the demo workspace."""

import datetime as dt
import sys
from argparse import ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from tasks.demo.load import DEFAULT_SEED, DEFAULT_TASKS, Loaded, load
from tasks.exceptions import TaskdockError


class Command(BaseCommand):
    help = (
        "Fills a database without tasks with a believable workspace of a small agency, the "
        "documented objects under their ids included. The same number, seed and day make the same "
        "rows; on another day, the dates move along."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--tasks",
            type=_at_least_one,
            default=DEFAULT_TASKS,
            metavar="N",
            help=f"How many (default: {DEFAULT_TASKS}); all else grows with them.",
        )
        parser.add_argument(
            "--seed", type=int, default=DEFAULT_SEED, metavar="S", help="Any number."
        )
        parser.add_argument(
            "--today",
            type=_day,
            metavar="YYYY-MM-DD",
            help="The day that the workspace ends before (default: today, in UTC).",
        )

    def handle(
        self, *args: Any, tasks: int, seed: int, today: dt.date | None, **options: Any
    ) -> None:
        # disable=None: no bar where nobody watches.
        with tqdm(total=tasks, unit=" tasks", file=sys.stderr, disable=None, leave=False) as bar:
            try:
                loaded = load(
                    tasks=tasks,
                    seed=seed,
                    today=today or dt.datetime.now(dt.UTC).date(),
                    progress=bar.update,
                )
            except TaskdockError as error:
                raise CommandError(str(error)) from error
        self.stdout.write(summary(loaded))
        if loaded.administrator is not None:
            user, password = loaded.administrator
            self.stdout.write(f"Administrator: {user.get_username()}  Password: {password}")
            self.stdout.write("The password is not shown again.")
        self.stdout.flush()


def summary(loaded: Loaded) -> str:
    """What was loaded, in a sentence."""
    return (
        f"The demo is loaded: {loaded.tasks} tasks in {loaded.projects} projects "
        f"for {loaded.clients} clients, by {loaded.people} people."
    )


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ArgumentTypeError("must be at least 1")
    return number


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
