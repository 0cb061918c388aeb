"""The page on importing, followed step by step on a site of its own."""

import re
import sqlite3
from contextlib import closing

import pytest

from tasks.importing.fields import FIELDS
from tasks.importing.mapping_file import FIELD_OPTIONS, MAPPING_OPTIONS
from tests.docs.markdown import REPOSITORY, Page
from tests.docs.programs import environment, path_with, run
from tests.docs.server import site_environment

pytestmark = pytest.mark.slow

PAGE = Page(REPOSITORY / "docs" / "importing.md")
#: What the page's export is called, and how an administrator downloads it.
EXPORT = "tasks-2026-06-30.csv"
DOWNLOAD = f"""
from pathlib import Path
from django.contrib.auth import get_user_model
from django.test import Client
client = Client(SERVER_NAME="localhost")
client.force_login(get_user_model().objects.get(username="ann"))
Path("{EXPORT}").write_bytes(client.get("/admin/taskdock/task/export/").getvalue())
"""


def test_commands_of_the_page_import_its_file(tmp_path):
    database = tmp_path / "site.sqlite3"
    environ = site_environment(tmp_path) | environment(
        DATABASE_URL=f"sqlite:///{database}",
        SECRET_KEY="0123456789abcdef" * 4,
        PATH=path_with(tmp_path),
        DJANGO_SUPERUSER_PASSWORD="only for a test",
    )
    (tmp_path / "manage.py").symlink_to(REPOSITORY / "manage.py")
    environ["PYTHONPATH"] = str(REPOSITORY)

    def bash(command):
        return run(["bash", "-c", command], folder=tmp_path, environ=environ)

    bash("python manage.py migrate --verbosity=0")
    ann = "--noinput --username ann --email ann@example.com"
    bash(f"python manage.py createsuperuser {ann}")
    printed = ""
    for block in PAGE.blocks():
        if block.language == "csv":
            (tmp_path / "tasks.csv").write_text(block.text)
        elif block.language == "toml":
            (tmp_path / "mapping.toml").write_text(block.text)
        if EXPORT in block.text:
            (tmp_path / "download.py").write_text(DOWNLOAD)
            bash("python manage.py shell --verbosity=0 < download.py")
        for command in block.commands:
            printed += bash(command)

    assert "2 rows, nothing wrong" in printed
    assert "2 tasks imported from 2 rows." in printed
    assert "0 tasks imported from 2 rows. 2 are tasks of this site already." in printed
    with closing(sqlite3.connect(database)) as site:
        rows = site.execute("SELECT title, status_id, due_date FROM taskdock_task ORDER BY id")
        assert rows.fetchall() == [("Design homepage", 3, "2026-06-30"), ("Write texts", 2, None)]


def test_fields_of_the_page_are_those_that_there_are():
    of_mappings = [name for name, field in FIELDS.items() if not field.is_exported]
    assert named_in_tables("The fields") == sorted(of_mappings)


def test_options_of_the_page_are_those_that_there_are():
    options = {*MAPPING_OPTIONS, *FIELD_OPTIONS} - {"fields"}
    assert set(named_in_tables("The mapping")) == options


def named_in_tables(heading):
    section = re.search(rf"^## {heading}\n(.*?)^## ", PAGE.text, re.MULTILINE | re.DOTALL)[1]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return sorted(re.findall(r"`\[?(\w+)", "".join(cells)))
