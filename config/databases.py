"""How the stand-alone site tunes each kind of database."""

from pathlib import Path
from typing import Any

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=NORMAL",
    "PRAGMA mmap_size=268435456",
    "PRAGMA cache_size=-65536",
)


def tuned(database: dict[str, Any], *, conn_max_age: int) -> dict[str, Any]:
    """The settings of a database, with persistent connections and what its engine does best with.

    SQLite: readers beside a writer (WAL), and transactions that take the write lock when they
    begin: one that asks for it later fails at once where another has written meanwhile.
    PostgreSQL: statements prepared by the server, parameters bound there.
    """
    options = dict(database.get("OPTIONS", {}))
    engine = database["ENGINE"].rsplit(".", 1)[-1]
    if engine == "sqlite3":
        options = {
            "init_command": ";".join(SQLITE_PRAGMAS),
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
        } | options
        if Path(database["NAME"]).is_absolute():
            Path(database["NAME"]).parent.mkdir(parents=True, exist_ok=True)
    elif engine == "postgresql":
        options = {"server_side_binding": True, "prepare_threshold": 2} | options
    return {
        **database,
        "CONN_MAX_AGE": conn_max_age,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
