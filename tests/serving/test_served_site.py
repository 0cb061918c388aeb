"""The site as it is served for good: many clients, slow ones, and workers that something kills."""

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from tests.docs.markdown import REPOSITORY, Page
from tests.docs.programs import required, run
from tests.docs.server import free_port, serving, site_environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("serving")]

WORKERS, CONCURRENCY = 2, 4
#: Seconds after which a test gives up on an answer; on no account how long one may take.
PATIENCE = 60
SLOW_SENDERS = 300
LOGIN = b"Host: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"


class Site:
    """A running site with a task, and a key to it."""

    def __init__(self, port, key, task, database, log):
        self.port, self.key, self.task, self.database, self.log = port, key, task, database, log

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}

    def connect(self):
        return contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        )

    def ask(self, method="GET", path=None, body=None, connection=None):
        """The response to one request, and its body."""
        with self.connect() if connection is None else contextlib.nullcontext(connection) as http_:
            http_.request(method, path or f"/api/tasks/{self.task}", body, self.headers)
            response = http_.getresponse()
            return response, response.read()

    def answers(self):
        """Whether it does, on a connection of its own."""
        try:
            return self.ask()[0].status == 200
        except (OSError, http.client.HTTPException):
            return False

    def workers(self):
        """The processes that serve."""
        main = int(re.findall(r"main PID: (\d+)", self.log.read_text())[-1])
        found = run(["pgrep", "-P", str(main)], folder=REPOSITORY).split()
        return {int(pid) for pid in found}

    def replaced(self, pids):
        """Once as many others as before serve: the processes."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(BaseException):
                now = self.workers()
                if len(now) == WORKERS and not now & pids and self.answers():
                    return now
            time.sleep(0.05)
        pytest.fail(self.log.read_text())


@pytest.fixture(scope="module")
def environ(tmp_path_factory):
    folder = tmp_path_factory.mktemp("serving")
    return site_environment(folder) | {
        "SECRET_KEY": "only-for-this-server-" + "0123456789abcdef" * 4,
        "GRANIAN_WORKERS": str(WORKERS),
        "GRANIAN_PORT": str(free_port()),
        "CONCURRENCY": str(CONCURRENCY),
        "MAX_BODY_SIZE": str(1024 * 1024),
    }


@pytest.fixture(scope="module")
def site(environ):
    """The site that ``manage.py serve`` starts."""
    folder = Path(environ["STATE_DIR"])
    manage = [sys.executable, "manage.py"]
    run([*manage, "migrate", "--verbosity=0"], folder=REPOSITORY, environ=environ)
    make = (
        "from tasks.testing import make_api_key, make_task\n"
        "print(make_task().pk, make_api_key()[1])"
    )
    made = run([*manage, "shell", "--verbosity=0", "-c", make], folder=REPOSITORY, environ=environ)
    task, key = made.split()[-2:]
    port = int(environ["GRANIAN_PORT"])
    with serving([*manage, "serve"], port=port, folder=folder, environ=environ) as log:
        site = Site(port, key, task, folder / "taskdock.sqlite3", log)
        assert site.answers()
        yield site


def test_connections_to_the_database_are_bounded(site):
    barrier = Barrier(40)

    def burst(_number):
        with site.connect() as connection:
            connection.connect()
            barrier.wait(PATIENCE)
            return site.ask(connection=connection)[0].status

    for _burst in range(2):
        with ThreadPoolExecutor(40) as pool:
            assert Counter(pool.map(burst, range(40))) == {200: 40}
    opened = Counter(
        pid
        for pid in site.workers()
        for file in Path(f"/proc/{pid}/fd").iterdir()
        if file.exists() and file.resolve() == site.database
    )
    assert opened
    assert max(opened.values()) <= CONCURRENCY


@contextlib.contextmanager
def slow_senders(site, head):
    """Clients that have sent this much, and send no more."""
    with contextlib.ExitStack() as stack:
        for _number in range(SLOW_SENDERS):
            sender = stack.enter_context(socket.create_connection(("127.0.0.1", site.port)))
            sender.sendall(head)
        yield


@pytest.mark.parametrize(
    "head",
    [
        pytest.param(b"POST /admin/login/ HTTP/1.1\r\n" + LOGIN, id="headers"),
        pytest.param(
            b"POST /admin/login/ HTTP/1.1\r\nContent-Length: 5000\r\n" + LOGIN + b"\r\nusername=",
            id="login form",
        ),
        pytest.param(
            b"POST /admin/login/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n"
            + LOGIN
            + b"\r\n2\r\nus\r\n",
            id="login form in chunks",
        ),
        pytest.param(
            b"POST /api/tasks HTTP/1.1\r\nContent-Length: 5000\r\n" + LOGIN + b"\r\n",
            id="API without a key",
        ),
    ],
)
def test_slow_senders_stop_nobody_else(site, head):
    with slow_senders(site, head):
        for _number in range(3):
            assert site.ask()[0].status == 200
            assert site.ask(path="/admin/login/")[0].status == 200
            assert site.ask("POST", "/api/nothing", "{}")[0].status == 404


#: Requests that are answered before anything needs their body.
EARLY = {
    "no such task": ("POST", "/api/tasks/9999999/comments", 404),
    "no such path": ("PUT", "/api/nothing", 404),
    "no such method": ("POST", "/api/tasks/1/status", 405),
    "form without a token": ("POST", "/admin/login/", 403),
    "larger than allowed": ("POST", "/api/tasks", 413),
}


@pytest.mark.parametrize("case", EARLY)
def test_next_request_after_an_early_answer_is_answered(site, case):
    method, path, status = EARLY[case]
    sizes = [2_000_000] if status == 413 else [1_000, 60_000, 200_000]
    with site.connect() as connection:
        for size in sizes * 5:
            body = json.dumps({"comment": "x" * size})
            response, _body = site.ask(method, path, body, connection)
            assert response.status == status
            if status == 413:
                assert response.getheader("Connection") == "close"
                connection.close()
            chunks = iter([body[:9000].encode(), body[9000:].encode()])
            assert site.ask(method, path, chunks, connection)[0].status == status
            if status == 413:
                connection.close()
            assert site.ask(connection=connection)[0].status == 200


def test_locked_sqlite_file_is_an_answer(site):
    path, body = f"/api/tasks/{site.task}/comments", '{"comment": "Wait for me"}'
    with contextlib.closing(sqlite3.connect(site.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        response, _body = site.ask("POST", path, body)
        assert response.status == 503
        assert response.getheader("Retry-After")
        assert site.answers()
    assert site.ask("POST", path, body)[0].status == 201


@pytest.mark.parametrize("victims", [1, WORKERS])
def test_dead_workers_are_replaced_each_time(site, victims):
    for _time in range(2):
        workers = site.workers()
        killed = set(sorted(workers)[:victims])
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        site.replaced(killed)


def test_proxy_of_the_documentation_serves_the_site(site, tmp_path):
    nginx = required("nginx")
    page = Page(REPOSITORY / "docs" / "deploying.md")
    (configuration,) = (block.text for block in page.blocks() if block.language == "nginx")
    port = free_port()
    configuration = (
        configuration.replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
        .replace("127.0.0.1:8000", f"127.0.0.1:{site.port}")
        .replace("tasks.example.com", "127.0.0.1")
    )
    configuration = re.sub(r"^ *ssl_certificate.*\n", "", configuration, flags=re.MULTILINE)
    paths = "".join(
        f"{name}_temp_path {tmp_path}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    file = tmp_path / "nginx.conf"
    file.write_text(
        # Root's nginx would not reach this folder as nobody.
        f"{'' if os.geteuid() else 'user root;'} pid {tmp_path}/pid; error_log stderr; "
        "daemon off; worker_processes 1;"
        f"events {{}}\nhttp {{ access_log off; {paths}\n{configuration}}}\n"
    )
    command = [nginx, "-p", str(tmp_path), "-c", str(file)]
    run([*command, "-t", "-q"], folder=tmp_path)
    with serving(command, port=port, folder=tmp_path, environ=dict(os.environ)) as log:
        proxied = Site(port, site.key, site.task, site.database, log)
        with proxied.connect() as connection:
            for _number in range(5):
                early = proxied.ask("POST", "/api/nothing", "x" * 60_000, connection)
                assert early[0].status == 404
                assert proxied.ask(connection=connection)[0].status == 200
        assert proxied.ask(path="/admin/login/")[0].status == 200


def test_request_under_way_is_finished_when_the_site_is_stopped(environ, site):
    environ = environ | {"GRANIAN_PORT": str(free_port())}
    port = int(environ["GRANIAN_PORT"])
    command = [sys.executable, "manage.py", "serve"]
    folder = Path(environ["STATE_DIR"]) / "other"
    folder.mkdir()
    body = b'{"comment": "Finished"}'
    with serving(command, port=port, folder=folder, environ=environ) as log:
        main = int(re.findall(r"main PID: (\d+)", log.read_text())[-1])
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            lines = [
                f"POST /api/tasks/{site.task}/comments HTTP/1.1",
                *(f"{name}: {value}" for name, value in site.headers.items()),
                f"Host: 127.0.0.1\r\nExpect: 100-continue\r\nContent-Length: {len(body)}\r\n\r\n",
            ]
            client.sendall("\r\n".join(lines).encode())
            # The server says so when the application reads the body.
            assert client.recv(1000).startswith(b"HTTP/1.1 100 ")
            os.kill(main, signal.SIGTERM)
            client.sendall(body)
            assert client.recv(1000).startswith(b"HTTP/1.1 201 ")


def test_site_that_cannot_be_loaded_ends_with_words(environ):
    done = subprocess.run(
        [sys.executable, "-m", "config.supervisor"],
        cwd=REPOSITORY,
        env=environ | {"SECRET_KEY": "weak", "GRANIAN_PORT": str(free_port())},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 1
    assert "SECRET_KEY is missing or weak" in done.stderr
    assert "The site can't be loaded" in done.stderr
