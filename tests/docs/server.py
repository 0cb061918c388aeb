"""A live server: what ``quickstart`` starts, on a database that goes back to what it was."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.docs.markdown import REPOSITORY
from tests.docs.programs import environment

#: How long a server may take to come up, demo data included, on a busy machine.
PATIENCE = 120.0
#: What the README's first command starts.
QUICKSTART = ("manage.py", "quickstart")
_KEY = re.compile(r"\btdk_[\w-]{43}(?![\w-])")


@dataclass(frozen=True)
class Site:
    """A running site, and a key to it. ``pristine`` is its database as it was at the start."""

    url: str
    key: str
    database: Path
    pristine: Path

    def restore(self) -> None:
        """Bring the demo data back, under the running server."""
        _copy(self.pristine, self.database)


@contextmanager
def quickstarted(folder: Path) -> Iterator[Site]:
    """The site that ``manage.py quickstart`` starts; all that it writes goes to ``folder``."""
    port = free_port()
    database = folder / "taskdock.sqlite3"
    command = [sys.executable, *QUICKSTART, "--port", str(port)]
    with serving(command, port=port, folder=folder, environ=site_environment(folder)) as log:
        keys = set(_KEY.findall(log.read_text()))
        assert len(keys) == 1, log.read_text()
        site = Site(f"http://127.0.0.1:{port}", keys.pop(), database, folder / "pristine.sqlite3")
        _copy(site.database, site.pristine)
        yield site


@contextmanager
def serving(
    command: list[str], *, port: int, folder: Path, environ: dict[str, str], docked: bool = True
) -> Iterator[Path]:
    """Run a server until the block ends; gives the file that it logs to, once it answers.

    Where we are docked, our own answer is waited for, else any.
    """
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=REPOSITORY,
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + PATIENCE
        while not _answers(port, docked):
            assert time.monotonic() < deadline, log.read_text()
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
                pytest.fail(f"The server has ended.\n{log.read_text()}")
        yield log
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def site_environment(folder: Path) -> dict[str, str]:
    """The environment of a stand-alone site that keeps all its state in ``folder``."""
    return environment(STATE_DIR=str(folder))


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int, docked: bool) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    with closing(connection):
        try:
            connection.request("GET", "/api/tasks")
            status = connection.getresponse().status
        except OSError:
            return False
    return not docked or status == http.HTTPStatus.UNAUTHORIZED


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)
