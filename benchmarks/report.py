"""What is told in the end: medians over the rounds, in Markdown."""

import datetime as dt
import os
import platform
import subprocess
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from statistics import median

import psycopg
from psycopg import sql

from benchmarks.load import CONNECTIONS, Measured, Plan
from benchmarks.servers import CONTENDERS, WORKERS

#: By contender and column, a measurement a round.
Results = Mapping[tuple[str, str], Sequence[Measured]]
PACKAGES = (
    *("django", "djangorestframework", "psycopg", "orjson", "granian"),
    *("django-ninja", "fastapi", "sqlalchemy", "asyncpg"),
)
COUNTED = {
    "tasks": "taskdock_task",
    "projects": "taskdock_project",
    "users": "auth_user",
    "assignees": "taskdock_taskassignee",
    "tags of tasks": "taskdock_tasktag",
    "timers": "taskdock_timers_timer",
}


def conditions(database: str, plan: Plan) -> str:
    """When, on what machine, with which versions and how much data; before anything is written."""
    with psycopg.connect(database) as connection:
        server = connection.info.parameter_status("server_version")
        query = sql.SQL("SELECT count(*) FROM {}")
        counts = {
            name: connection.execute(query.format(sql.Identifier(table))).fetchone() or (0,)
            for name, table in COUNTED.items()
        }
    wrk = subprocess.run(["wrk", "-v"], check=False, stdout=subprocess.PIPE, encoding="utf-8")
    versions = [
        f"Python {platform.python_version()}",
        f"PostgreSQL {server}",
        " ".join(wrk.stdout.split()[:2]),
        *(f"{name} {version(name)}" for name in PACKAGES),
    ]
    return "\n".join(
        [
            f"# {dt.datetime.now(dt.UTC).date().isoformat()}",
            "",
            f"- {machine('wrk')}",
            f"- {', '.join(versions)}",
            f"- {', '.join(f'{count:,} {name}' for name, (count,) in counts.items())}",
            (
                f"- {WORKERS} workers, {CONNECTIONS} connections, {plan.rounds} interleaved rounds"
                f" of {plan.seconds} s, medians"
            ),
        ]
    )


def machine(client: str) -> str:
    """The machine, who else is at work on it, and how much it had to do before."""
    return (
        f"{platform.machine()}, {os.cpu_count()} cores, which {client}, the application and"
        f" PostgreSQL share; load before the run {os.getloadavg()[0]:.1f}"
    )


def tables(results: Results, plan: Plan) -> str:
    """Requests a second with their ratio to the limit's, and how long nearly all answers took."""
    return "\n".join(
        [
            "Requests a second, and their ratio to the limit's:",
            "",
            _table(results, plan, _rate),
            "",
            "Milliseconds within which 99 of 100 answers came:",
            "",
            _table(results, plan, _p99),
        ]
    )


def _table(results: Results, plan: Plan, cell: Callable[[Results, str, str], str]) -> str:
    columns = plan.columns
    lines = [["", *columns], ["---"] + ["---:"] * len(columns)]
    for name in plan.contenders:
        cells = [cell(results, name, col) if (name, col) in results else "" for col in columns]
        lines.append([CONTENDERS[name].title, *cells])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _rate(results: Results, name: str, column: str) -> str:
    rounds = results[name, column]
    # What only Taskdock answers is compared with the limit's list of tasks.
    limits = results.get(("limit", column)) or results["limit", "list 25"]
    # Round by round: the machine's drift is in both.
    ratio = median(ours.rate / limit.rate for ours, limit in zip(rounds, limits, strict=True))
    return f"{median(measured.rate for measured in rounds):,.0f} ({ratio:.3f})"


def _p99(results: Results, name: str, column: str) -> str:
    return f"{median(measured.p99 for measured in results[name, column]):,.1f}"
