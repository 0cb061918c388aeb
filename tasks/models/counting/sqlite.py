"""Triggers on each row, which change the cell's own: there is one writer at a time.

They don't see rows that ``INSERT OR REPLACE`` replaces, unless ``recursive_triggers`` is on.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models.counting.names import Counting


def create(counting: Counting) -> Iterator[str]:
    """The triggers; SQLite has no TRUNCATE."""
    changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in counting.watched)
    for event, when, changes in (
        ("INSERT", "TRUE", [*_come(counting)]),
        ("UPDATE", changed, [*_gone(counting), *_come(counting)]),
        ("DELETE", "TRUE", [*_gone(counting)]),
    ):
        statements = "\n".join(f"    {statement};" for statement in changes)
        yield (
            f"CREATE TRIGGER {counting.triggers[event]} AFTER {event} ON {counting.counted}"
            f" FOR EACH ROW WHEN {when} BEGIN\n{statements}\nEND"
        )


def drop(counting: Counting) -> Iterator[str]:
    """What there is of the triggers."""
    for name in counting.triggers.values():
        yield f"DROP TRIGGER IF EXISTS {name}"


def _come(counting: Counting) -> Iterator[str]:
    cell = [f"NEW.{column}" for column in counting.dimensions.values()]
    empty = ", ".join([*cell, *("0" for _ in counting.amounts)])
    yield (
        f"INSERT INTO {counting.tally} ({counting.columns}) SELECT {empty}"
        f" WHERE {counting.counts('NEW')}"
        f" AND NOT EXISTS (SELECT 1 FROM {counting.tally} WHERE {_cell(counting, 'NEW')})"
    )
    yield _add(counting, "NEW", "+")


def _gone(counting: Counting) -> Iterator[str]:
    """A cell that is not there stays so: whoever empties all tables may begin with the sums."""
    yield _add(counting, "OLD", "-")
    empty = " AND ".join(f"{amount} = 0" for amount in counting.amounts)
    yield f"DELETE FROM {counting.tally} WHERE {_cell(counting, 'OLD')} AND {empty}"


def _add(counting: Counting, row: str, sign: str) -> str:
    """Change one row of the cell; others are there only between a check and its repair."""
    amounts = zip(counting.amounts, counting.amounts_of(row), strict=True)
    changes = ", ".join(f"{amount} = {amount} {sign} {change}" for amount, change in amounts)
    first = f"SELECT MIN({counting.key}) FROM {counting.tally} WHERE {_cell(counting, row)}"
    return (
        f"UPDATE {counting.tally} SET {changes}"
        f" WHERE {counting.key} = ({first}) AND {counting.counts(row)}"
    )


def _cell(counting: Counting, row: str) -> str:
    pairs = counting.dimensions.items()
    return " AND ".join(f"{ours} = {row}.{theirs}" for ours, theirs in pairs)
