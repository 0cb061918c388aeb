"""Triggers after each statement, which add the differences and touch no row of another writer."""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models.counting.names import Counting

#: One row in so many has its cell folded when it is added, so that a cell has few rows.
FOLD_EVERY = 8


def create(counting: Counting) -> Iterator[str]:
    """Each trigger with its function."""
    come = f"SELECT {counting.change('come')} FROM come WHERE {counting.counts('come')}"
    gone = f"SELECT {counting.change('gone', '-')} FROM gone WHERE {counting.counts('gone')}"
    for event, changes, tables in (
        ("INSERT", come, "REFERENCING NEW TABLE AS come"),
        ("UPDATE", f"{gone} UNION ALL {come}", "REFERENCING OLD TABLE AS gone NEW TABLE AS come"),
        ("DELETE", gone, "REFERENCING OLD TABLE AS gone"),
    ):
        yield from _after(counting, event, _add(counting, changes, event), tables)
    yield from _after(counting, "TRUNCATE", f"DELETE FROM {counting.tally};")


def drop(counting: Counting) -> Iterator[str]:
    """Each function with its trigger."""
    for name in counting.triggers.values():
        yield f"DROP FUNCTION IF EXISTS {name}() CASCADE"


def _after(counting: Counting, event: str, body: str, tables: str = "") -> Iterator[str]:
    name = counting.triggers[event]
    yield f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    added record;
BEGIN
    {body}
    RETURN NULL;
END
$body$"""
    yield (
        f"CREATE TRIGGER {name} AFTER {event} ON {counting.counted} {tables}"
        f" FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )


def _add(counting: Counting, changes: str, event: str) -> str:
    """Add what has changed, if anything has; whoever else folds a cell is passed by.

    Of two rows of one write, ids in a row, both fold or none: were it by the id itself, one of them
    might never. What goes folds in any case, so that of an empty cell nothing is left.
    """
    tally, key, cell = counting.tally, counting.key, counting.cell
    sums = ", ".join(f"SUM({amount})" for amount in counting.amounts)
    some = " OR ".join(f"SUM({amount}) <> 0" for amount in counting.amounts)
    same = " AND ".join(f"tally.{column} = added.{column}" for column in counting.dimensions)
    now = "TRUE" if event == "DELETE" else f"added.{key} / 2 % {FOLD_EVERY} = 0"
    return f"""FOR added IN
        INSERT INTO {tally} ({counting.columns})
        SELECT {cell}, {sums} FROM ({changes}) AS changed ({counting.columns})
        GROUP BY {cell} HAVING {some}
        RETURNING *
    LOOP
        IF {now} THEN
            WITH seen AS (
                SELECT {key} FROM {tally} tally WHERE {same} FOR UPDATE SKIP LOCKED
            ), folded AS (
                DELETE FROM {tally} tally USING seen WHERE tally.{key} = seen.{key}
                RETURNING tally.*
            )
            INSERT INTO {tally} ({counting.columns})
            SELECT {cell}, {sums} FROM folded GROUP BY {cell} HAVING {some};
        END IF;
    END LOOP;"""
