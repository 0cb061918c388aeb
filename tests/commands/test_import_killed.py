"""An import that is killed, on a database of its own: the same command goes on, no row twice."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.docs.programs import environment

REPOSITORY = Path(__file__).parents[2]
ROWS = 6000
pytestmark = pytest.mark.slow


class Site:
    """A stand-alone site with a project, and a database that can be asked while it works."""

    def __init__(self, url, connect):
        self.connect = connect
        self.environ = environment(DATABASE_URL=url, SECRET_KEY=os.environ["SECRET_KEY"])

    def start(self, *command):
        return subprocess.Popen(
            [sys.executable, "manage.py", *command],
            cwd=REPOSITORY,
            env=self.environ | {"DJANGO_SUPERUSER_PASSWORD": "only for a test"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *command):
        process = self.start(*command)
        printed, _ = process.communicate(timeout=120)
        assert process.returncode == 0, printed
        return printed

    def number(self, sql):
        with closing(self.connect()) as database:
            return database.execute(sql).fetchone()[0]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def site(request, tmp_path):
    if request.param == "sqlite":
        path = tmp_path / "site.sqlite3"
        yield Site(f"sqlite:///{path}", lambda: sqlite3.connect(path, timeout=30))
        return
    told = connection.settings_dict
    name = f"{told['NAME']}_import_{os.getpid()}"
    server = {"host": told["HOST"], "port": told["PORT"] or 5432, "user": told["USER"]}
    server |= {"password": told["PASSWORD"]} if told["PASSWORD"] else {}
    with psycopg.connect(**server, dbname="postgres", autocommit=True) as administration:
        administration.execute(f"CREATE DATABASE {name}")
        secret = f":{told['PASSWORD']}" if told["PASSWORD"] else ""
        url = f"postgres://{told['USER']}{secret}@{server['host']}:{server['port']}/{name}"
        yield Site(url, lambda: psycopg.connect(**server, dbname=name))
        administration.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_import_that_is_stopped_goes_on_and_brings_no_row_twice(site, tmp_path, ending):
    site.run("migrate", "--verbosity=0")
    site.run("createsuperuser", "--noinput", "--username", "root", "--email", "root@example.com")
    path = tmp_path / "tasks.csv"
    rows = "".join(f"Task {number},Project {number % 7},a\n" for number in range(ROWS))
    path.write_text(f"title,project,tags\n{rows}")
    command = ("taskdock_import", str(path), "--create-projects")

    process = site.start(*command)
    while process.poll() is None and not site.number("SELECT count(*) FROM taskdock_task"):
        time.sleep(0.01)
    process.send_signal(ending)
    printed, _ = process.communicate(timeout=60)
    assert process.returncode == (-9 if ending == signal.SIGKILL else 130), printed
    stopped = site.number("SELECT count(*) FROM taskdock_task")
    assert 0 < stopped < ROWS
    assert "Traceback" not in printed

    assert f"Going on after {stopped} rows" in site.run(*command)

    assert site.number("SELECT count(*) FROM taskdock_task") == ROWS
    assert site.number("SELECT count(DISTINCT title) FROM taskdock_task") == ROWS
    assert site.number("SELECT count(*) FROM taskdock_project") == 7
    assert "imported already" in site.run(*command)
    assert site.number("SELECT count(*) FROM taskdock_task") == ROWS
