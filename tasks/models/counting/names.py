"""What is counted where, and the parts of statements that all databases share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

EVENTS = ("INSERT", "UPDATE", "DELETE", "TRUNCATE")


@dataclass(frozen=True, slots=True)
class Counting:
    """A tally and what it counts, all names quoted.

    ``dimensions`` are the tally's columns with those of the counted table, ``amounts`` likewise,
    with None where rows are counted. Rows that have something in ``unless`` are not counted.
    ``triggers`` are names by event.
    """

    tally: str
    counted: str
    key: str
    dimensions: Mapping[str, str]
    amounts: Mapping[str, str | None]
    unless: str | None
    triggers: Mapping[str, str]

    @property
    def cell(self) -> str:
        """The tally's columns that tell its cells apart."""
        return ", ".join(self.dimensions)

    @property
    def columns(self) -> str:
        """The tally's columns but its key."""
        return ", ".join([*self.dimensions, *self.amounts])

    @property
    def watched(self) -> Iterator[str]:
        """The counted table's columns whose change may change a sum."""
        columns = [*self.dimensions.values(), *self.amounts.values(), self.unless]
        return (column for column in columns if column is not None)

    def change(self, row: str, sign: str = "") -> str:
        """What a row of the counted table adds to the tally's ``columns``."""
        cell = [f"{row}.{column}" for column in self.dimensions.values()]
        return ", ".join([*cell, *(f"{sign}{amount}" for amount in self.amounts_of(row))])

    def amounts_of(self, row: str) -> Iterator[str]:
        """A row's part of each sum."""
        return ("1" if column is None else f"{row}.{column}" for column in self.amounts.values())

    def counts(self, row: str) -> str:
        """The condition that the row is counted at all."""
        return "1 = 1" if self.unless is None else f"{row}.{self.unless} IS NULL"

    def recount(self) -> Iterator[str]:
        """Put what the rows say in the place of all sums."""
        cell = ", ".join(f"counted.{column}" for column in self.dimensions.values())
        sums = ", ".join(f"SUM({amount})" for amount in self.amounts_of("counted"))
        yield f"DELETE FROM {self.tally}"
        yield (
            f"INSERT INTO {self.tally} ({self.columns}) SELECT {cell}, {sums}"
            f" FROM {self.counted} counted WHERE {self.counts('counted')} GROUP BY {cell}"
        )
