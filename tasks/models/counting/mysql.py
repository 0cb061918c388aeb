"""Triggers on each row, of MariaDB and MySQL, which change a row of the cell that nobody else holds.

Nobody waits for another: where others hold all of a cell's rows, there is one more from then on, so
a cell has no more rows than it ever had writers at once. A TRUNCATE is not seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models.counting.names import Counting


def create(counting: Counting) -> Iterator[str]:
    """The triggers; after TRUNCATE there are none."""
    come, gone = _come(counting), _gone(counting)
    same = " AND ".join(f"OLD.{column} <=> NEW.{column}" for column in counting.watched)
    for event, body in (
        ("INSERT", come),
        ("UPDATE", f"IF NOT ({same}) THEN {gone} {come} END IF;"),
        ("DELETE", gone),
    ):
        yield (
            f"CREATE TRIGGER {counting.triggers[event]} AFTER {event} ON {counting.counted}"
            f" FOR EACH ROW BEGIN DECLARE free BIGINT; {body} END"
        )


def drop(counting: Counting) -> Iterator[str]:
    """What there is of the triggers."""
    for name in counting.triggers.values():
        yield f"DROP TRIGGER IF EXISTS {name}"


def _come(counting: Counting) -> str:
    return f"IF {counting.counts('NEW')} THEN {_add(counting, 'NEW')} END IF;"


def _gone(counting: Counting) -> str:
    """Of an empty cell nothing is left, unless several have written to it at once."""
    empty = " AND ".join(f"{amount} = 0" for amount in counting.amounts)
    delete = f"DELETE FROM {counting.tally} WHERE {counting.key} = free AND {empty};"
    return f"IF {counting.counts('OLD')} THEN {_add(counting, 'OLD', '-')} {delete} END IF;"


def _add(counting: Counting, row: str, sign: str = "") -> str:
    cell = " AND ".join(f"{ours} = {row}.{its}" for ours, its in counting.dimensions.items())
    # A positive integer is unsigned there, and so would be what is taken from it.
    added = [f"{sign or '+'} CAST({amount} AS SIGNED)" for amount in counting.amounts_of(row)]
    amounts = zip(counting.amounts, added, strict=True)
    changes = ", ".join(f"{amount} = {amount} {change}" for amount, change in amounts)
    values = ", ".join([*(f"{row}.{its}" for its in counting.dimensions.values()), *added])
    return (
        f"SET free = (SELECT {counting.key} FROM {counting.tally} WHERE {cell}"
        " LIMIT 1 FOR UPDATE SKIP LOCKED);"
        f" IF free IS NULL THEN INSERT INTO {counting.tally} ({counting.columns})"
        f" VALUES ({values});"
        f" ELSE UPDATE {counting.tally} SET {changes} WHERE {counting.key} = free; END IF;"
    )
