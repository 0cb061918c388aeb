"""What a crash or a rollback leaves behind is found: with real kills between file and commit."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction

from tasks.actors import Actor
from tasks.files import PREFIX
from tasks.models import Attachment, Task
from tasks.services.attachments import open_attachment
from tasks.services.cloning import clone_task
from tasks.services.file_owner import owned_folder
from tasks.services.file_sweep import sweep_files
from tasks.testing import make_attachment, make_task
from tests.attachments.conftest import Folder

ROOT = Path(__file__).parents[2]


def sweep(*arguments):
    out, err = StringIO(), StringIO()
    call_command("taskdock_sweep_files", *arguments, stdout=out, stderr=err)
    return out.getvalue().splitlines(), err.getvalue().splitlines()


def age(path, hours):
    moment = path.stat().st_mtime - hours * 3600
    os.utime(path, (moment, moment))


@pytest.mark.django_db
def test_sweep_deletes_what_is_old_and_nobodys(folder):
    row = make_attachment(make_task())
    old, young = folder.put("ab/old"), folder.put("ab/young")
    age(old, 25)
    age(young, 23)
    age(folder.root / row.file.name, 1000)
    beside = folder.root / "elsewhere"
    beside.write_bytes(b"of the host")
    age(beside, 1000)
    expected = f"{owned_folder()}/ab/old"
    assert sweep("--dry-run") == (
        [f"Would delete {expected}", "Would delete: 1. Missing: 0."],
        [],
    )
    assert old.exists()
    assert sweep() == ([f"Deleted {expected}", "Deleted: 1. Missing: 0."], [])
    assert folder.names() == sorted([row.file.name, f"{owned_folder()}/ab/young"])
    assert beside.exists()
    assert sweep("--older-than", "22.5")[0][-1] == "Deleted: 1. Missing: 0."
    assert sweep("--older-than=0") == (["Deleted: 0. Missing: 0."], [])
    assert folder.contents() == [b"Notes."]


@pytest.mark.django_db
def test_sweep_without_any_file_ever_does_nothing(folder):
    assert sweep("--older-than", "0") == (["Deleted: 0. Missing: 0."], [])


@pytest.mark.django_db
def test_sweep_reports_a_row_without_file_and_keeps_it(folder):
    task = make_task()
    lost, _ = make_attachment(task, "lost.txt"), make_attachment(task)
    (folder.root / lost.file.name).unlink()
    out, err = sweep("--older-than", "0")
    assert out == ["Deleted: 0. Missing: 1."]
    told = f"File {lost.pk} of task {task.pk}, 'lost.txt', is missing from the storage: "
    assert err == [told + lost.file.name]
    assert Attachment.objects.count() == 2


@pytest.mark.django_db
def test_sweep_of_more_files_than_it_looks_up_at_a_time_deletes_them_all(folder):
    kept = make_attachment(make_task())
    for number in range(1201):
        folder.put(f"{number % 3:02x}/{number}")
    out, _ = sweep("--older-than", "0")
    assert len(out) == 1202
    assert folder.names() == [kept.file.name]


@pytest.mark.django_db
def test_sweep_of_a_file_that_can_not_go_says_so_and_goes_on(folder, monkeypatch):
    from django.core.files.storage import FileSystemStorage

    stuck = folder.put("aa/stuck")
    folder.put("bb/free")
    delete = FileSystemStorage.delete

    def refuse(self, name):
        if name.endswith("stuck"):
            raise PermissionError("not yours")
        delete(self, name)

    monkeypatch.setattr(FileSystemStorage, "delete", refuse)
    err = StringIO()
    with pytest.raises(CommandError, match=r"^1 files could not be deleted\.$"):
        call_command("taskdock_sweep_files", "--older-than", "0", stdout=StringIO(), stderr=err)
    assert err.getvalue() == f"Could not delete {owned_folder()}/aa/stuck: not yours\n"
    assert folder.names() == [f"{owned_folder()}/aa/stuck"]
    assert stuck.exists()


@pytest.mark.parametrize("hours", ["-1", "soon", "nan", "inf", "1e9", ""])
def test_sweep_of_no_age_is_refused(hours):
    with pytest.raises(CommandError, match="older-than"):
        sweep(f"--older-than={hours}")


@pytest.mark.parametrize("what", ["add", "clone"])
def test_rollback_by_a_host_leaves_what_the_sweep_removes(committed_db, folder, what):
    task = make_task()
    kept = make_attachment(task)
    with transaction.atomic():
        if what == "add":
            make_attachment(task, "lost.txt", b"lost")
        else:
            clone_task(
                actor=Actor(),
                task_id=task.pk,
                title="Copy",
                status=task.status,
                project=task.project,
                milestone_id=task.milestone_id,
                copy_files=True,
            )
        transaction.set_rollback(True)
    assert Task.objects.get() == task
    (lost,) = set(folder.names()) - {kept.file.name}
    assert list(sweep_files(older_than=timedelta(hours=24))) == []
    assert list(sweep_files(older_than=timedelta(0))) == [(lost, None)]
    assert folder.names() == [kept.file.name]


KEEP = """
from tasks.testing import make_attachment, make_task
make_attachment(make_task(), content=b"kept")
"""
HANG = """
import sys
from tasks.actors import Actor
from tasks.database import atomic
from tasks.models import Task
from tasks.services.cloning import clone_task
from tasks.testing import make_attachment

task = Task.objects.get()
with atomic():
    if sys.argv[-1] == "add":
        make_attachment(task, content=b"lost")
    else:
        clone_task(
            actor=Actor(), task_id=task.pk, title="Copy", status=task.status,
            project=task.project, milestone_id=task.milestone_id, copy_files=True,
        )
    print("written", flush=True)
    sys.stdin.read()
"""
START = "import django; django.setup()\n"


class Site:
    """A site of its own: a database and a folder that outlive its processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = Folder(root / "media")
        self.environment = os.environ | {
            "DATABASE_URL": f"sqlite:///{root / 'site.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "MEDIA_ROOT": str(root / "media"),
            "SECRET_KEY": "only-for-this-site-" + "0123456789abcdef" * 4,
        }

    def run(self, *command):
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.splitlines()

    def kill_in_between(self, what):
        """Kill a process that has written a file and has not committed its row."""
        with subprocess.Popen(
            [sys.executable, "-c", START + HANG, what],
            cwd=ROOT, env=self.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            assert process.stdout.readline() == "written\n"
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL


@pytest.fixture(scope="module")
def site_with_a_file(tmp_path_factory):
    site = Site(tmp_path_factory.mktemp("site"))
    site.run("manage.py", "migrate", "--verbosity=0")
    site.run("-c", START + KEEP)
    return site


@pytest.mark.parametrize(("what", "content"), [("add", b"lost"), ("clone", b"kept")])
def test_kill_between_file_and_commit_leaves_what_the_sweep_removes(
    site_with_a_file, tmp_path, what, content
):
    shutil.copytree(site_with_a_file.root, tmp_path / "copy")
    site = Site(tmp_path / "copy")
    (kept,) = site.folder.names()
    site.kill_in_between(what)
    (lost,) = set(site.folder.names()) - {kept}
    assert (site.folder.root / lost).read_bytes() == content
    command = ("manage.py", "taskdock_sweep_files")
    assert site.run(*command) == ["Deleted: 0. Missing: 0."]
    assert len(site.folder.names()) == 2
    done = [f"Deleted {lost}", "Deleted: 1. Missing: 0."]
    assert site.run(*command, "--older-than", "0") == done
    assert site.folder.names() == [kept]
    assert site.folder.contents() == [b"kept"]


def age_all(folder):
    for path in folder.root.rglob("*"):
        if path.is_file():
            age(path, 1000)


@pytest.mark.django_db
def test_sweep_leaves_files_of_other_databases_and_of_earlier_versions_alone(folder):
    make_attachment(make_task())
    other = folder.root / PREFIX / "0123456789abcdef" / "ab" / "theirs"
    earlier = folder.root / PREFIX / "ab" / "earlier"
    for path in (other, earlier):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"of somebody")
    age_all(folder)
    assert sweep()[0] == ["Deleted: 0. Missing: 0."]
    assert sweep("--unowned")[0][-1] == "Deleted: 1. Missing: 0."
    assert other.exists()
    assert not earlier.exists()


@pytest.mark.django_db
def test_file_of_an_earlier_version_is_read_listed_and_deleted(folder):
    task = make_task()
    row = make_attachment(task)
    earlier = f"{PREFIX}/ab/earlier"
    (folder.root / earlier).parent.mkdir(parents=True)
    (folder.root / row.file.name).rename(folder.root / earlier)
    Attachment.objects.update(file=earlier)
    age_all(folder)
    assert sweep("--unowned")[0] == ["Deleted: 0. Missing: 0."]
    with open_attachment(Attachment.objects.get()) as file:
        assert file.read() == b"Notes."


#: Stores a file that a task has and one that a crash has left, of a site with this database.
STORE = """
import os, sys
import django
django.setup()
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import transaction
from tasks.services.files import store
from tasks.testing import make_attachment, make_task

if sys.argv[1] == "store":
    call_command("migrate", verbosity=0)
    make_attachment(make_task())
    with transaction.atomic():
        from tasks.database import atomic
        with atomic():
            store(ContentFile(b"left behind"))
else:
    call_command("taskdock_sweep_files", "--older-than=0")
"""


def test_sites_that_share_a_storage_sweep_their_own_files_alone(tmp_path):
    media = tmp_path / "media"

    def site(name, *arguments):
        environ = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SECRET_KEY": "tests-only-" + "0123456789abcdef" * 4,
            "DATABASE_URL": f"sqlite:///{tmp_path}/{name}.sqlite3",
            "MEDIA_ROOT": str(media),
        }
        return subprocess.run(
            [sys.executable, "-c", STORE, *arguments],
            check=True,
            env=environ,
            cwd=ROOT,
            capture_output=True,
            text=True,
        ).stdout.splitlines()[-1:]

    def files():
        return sorted(path.read_bytes() for path in media.rglob("*") if path.is_file())

    site("one", "store")
    site("two", "store")
    # A copy of the first, as for trying out a version.
    shutil.copy(tmp_path / "one.sqlite3", tmp_path / "copy.sqlite3")
    assert site("copy", "sweep") == ["Deleted: 0. Missing: 0."]
    assert files() == [b"Notes."] * 2 + [b"left behind"] * 2
    assert site("two", "sweep") == ["Deleted: 1. Missing: 0."]
    assert site("one", "sweep") == ["Deleted: 1. Missing: 0."]
    assert files() == [b"Notes."] * 2
