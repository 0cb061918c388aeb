"""The databases: some that are seeded once and kept, and copies of them that are written to."""

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql


def seeded(server: str, tasks: int, environment: Mapping[str, str]) -> str:
    """The name of the database with so many tasks; migrated and filled where it is not there.

    It gets that name when it is complete, so what an interrupted run leaves is not taken for it.
    """
    name, draft = f"bench_{tasks}", f"bench_{tasks}_draft"
    with _administering(server) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            return name
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", draft)
        _run(connection, "CREATE DATABASE {}", draft)
        there = {**environment, "DATABASE_URL": f"{server}/{draft}"}
        manage(there, "migrate", "--verbosity", "0")
        command = [sys.executable, "-m", "benchmarks.seed", "--tasks", str(tasks)]
        subprocess.run(command, env=there, check=True)
        _run(connection, "ALTER DATABASE {} RENAME TO {}", draft, name)
    return name


@contextlib.contextmanager
def copied(
    server: str, template: str, purpose: str, environment: Mapping[str, str]
) -> Iterator[str]:
    """The URL of a copy, with the migrations that came since; dropped in the end."""
    name = f"{template}_{purpose}"
    with _administering(server) as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        try:
            _run(connection, "CREATE DATABASE {} TEMPLATE {}", name, template)
            url = f"{server}/{name}"
            manage({**environment, "DATABASE_URL": url}, "migrate", "--verbosity", "0")
            yield url
        finally:
            _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def drop(server: str, tasks: int) -> None:
    """Forget the seed of this size."""
    with _administering(server) as connection:
        _run(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", f"bench_{tasks}")


def manage(environment: Mapping[str, str], *arguments: str) -> str:
    """What ``manage.py ARGUMENTS`` prints."""
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(
        command, env=environment, check=True, stdout=subprocess.PIPE, encoding="utf-8"
    )
    return done.stdout


def _administering(server: str) -> psycopg.Connection[tuple[Any, ...]]:
    return psycopg.connect(f"{server}/postgres", autocommit=True)


def _run(connection: psycopg.Connection[tuple[Any, ...]], statement: str, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
