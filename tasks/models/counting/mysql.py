"""Triggers on each row, of MariaDB and MySQL, which add the difference.

Nobody waits for another; ``taskdock_recount --repair`` folds the rows of a cell. A TRUNCATE is not
seen.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models.counting.names import Counting


def create(counting: Counting) -> Iterator[str]:
    """The triggers; after TRUNCATE there are none."""
    come, gone = (_add(counting, row, sign) for row, sign in (("NEW", ""), ("OLD", "-")))
    same = " AND ".join(f"OLD.{column} <=> NEW.{column}" for column in counting.watched)
    for event, body in (
        ("INSERT", come),
        ("UPDATE", f"IF NOT ({same}) THEN {gone} {come} END IF;"),
        ("DELETE", gone),
    ):
        yield (
            f"CREATE TRIGGER {counting.triggers[event]} AFTER {event} ON {counting.counted}"
            f" FOR EACH ROW BEGIN {body} END"
        )


def drop(counting: Counting) -> Iterator[str]:
    """What there is of the triggers."""
    for name in counting.triggers.values():
        yield f"DROP TRIGGER IF EXISTS {name}"


def _add(counting: Counting, row: str, sign: str) -> str:
    return (
        f"IF {counting.counts(row)} THEN INSERT INTO {counting.tally} ({counting.columns})"
        f" VALUES ({counting.change(row, sign)}); END IF;"
    )
