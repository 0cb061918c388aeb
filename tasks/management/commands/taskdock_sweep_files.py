import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks.services.file_sweep import rows_without_file, sweep_files


def hours(text: str) -> dt.timedelta:
    """A number of hours, fractions allowed."""
    number = float(text)
    if not 0 <= number <= 24 * 365 * 100:
        raise ValueError
    return dt.timedelta(hours=number)


class Command(BaseCommand):
    """Deletes files that a crash or a rollback left behind."""

    help = (
        "Deletes the files of tasks that this database has stored, in the storage that TASKDOCK "
        "names, and that no row knows, and reports rows whose file is missing. Files that another "
        "database or schema has stored there are left alone."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--older-than",
            type=hours,
            default="24",
            metavar="HOURS",
            help="Leave younger files alone: somebody may be just about to commit. Default: 24.",
        )
        parser.add_argument(
            "--unowned",
            action="store_true",
            help="Also delete files stored by versions that did not tell whose a file is. Only "
            "where no other database or schema uses the same storage.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Only say what would go.")

    def handle(
        self, *args: Any, older_than: dt.timedelta, dry_run: bool, unowned: bool, **options: Any
    ) -> None:
        verb = "Would delete" if dry_run else "Deleted"
        swept = failed = missing = 0
        for name, error in sweep_files(older_than=older_than, dry_run=dry_run, unowned=unowned):
            if error is None:
                swept += 1
                self.stdout.write(f"{verb} {name}")
            else:
                failed += 1
                self.stderr.write(f"Could not delete {name}: {error}")
        for attachment in rows_without_file():
            missing += 1
            self.stderr.write(
                f"File {attachment.pk} of task {attachment.task_id}, {attachment.name!r}, is "
                f"missing from the storage: {attachment.file.name}"
            )
        self.stdout.write(f"{verb}: {swept}. Missing: {missing}.")
        if failed:
            raise CommandError(f"{failed} files could not be deleted.")
