"""The stand-alone site on SQLite: two worker processes that write to one file at once."""

import json
import os
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLIENTS, EACH = 8, 25
MAKE_A_WORKSPACE = """
from tasks.testing import make_api_key, make_project
print(make_project().pk, make_api_key()[1])
"""


def run(environment: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, str, str]]:
    """Two workers over a new database; gives their port, a project's id and a key's token."""
    environment = os.environ | {
        "DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "only-for-this-server-" + "0123456789abcdef" * 4,
    }
    run(environment, "manage.py", "migrate", "--verbosity=0")
    made = run(environment, "manage.py", "shell", "--verbosity=0", "-c", MAKE_A_WORKSPACE)
    project, token = made.split()[-2:]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "log"
    command = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"),
        *("--port", str(port), "--workers", "2", "--blocking-threads", "4"),
        "config.wsgi:application",
    ]
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True
        ) as process,
    ):
        # Granian says on its standard output when a worker has started.
        started = 0
        assert process.stdout is not None
        for line in process.stdout:
            started += "Started worker-" in line and "runtime" not in line
            if started == 2:
                break
        yield port, project, token
        process.terminate()
        process.stdout.read()
    assert "database is locked" not in log.read_text()
    assert "Traceback" not in log.read_text()


def test_creates_by_two_processes_at_once_all_succeed(server: tuple[int, str, str]) -> None:
    port, project, token = server
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/x-www-form-urlencoded",
    }

    def ask(http: HTTPConnection, method: str, path: str, body: str = "") -> tuple[int, Any]:
        http.request(method, path, body, headers)
        r = http.getresponse()
        return r.status, json.loads(r.read())

    def create_some(client: int) -> list[tuple[int, Any]]:
        http = HTTPConnection("127.0.0.1", port, timeout=60)
        fields = {"task_projectid": project, "task_status": 1, "task_priority": 1}
        answers = [
            ask(
                http, "POST", "/api/tasks", urlencode(fields | {"task_title": f"{client}.{number}"})
            )
            for number in range(EACH)
        ]
        http.close()
        return answers

    with ThreadPoolExecutor(CLIENTS) as pool:
        answers = [answer for some in pool.map(create_some, range(CLIENTS)) for answer in some]
    assert Counter(status for status, _ in answers) == {201: CLIENTS * EACH}
    assert len({body["data"]["id"] for _, body in answers}) == CLIENTS * EACH
    http = HTTPConnection("127.0.0.1", port, timeout=60)
    status, body = ask(http, "GET", "/api/tasks?sort=task_position&order=asc")
    http.close()
    assert status == 200
    assert body["meta"]["total"] == CLIENTS * EACH
