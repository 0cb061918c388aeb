"""A storage that takes or gives no file: a clear refusal, nothing written, nothing left behind."""

import resource
import subprocess
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tasks.actors import Actor
from tasks.exceptions import StorageUnavailable
from tasks.models import Attachment, Task
from tasks.services.attachments import add_attachment, open_attachment, set_cover
from tasks.testing import make_attachment, make_task, make_user
from tests.api.conftest import unchanged_rows
from tests.conftest import ADMIN

SENTENCE = "The storage of files is not available. Try again later."
CONTENT = b"x" * 400_000


class OwnError(Exception):
    """As the libraries of buckets have them, below no class of Python's."""


class Bucket(FileSystemStorage):
    """A bucket whose provider has a bad day."""

    def _save(self, name, content):
        raise OwnError("503 Slow Down")

    def _open(self, name, mode="rb"):
        raise OwnError("503 Slow Down")


@contextmanager
def full_disk(settings, tmp_path):
    """A file system of 64 kilobytes, with what was stored before."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder],
        check=False,
        capture_output=True,
    )
    if mounted.returncode:
        pytest.skip("nobody but root mounts a file system")
    copied = ["cp", "-r", f"{settings.MEDIA_ROOT}/.", folder]
    try:
        if Path(settings.MEDIA_ROOT).exists():
            subprocess.run(copied, check=False, capture_output=True)
        settings.MEDIA_ROOT = folder
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@contextmanager
def quota(settings, tmp_path):
    """No file grows beyond 64 kilobytes, as where a quota ends a write."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def no_folder(settings, tmp_path):
    """A file is where the folder should be."""
    (tmp_path / "file").touch()
    settings.MEDIA_ROOT = tmp_path / "file"
    yield


@contextmanager
def own_error(settings, tmp_path):
    bucket = {"BACKEND": f"{__name__}.Bucket", "OPTIONS": {"location": tmp_path / "media"}}
    settings.STORAGES = {**settings.STORAGES, "bucket": bucket}
    settings.TASKDOCK = {"STORAGE": "bucket"}
    yield


FAULTS = pytest.mark.parametrize("fault", [full_disk, quota, no_folder, own_error])


def stored(folder):
    """Whether a file of more than nothing is there that no row names."""
    known = set(Attachment.objects.values_list("file", flat=True))
    return [name for name in folder.names() if name not in known]


@FAULTS
def test_upload_by_the_service_is_refused_and_leaves_nothing(
    committed_db, settings, tmp_path, folder, fault
):
    task = make_task()
    file = SimpleUploadedFile("a.txt", CONTENT)
    with fault(settings, tmp_path), unchanged_rows():
        with pytest.raises(StorageUnavailable, match="not available"):
            add_attachment(actor=Actor(), task_id=task.pk, file=file, name="a.txt")
        root = Path(settings.MEDIA_ROOT)
        left = [path for path in root.rglob("*") if path.is_file()]
        assert left == []


@FAULTS
def test_copy_of_files_by_the_api_is_unavailable_and_nothing_is_copied(  # noqa: PLR0917 (a table's columns)
    committed_db, make_api, settings, tmp_path, folder, fault
):
    api, task = make_api(), make_task()
    make_attachment(task, content=CONTENT)
    clone = {
        "task_title": "Copy",
        "task_status": 1,
        "project_id": task.project_id,
        "task_milestoneid": task.milestone_id,
        "copy_files": "on",
    }
    whole = {
        "project_title": "Copy",
        "copy_tasks": "on",
        "copy_milestones": "on",
        "copy_tasks_files": "on",
    }
    if fault is full_disk:
        pytest.skip("what is stored before would not fit there either")
    with fault(settings, tmp_path), unchanged_rows():
        for path, body in (
            (f"/tasks/{task.pk}/clone", clone),
            (f"/projects/{task.project_id}/clone", whole),
        ):
            response = api.post(path, body)
            assert (response.status_code, response.json()) == (503, {"message": SENTENCE}), path
            assert response["Retry-After"]
    assert Task.objects.count() == 1
    settings.TASKDOCK = {}
    settings.MEDIA_ROOT = folder.root
    assert stored(folder) == []


@FAULTS
def test_upload_in_the_admin_is_refused_with_words(committed_db, settings, tmp_path, fault):
    task = make_task()
    client = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    client.force_login(make_user(is_superuser=True))
    with fault(settings, tmp_path), unchanged_rows():
        panel = client.post(
            f"{ADMIN}/taskdock/task/{task.pk}/panels/files/add/",
            {"file": SimpleUploadedFile("a.txt", CONTENT)},
            follow=True,
        )
        form = client.post(
            f"{ADMIN}/taskdock/attachment/add/",
            {"task": task.pk, "file": SimpleUploadedFile("a.txt", CONTENT)},
        )
    for response in (panel, form):
        assert response.status_code == 200
        assert SENTENCE in response.content.decode()


def test_file_that_the_storage_does_not_give_is_unavailable(committed_db, settings, tmp_path, png):
    task = make_task()
    attachment = make_attachment(task, "a.png", png)
    client = Client(headers={"Accept-Language": "en"}, raise_request_exception=False)
    client.force_login(make_user(is_superuser=True))
    with own_error(settings, tmp_path), unchanged_rows():
        attachment = Attachment.objects.get()
        with pytest.raises(StorageUnavailable):
            open_attachment(attachment)
        with pytest.raises(StorageUnavailable):
            set_cover(actor=Actor(), task_id=task.pk, attachment_id=attachment.pk)
        for page in ("download", "image", "thumbnail"):
            response = client.get(f"{ADMIN}/taskdock/attachment/{attachment.pk}/{page}/")
            assert response.status_code == 503, page
            assert SENTENCE in response.content.decode()
        assert client.get(f"{ADMIN}/taskdock/task/{task.pk}/change/").status_code == 200
