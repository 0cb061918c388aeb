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


def _add(counting: Counting, row: str, sign: str = "+") -> str:
    """Change a free row of the cell, or add one.

    From a cell that is not there nothing is taken: whoever empties all tables may begin with the
    sums.
    """
    its = [f"{row}.{column}" for column in counting.dimensions.values()]
    of_cell = " AND ".join(f"{a} = {b}" for a, b in zip(counting.dimensions, its, strict=True))
    # A positive integer is unsigned there, and so would be what is taken from it.
    added = [f"{sign} CAST({amount} AS SIGNED)" for amount in counting.amounts_of(row)]
    amounts = zip(counting.amounts, added, strict=True)
    changes = ", ".join(f"{amount} = {amount} {change}" for amount, change in amounts)
    otherwise = "ELSE"
    if sign == "-":
        otherwise = f"ELSEIF EXISTS (SELECT 1 FROM {counting.tally} WHERE {of_cell}) THEN"
    return (
        f"SET free = (SELECT {counting.key} FROM {counting.tally} WHERE {of_cell}"
        " LIMIT 1 FOR UPDATE SKIP LOCKED);"
        f" IF free IS NOT NULL THEN"
        f" UPDATE {counting.tally} SET {changes} WHERE {counting.key} = free;"
        f" {otherwise} INSERT INTO {counting.tally} ({counting.columns})"
        f" VALUES ({', '.join([*its, *added])}); END IF;"
    )
