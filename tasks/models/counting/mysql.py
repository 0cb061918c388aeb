"""Triggers on each row, of MariaDB and MySQL, which fold what nobody else holds of a cell into one.

Nobody waits for another: where others hold all of a cell's rows, there is one more until somebody
folds them. A TRUNCATE is not seen.

``SKIP LOCKED`` is heard once a statement: with the second row that a statement writes, the same
SELECT in a trigger would wait (MariaDB 10.11). So only the first one folds, each of the others adds
a row, and each SELECT has a name of its own for the table.
"""

from __future__ import annotations

from collections.abc import Iterator

from tasks.models.counting.names import Counting

#: How many rows one statement folds: whoever writes after a bulk need not put all of it together.
FOLD_MOST = 50


def create(counting: Counting) -> Iterator[str]:
    """The triggers; after TRUNCATE there are none."""
    same = " AND ".join(f"OLD.{column} <=> NEW.{column}" for column in counting.watched)
    for event, body in (
        ("INSERT", _come(counting, "INSERT")),
        (
            "UPDATE",
            f"IF NOT ({same}) THEN {_gone(counting, 'UPDATE')} {_come(counting, 'UPDATE')} END IF;",
        ),
        ("DELETE", _gone(counting, "DELETE")),
    ):
        name = counting.triggers[event]
        yield (
            f"CREATE TRIGGER {name} AFTER {event} ON {counting.counted}"
            f" FOR EACH ROW BEGIN {body} END"
        )


def drop(counting: Counting) -> Iterator[str]:
    """What there is of the triggers."""
    for name in counting.triggers.values():
        yield f"DROP TRIGGER IF EXISTS {name}"


def _come(counting: Counting, event: str) -> str:
    return _add(counting, "NEW", "+", held=f"{event.lower()}_come")


def _gone(counting: Counting, event: str) -> str:
    return _add(counting, "OLD", "-", held=f"{event.lower()}_gone")


def _add(counting: Counting, row: str, sign: str, *, held: str) -> str:
    """Put a cell's free rows and what is added into one of them, or into a new one.

    Of an empty cell nothing is left. Whoever empties all tables may begin with the sums, and, as
    Django does, asks for no foreign keys: nothing is taken then from sums that are not there.
    """
    tally, key, amounts = counting.tally, counting.key, list(counting.amounts)
    its = [f"{row}.{column}" for column in counting.dimensions.values()]
    of_cell = " AND ".join(f"{a} = {b}" for a, b in zip(counting.dimensions, its, strict=True))
    sums = [f"sum{number}" for number, _ in enumerate(amounts)]
    parts = [f"part{number}" for number, _ in enumerate(amounts)]
    folded = " ".join(f"SET {a} = {a} + {b};" for a, b in zip(sums, parts, strict=True))
    # A positive integer is unsigned there, and so would be what is taken from it.
    added = " ".join(
        f"SET {name} = {name} {sign} CAST({amount} AS SIGNED);"
        for name, amount in zip(sums, counting.amounts_of(row), strict=True)
    )
    is_empty = " AND ".join(f"{name} = 0" for name in sums)
    changes = ", ".join(f"{a} = {b}" for a, b in zip(amounts, sums, strict=True))
    # To a trigger, now is when the statement began. To look whether there is a row at all would
    # wait for who holds it.
    began, is_void = (f"@`{tally.strip('`')}_{held}_{what}`" for what in ("began", "void"))
    if_void = "one IS NULL AND NOT @@foreign_key_checks" if sign == "-" else "FALSE"
    return f"""IF {counting.counts(row)} THEN BEGIN
        DECLARE one, another, {", ".join(parts)} BIGINT;
        DECLARE {", ".join(sums)} BIGINT DEFAULT 0;
        DECLARE is_first BOOLEAN DEFAULT NOT ({began} <=> NOW(6));
        DECLARE is_done BOOLEAN DEFAULT NOT is_first;
        DECLARE free CURSOR FOR SELECT {key}, {", ".join(amounts)} FROM {tally} {held}
            WHERE {of_cell} LIMIT {FOLD_MOST} FOR UPDATE SKIP LOCKED;
        DECLARE CONTINUE HANDLER FOR NOT FOUND SET is_done = TRUE;
        IF is_first THEN OPEN free; FETCH free INTO one, {", ".join(parts)}; END IF;
        WHILE NOT is_done DO
            {folded}
            IF another IS NOT NULL THEN DELETE FROM {tally} WHERE {key} = another; END IF;
            FETCH free INTO another, {", ".join(parts)};
        END WHILE;
        IF is_first THEN CLOSE free; SET {began} = NOW(6), {is_void} = {if_void}; END IF;
        {added}
        IF one IS NULL THEN
            IF NOT {is_void} THEN
                INSERT INTO {tally} ({counting.columns}) VALUES ({", ".join([*its, *sums])});
            END IF;
        ELSEIF {is_empty} THEN DELETE FROM {tally} WHERE {key} = one;
        ELSE UPDATE {tally} SET {changes} WHERE {key} = one; END IF;
    END; END IF;"""
