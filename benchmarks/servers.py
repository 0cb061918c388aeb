"""Starting and stopping what is measured: granian, two workers, a blocking thread each."""

import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

WORKERS = 2
#: Seconds that a server has to answer, and to end.
PATIENCE = 30


@dataclass(frozen=True)
class Contender:
    """What is measured: a title for the table, and what granian is to serve."""

    title: str
    target: str
    interface: str = "wsgi"
    #: Whether the target makes the application, rather than being it.
    is_factory: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)


def _textbook(title: str, name: str) -> Contender:
    environment = {
        "DJANGO_SETTINGS_MODULE": "benchmarks.textbook_settings",
        "ROOT_URLCONF": f"benchmarks.textbook_{name}",
    }
    target = "django.core.wsgi:get_wsgi_application"
    return Contender(title, target, is_factory=True, environment=environment)


CONTENDERS = {
    "limit": Contender("limit", "benchmarks.limit:application"),
    "taskdock": Contender("Taskdock", "config.wsgi:application"),
    "drf": _textbook("textbook DRF", "drf"),
    "ninja": _textbook("textbook django-ninja", "ninja"),
    "fastapi": Contender(
        "textbook FastAPI + SQLAlchemy", "benchmarks.textbook_fastapi:app", interface="asgi"
    ),
}


@dataclass(frozen=True)
class Server:
    """A contender that answers, the key that opens it, and the process that has the workers."""

    port: int
    token: str
    pid: int

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
        """The status and the body of the answer to one request."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        with contextlib.closing(connection):
            sent = None if body is None else json.dumps(body)
            connection.request(method, path, sent, headers)
            response = connection.getresponse()
            return response.status, response.read()


@contextlib.contextmanager
def serving(
    contender: Contender, token: str, environment: Mapping[str, str], *, is_quiet: bool = False
) -> Iterator[Server]:
    """The contender on a free port of this machine, stopped in the end whatever happens.

    A quiet one's log is thrown away, as where requests are sent that it refuses.
    """
    port = _free_port()
    command = [
        *(sys.executable, "-m", "granian", "--host", "127.0.0.1", "--port", str(port)),
        *("--interface", contender.interface, "--no-ws", "--log-level", "error"),
        *("--workers", str(WORKERS)),
        # A worker that is told to stop while it still loads the site does not hear it.
        *("--workers-kill-timeout", "2"),
        *(["--factory"] if contender.is_factory else []),
        *(["--blocking-threads", "1"] if contender.interface == "wsgi" else []),
        contender.target,
    ]
    # A group of its own: Ctrl-C is for us, and we end every process of the group.
    process = subprocess.Popen(
        command,
        env={**environment, **contender.environment},
        stderr=subprocess.DEVNULL if is_quiet else None,
        start_new_session=True,
    )
    server = Server(port, token, process.pid)
    try:
        _wait_until_it_answers(server, process)
        yield server
    finally:
        _stop(process)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_it_answers(server: Server, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            status, answer = server.ask("GET", "/api/tasks/1")
            if status != http.client.OK:
                raise SystemExit(f"{process.args!r} answers {status}: {answer[:500]!r}")
            return
        time.sleep(0.01)
    raise SystemExit(f"{process.args!r} does not start.")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
