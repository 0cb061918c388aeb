from argparse import ArgumentParser
from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tasks.exceptions import DatabaseRefused
from tasks.models.tallies import Tally
from tasks.platform.errors import ConflictingWrite
from tasks.platform.writes import run_write
from tasks.services.tallies import Cell, differences, every_tally, mend

#: How many cells are named before the rest is only counted.
SHOWN = 20


class Command(BaseCommand):
    """Checks the sums that the database keeps beside the rows, and mends them."""

    help = (
        "Checks that the numbers which summarise many rows (a project's progress, a milestone's "
        "tasks, the totals of lists) are what the rows say. The database keeps them up, whoever "
        "writes, unless its triggers were off: after loaddata, for instance, which brings sums "
        "along that are counted already. Ends with 1 where one is wrong. Safe while others write."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--repair", action="store_true", help="Mend what is wrong.")

    def handle(self, *args: Any, repair: bool, **options: Any) -> None:
        wrong = 0
        for tally in every_tally():
            missing = _mended(tally) if repair else differences(tally)
            wrong += len(missing)
            self._tell(tally, missing, repaired=repair)
        if wrong and not repair:
            raise CommandError(f"{wrong} sums are wrong. Run it again with --repair.")

    def _tell(
        self, tally: type[Tally], missing: dict[Cell, tuple[int, ...]], *, repaired: bool
    ) -> None:
        verb = "mended" if repaired else "wrong"
        self.stdout.write(f"{tally._meta.object_name}: {len(missing)} {verb}.")
        for cell, amounts in sorted(missing.items())[:SHOWN]:
            where = _named(tally.dimensions, cell)
            self.stdout.write(f"  {where}: off by {_named(tally.amounts, amounts)}")
        if len(missing) > SHOWN:
            self.stdout.write(f"  and {len(missing) - SHOWN} more")


def _mended(tally: type[Tally]) -> dict[Cell, tuple[int, ...]]:
    """What was missing. InnoDB may end a repair for who writes beside it: it is tried again."""
    try:
        return run_write(partial(mend, tally))
    except ConflictingWrite as error:
        raise CommandError("Others write too much at the moment. Run it once more.") from error
    except DatabaseRefused as refusal:
        raise CommandError(str(refusal)) from refusal


def _named(names: tuple[str, ...], values: tuple[Any, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
