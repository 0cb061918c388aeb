"""How the stand-alone site tunes each kind of database."""

import os
from pathlib import Path
from typing import Any

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA mmap_size=268435456",
    "PRAGMA cache_size=-65536",
)
#: Seconds that a write waits for another's to end. Writers behind one that never ends wait for a
#: slot too, and are to be answered within 10 seconds.
SQLITE_TIMEOUT = 5

#: Statements here touch a few rows each. Reading one by an index costs about as much as the next of
#: a scan, since both are in memory, and both little beside what is computed: with pages at their
#: usual price, a table of sixty tags is read from end to end for each task of a list. Compiling a
#: plan to machine code never pays.
POSTGRESQL_OPTIONS = "-c seq_page_cost=0.1 -c random_page_cost=0.11 -c jit=off"


def tuned(
    database: dict[str, Any], *, conn_max_age: int, has_cursors: bool = True
) -> dict[str, Any]:
    """The settings of a database, with persistent connections and what its engine does best with.

    SQLite: readers beside a writer (WAL), and transactions that take the write lock when they
    begin: one that asks for it later fails at once where another has written meanwhile.
    PostgreSQL: statements prepared by the server, parameters bound there, and a health check of
    our own. MariaDB: every character there is, as strict as the others, and each statement sees
    what was committed before it. Without ``has_cursors`` no result is read through a server-side
    cursor, which a pool that hands out connections by transaction loses.
    """
    options = dict(database.get("OPTIONS", {}))
    engine = database["ENGINE"].rsplit(".", 1)[-1]
    if engine == "sqlite3":
        options = {
            "init_command": ";".join(SQLITE_PRAGMAS),
            "transaction_mode": "IMMEDIATE",
            "timeout": SQLITE_TIMEOUT,
        } | options
        if Path(database["NAME"]).is_absolute():
            Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif engine == "postgresql":
        database = {**database, "ENGINE": "config.postgresql"}
        options = {
            "server_side_binding": True,
            "prepare_threshold": 2,
            # What the environment says would go unheard otherwise.
            "options": f"{POSTGRESQL_OPTIONS} {os.environ.get('PGOPTIONS', '')}".strip(),
        } | options
    elif engine == "mysql":
        options = {
            "charset": "utf8mb4",
            "isolation_level": "read committed",
            "sql_mode": "TRADITIONAL",
        } | options
    return {
        **database,
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": not has_cursors,
        "OPTIONS": options,
    }
