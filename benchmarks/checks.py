"""Before anything is timed: everybody answers the same, and the limit writes the same rows."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg

from benchmarks.seed import STATUSES, Sizes
from benchmarks.servers import Server

TASK = {
    "task_title": "Checked task",
    "task_status": 2,
    "task_priority": 3,
    "task_description": "Made to be compared.",
    "task_date_start": "2026-06-15",
    "task_date_due": "2026-06-19",
    "task_billable": True,
}
#: What differs from one write to the next.
OWN = ("id", "position", "created_at", "updated_at", "status_changed_at", "completed_at")


class Different(Exception):
    """A contender does not do what Taskdock does."""


def check(servers: Mapping[str, Server], database: str, sizes: Sizes) -> None:
    """Compare every contender with Taskdock; the limit to the byte. Raises ``Different``."""
    ours = servers["taskdock"]
    for name, server in servers.items():
        for path in _paths(sizes):
            expected, got = ours.ask("GET", path), server.ask("GET", path)
            _compare(f"{name}: GET {path}", _parsed(*expected), _parsed(*got))
            if name == "limit" and expected != got:
                raise Different(f"{name}: GET {path}: the bytes differ")
    expected_writes = _written(ours, database)
    for name, server in servers.items():
        answers, rows = _written(server, database)
        _compare(f"{name}: writes", expected_writes[0], answers)
        if name == "limit":
            _compare(f"{name}: rows", expected_writes[1], rows)


def _compare(where: str, expected: Any, got: Any) -> None:
    """Raises ``Different``, which names the first place where they do."""
    if isinstance(expected, dict) and isinstance(got, dict) and expected.keys() == got.keys():
        for key, value in expected.items():
            _compare(f"{where}: {key}", value, got[key])
    elif isinstance(expected, list | tuple) and len(expected) == len(got):
        for place, value in enumerate(expected):
            _compare(f"{where}: {place}", value, got[place])
    elif expected != got:
        raise Different(f"{where}: {expected!r:.500} is {got!r:.500}")


def _paths(sizes: Sizes) -> Iterator[str]:
    for project in {1, 1 + sizes.projects // 2, sizes.projects}:
        for rest in ("", "&limit=25", "&limit=100", "&limit=100&page=2"):
            yield f"/api/tasks?project_id={project}{rest}"
    for step in range(1, 20):
        yield f"/api/tasks/{1 + step * sizes.tasks // 20}"


def _written(server: Server, database: str) -> tuple[list[Any], list[Any]]:
    """The answers to some writes, and the rows of the database that they left."""
    answers = [_write(server, "POST", "/api/tasks", {"task_projectid": 1, **TASK})]
    task = answers[0][1]["data"].pop("id")
    for status in [*range(1, 1 + STATUSES), STATUSES]:
        answers.append(_write(server, "PUT", f"/api/tasks/{task}/status", {"status": status}))
        del answers[-1][1]["data"]["id"]
    with psycopg.connect(database) as connection:
        rows = connection.execute(
            """
            SELECT to_jsonb(task) - %(own)s::text[] FROM taskdock_task task WHERE id = %(task)s
            UNION ALL (
                SELECT to_jsonb(entry) - '{id,at,subject_id}'::text[]
                FROM taskdock_historyentry entry
                WHERE subject_type = 'task' AND subject_id = %(task)s ORDER BY id)
            """,
            {"own": list(OWN), "task": task},
        ).fetchall()
    return answers, rows


def _write(server: Server, method: str, path: str, body: Any) -> tuple[int, Any]:
    """The status and the answer, less its moments."""
    status, answer = _parsed(*server.ask(method, path, body))
    if "data" not in answer:
        raise Different(f"{method} {path}: {status} {answer}")
    for moment in ("created", "updated"):
        del answer["data"]["dates"][moment]
    return status, answer


def _parsed(status: int, body: bytes) -> tuple[int, Any]:
    try:
        return status, json.loads(body)
    except ValueError:
        return status, {"not JSON": body[:500]}
