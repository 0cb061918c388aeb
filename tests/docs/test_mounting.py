"""The page on docking, followed step by step in a new Django project."""

import json
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from tasks import conf
from tests.docs.markdown import REPOSITORY, Block, Page
from tests.docs.programs import path_with, run

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs mounting")]

PAGE = Page(REPOSITORY / "docs" / "mounting.md")
LEAVING = "Leaving"
UPGRADING = "Upgrading"
#: What a version migrated to that came before the sums.
EARLIER = {"taskdock": "0003_neighbours", "taskdock_timers": "0002_timesheets"}
_FILE = re.compile(r"# (mysite/\w+\.py)\n")


@dataclass
class Host:
    """A Django project of somebody else's, with all that its commands printed."""

    folder: Path
    printed: list[str]

    def follow(self, block: Block) -> None:
        """Do what a block of the page says: add to a file, or run commands."""
        if block.language == "python":
            name = _FILE.match(block.text)
            assert name, f"{block} does not say which file it belongs to"
            with (self.folder / name[1]).open("a") as file:
                file.write(block.text)
        for command in block.commands:
            if command.startswith("pip install "):
                self.install(command.removeprefix("pip install ").removeprefix("--upgrade "))
            else:
                self.printed.append(self.run("bash", "-c", command))

    def install(self, distribution: str) -> None:
        """What the wheel would bring, without building one."""
        assert f'\nname = "{distribution}"\n' in (REPOSITORY / "pyproject.toml").read_text()
        for package in ("tasks", "comments", "timers"):
            (self.folder / package).unlink(missing_ok=True)
            (self.folder / package).symlink_to(REPOSITORY / package)

    def run(self, *command: str) -> str:
        environ = {
            "DJANGO_SETTINGS_MODULE": "mysite.settings",
            "DJANGO_SUPERUSER_PASSWORD": "only for a test",
            "PATH": path_with(self.folder),
            "PYTHONPATH": "",
        }
        return run([*command], folder=self.folder, environ=environ)

    def tell(self, script: str) -> object:
        """What ``result`` is after this script, run inside the project."""
        before = "import json, django\ndjango.setup()\n"
        return json.loads(self.run("python", "-c", f"{before}{script}\nprint(json.dumps(result))"))

    def tables(self) -> set[str]:
        with closing(sqlite3.connect(self.folder / "db.sqlite3")) as database:
            return {name for (name,) in database.execute("SELECT name FROM sqlite_master")}


@pytest.fixture(scope="module")
def docked(tmp_path_factory: pytest.TempPathFactory) -> Host:
    """A project with people in it that has followed the page, all but its last section."""
    host = Host(tmp_path_factory.mktemp("host"), [])
    host.run("python", "-m", "django", "startproject", "mysite", ".")
    host.run("python", "manage.py", "migrate")
    ann = ("--noinput", "--username", "ann", "--email", "ann@example.com")
    host.run("python", "manage.py", "createsuperuser", *ann)
    for block in PAGE.blocks():
        if block.heading not in {LEAVING, UPGRADING}:
            host.follow(block)
    return host


def test_docked_site_answers_to_the_key_that_was_printed(docked):
    (key,) = re.findall(r"^tdk_\S+$", "\n".join(docked.printed), re.MULTILINE)
    answer = docked.tell(
        "from django.test import Client\n"
        f"client = Client(headers={{'authorization': 'Bearer {key}', 'host': 'localhost'}})\n"
        "result = client.get('/api/tasks').json()"
    )
    assert answer["message"] == "Tasks retrieved successfully."


def test_docked_site_passes_its_checks(docked):
    assert docked.run("python", "manage.py", "check").startswith(
        "System check identified no issues"
    )
    makemigrations = ("python", "manage.py", "makemigrations", "--check")
    assert docked.run(*makemigrations).strip() == "No changes detected"


def test_functions_of_the_page_narrow_what_is_seen_and_who_is_assigned(docked):
    assert docked.tell(
        "from django.contrib.auth.models import Group, User\n"
        "from tasks.actors import Actor\n"
        "from tasks.models import Task\n"
        "from tasks.people import team_members\n"
        "from tasks.services.assignees import set_assignees\n"
        "from tasks.services.projects import create_project\n"
        "from mysite.support import open_ticket\n"
        "ann = User.objects.get(username='ann')\n"
        "bea = User.objects.create(username='bea')\n"
        "bea.groups.add(Group.objects.create(name='Team'))\n"
        "project = create_project(actor=Actor(user=ann), title='Support')\n"
        "mine, other = (open_ticket(project, subject, ann) for subject in ('Mine', 'Other'))\n"
        "set_assignees(actor=Actor(user=ann), task_id=mine.pk, user_ids=[bea.pk])\n"
        "from django.test import Client\n"
        "from tasks.services.api_keys import create_api_key\n"
        "_, key = create_api_key(actor=Actor(user=ann), name='Bea', user=bea)\n"
        "headers = {'authorization': f'Bearer {key}', 'host': 'localhost'}\n"
        "new = {'task_projectid': project.pk, 'task_title': 'New', 'task_status': 1,\n"
        "       'task_priority': 1}\n"
        "made = Client(headers=headers).post('/api/tasks', new, 'application/json')\n"
        "result = {\n"
        "    'made': made.status_code,\n"
        "    'team': [user.username for user in team_members()],\n"
        "    'bea': sorted(t.title for t in Task.objects.visible_to(Actor(user=bea))),\n"
        "    'ann': Task.objects.visible_to(Actor(user=ann)).count(),\n"
        "}"
    ) == {"made": 201, "team": ["bea"], "bea": ["Mine", "New"], "ann": 3}


def test_upgrading_takes_the_rows_of_an_earlier_version_along(docked, tmp_path):
    host = Host(tmp_path / "host", [])
    shutil.copytree(docked.folder, host.folder, symlinks=True)
    for label in sorted(EARLIER, reverse=True):
        host.run("python", "manage.py", "migrate", label, EARLIER[label])
    host.tell(
        "from django.contrib.auth.models import User\n"
        "from django.db import connection\n"
        "from django.db.migrations.loader import MigrationLoader\n"
        f"state = MigrationLoader(connection).project_state({list(EARLIER.items())!r})\n"
        "earlier = state.apps.get_model\n"
        "ann = User.objects.get(username='ann')\n"
        "project = earlier('taskdock', 'Project').objects.create(title='Kept')\n"
        "milestone = earlier('taskdock', 'Milestone').objects.create(\n"
        "    project=project, title='Uncategorised', is_default=True)\n"
        "task = earlier('taskdock', 'Task').objects.create(\n"
        "    project=project, milestone=milestone, title='Kept too', status_id=1, priority_id=1)\n"
        "earlier('taskdock_timers', 'Timer').objects.create(\n"
        "    task_id=task.pk, user_id=ann.pk, seconds=90, work_date='2026-06-01')\n"
        "result = None"
    )
    for block in PAGE.blocks():
        if block.heading == UPGRADING:
            host.follow(block)
    assert host.tell(
        "from tasks.actors import Actor\n"
        "from tasks.models import Task\n"
        "from tasks.services.tasks import archive_task\n"
        "task = Task.objects.get(title='Kept too')\n"
        "archive_task(actor=Actor(), task_id=task.pk)\n"
        "result = [task.project.title, sum(timer.seconds for timer in task.timers.all())]"
    ) == ["Kept", 90]
    assert "No changes detected" in host.run("python", "manage.py", "makemigrations", "--check")
    host.run("python", "manage.py", "taskdock_recount")


def test_leaving_takes_every_table_along(docked, tmp_path):
    leaving = Host(tmp_path / "host", [])
    shutil.copytree(docked.folder, leaving.folder, symlinks=True)
    ours = {name for name in leaving.tables() if name.startswith("taskdock_")}
    assert ours
    for block in PAGE.blocks():
        if block.heading == LEAVING:
            leaving.follow(block)
    assert {name for name in leaving.tables() if name.startswith("taskdock_")} == set()


def test_settings_are_those_that_there_are():
    _, _, section = PAGE.text.partition("\n## Settings\n")
    documented = re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)
    assert sorted(documented) == sorted(conf.SETTINGS)


def test_readme_shows_the_same_lines(docked):
    shown = "\n".join(block.text for block in PAGE.blocks())
    readme = Page(REPOSITORY / "README.md").blocks()
    (lines,) = (block.text.splitlines() for block in readme if block.language == "python")
    assert [line for line in lines if line not in shown] == []
