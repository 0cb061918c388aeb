"""``quickstart``, as somebody runs it: started, stopped, started again, interrupted."""

import errno
import json
import re
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.request
from contextlib import closing

import pytest

from config.serving import NotFree, free_address
from tests.docs.markdown import REPOSITORY
from tests.docs.server import free_port, serving, site_environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("quickstart")]

PASSWORD = re.compile(r"^Password: +(\S+)$", re.MULTILINE)
KEY = re.compile(r"\btdk_[\w-]{43}(?![\w-])")


class Site:
    """A folder that sites are started in, one after the other."""

    def __init__(self, folder):
        self.folder = folder
        self.environ = site_environment(folder)
        self.environ.pop("SECRET_KEY", None)
        self.environ.pop("DATABASE_URL", None)
        self.database = folder / "taskdock.sqlite3"

    def run(self, *arguments, **variables):
        """A command of the site's, to its end."""
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environ | variables,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def started(self, port, *arguments):
        """``quickstart``, until the block ends."""
        command = [sys.executable, "manage.py", "quickstart", "--port", str(port), *arguments]
        return serving(command, port=port, folder=self.folder, environ=self.environ)

    def rows(self, table):
        with closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall()


@pytest.fixture
def site(tmp_path):
    return Site(tmp_path / "made" / "by" / "it")


def get(url):
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
        url, timeout=60
    ) as answer:
        return answer.status, answer.read().decode()


def paste(line):
    printed = subprocess.run(["bash", "-c", line], capture_output=True, check=True, timeout=60)
    return json.loads(printed.stdout)


def test_quickstart_starts_a_site_once_and_the_same_one_again(site):
    site.folder.mkdir(parents=True)
    port = free_port()
    address = f"http://127.0.0.1:{port}"

    with site.started(port) as log:
        printed = log.read_text()
        (curl,) = re.findall(r"^ *(curl .*)$", printed, re.MULTILINE)
        answer = paste(curl)
        assert answer["message"] == "Task retrieved successfully."
        assert answer["data"]["title"] == "Design homepage"
        assert f"  {address}/admin/\n" in printed
        assert "docs/api.md" in printed
        assert len(PASSWORD.findall(printed)) == 1
        assert set(KEY.findall(printed)) == {KEY.search(curl)[0]}
        status, welcome = get(f"{address}/")
        assert (status, f"{address}/api" in welcome) == (200, True)
        status, login = get(f"{address}/admin/login/")
        assert status == 200
        sheets = re.findall(r'href="([^"]+\.css)"', welcome + login)
        assert len(sheets) > 2
        assert {get(f"{address}{sheet}")[0] for sheet in sheets} == {200}
        # A second one does not take the port of the first.
        second = site.run("quickstart", "--port", str(port))
        assert second.returncode == 1
        assert f"Can't listen on port {port} of 127.0.0.1: something else" in second.stderr

    tables = ("taskdock_task", "taskdock_apikey", "auth_user", "taskdock_historyentry")
    before = {table: site.rows(table) for table in tables}
    assert len(before["taskdock_task"]) == 600
    secret = site.folder / "secret_key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    kept = secret.read_text()

    with site.started(port) as log:
        again = log.read_text()
        assert not PASSWORD.search(again)
        assert not KEY.search(again)
        assert "taskdock_key NAME" in again
        assert "changepassword" in again
        assert paste(curl)["data"]["id"] == 120

    assert secret.read_text() == kept
    assert before == {
        table: rows if table != "taskdock_apikey" else before[table]
        for table, rows in ((table, site.rows(table)) for table in tables)
    }
    # What it tells to do works as it stands.
    made = site.run("taskdock_key", "Mine")
    assert KEY.fullmatch(made.stdout.strip()), made.stderr


def test_interrupted_quickstart_is_completed_by_the_next(site):
    site.folder.mkdir(parents=True)
    (site.folder / "secret_key").write_text("")
    migrated = site.run("migrate", "taskdock", SECRET_KEY="only-for-this-test-" * 3)
    assert migrated.returncode == 0, migrated.stderr
    port = free_port()
    with site.started(port) as log:
        printed = log.read_text()
        (curl,) = re.findall(r"^ *(curl .*)$", printed, re.MULTILINE)
        assert paste(curl)["data"]["id"] == 120
        assert PASSWORD.search(printed)
    assert len((site.folder / "secret_key").read_text()) > 50


def test_quickstart_keeps_out_of_a_workspace_that_is_not_the_demos(site):
    site.folder.mkdir(parents=True)
    secret = {"SECRET_KEY": "only-for-this-test-" * 3}
    assert site.run("migrate", **secret).returncode == 0
    assert site.run("taskdock_demo", "--tasks", "1", **secret).returncode == 0
    with closing(sqlite3.connect(site.database)) as connection:
        connection.execute("DELETE FROM taskdock_historyentry WHERE verb = 'demo_loaded'")
        connection.commit()
    port = free_port()
    with site.started(port, "--host", "localhost") as log:
        printed = log.read_text()
        assert "the demo is left out" in printed
        # The demo command has made the administrator already: that password is not ours to tell.
        assert not PASSWORD.search(printed)
        assert KEY.search(printed)
        (curl,) = re.findall(r"^ *(curl .*)$", printed, re.MULTILINE)
        assert paste(curl)["data"]["id"] == 120
    assert len(site.rows("taskdock_task")) == 1


def test_quickstart_for_every_address_says_so_and_answers_to_any_name(site):
    site.folder.mkdir(parents=True)
    port = free_port()
    with site.started(port, "--host", "0.0.0.0") as log:
        assert "Every machine that reaches this one can reach the site" in log.read_text()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/", headers={"Host": "any.example"}
        )
        assert get(request)[0] == 200


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--port", "65536"], "must be from 0 to 65535"),
        (["--port", "-1"], "must be from 0 to 65535"),
        (["--port", "http"], "invalid"),
        (["--host", "192.0.2.1"], "this machine has no such address"),
        (["--host", "no such host"], "Can't listen on port 8000 of no such host"),
    ],
)
def test_quickstart_on_an_address_that_there_is_not_is_a_clear_error(site, arguments, message):
    process = site.run("quickstart", *arguments)
    assert process.returncode != 0
    assert message in process.stderr
    assert "Traceback" not in process.stderr
    assert not site.database.exists()


def test_port_that_somebody_shares_is_not_free():
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        with pytest.raises(NotFree) as caught:
            free_address("127.0.0.1", port)
    assert caught.value.__cause__.errno == errno.EADDRINUSE
    assert free_address("127.0.0.1", port) == ("127.0.0.1", port)


def test_port_0_of_a_name_is_one_that_is_free_at_its_address():
    address, port = free_address("localhost", 0)
    assert address in {"127.0.0.1", "::1"}
    assert free_address(address, port) == (address, port)
