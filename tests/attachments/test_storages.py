"""A bucket serves as well as a disk: nothing needs a path on the machine."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db.migrations.writer import MigrationWriter
from django.urls import reverse

from tasks.actors import Actor
from tasks.models import Attachment
from tasks.services.attachments import delete_attachment, open_attachment, set_cover
from tasks.services.cloning import clone_task
from tasks.services.file_owner import owned_folder
from tasks.services.file_sweep import rows_without_file, stored_names, sweep_files
from tasks.testing import make_attachment, make_task, make_user

DISK = "django.core.files.storage.FileSystemStorage"
MEMORY = "django.core.files.storage.InMemoryStorage"


@pytest.fixture(params=[DISK, MEMORY], ids=["disk", "memory"])
def bucket(request, settings, tmp_path):
    """A storage of our own, beside the site's."""
    options = {"location": tmp_path / "bucket"} if request.param == DISK else {}
    settings.STORAGES = {
        **settings.STORAGES,
        "bucket": {"BACKEND": request.param, "OPTIONS": options},
    }
    settings.TASKDOCK = {"STORAGE": "bucket"}
    return storages["bucket"]


def contents(bucket):
    found = []
    for name in stored_names(bucket):
        with bucket.open(name) as file:
            found.append(file.read())
    return sorted(found)


def test_every_service_works_on_any_storage(committed_db, bucket, folder, png):
    task = make_task()
    notes, cover = make_attachment(task), make_attachment(task, "a.png", png)
    set_cover(actor=Actor(), task_id=task.pk, attachment_id=cover.pk)
    clone_task(
        actor=Actor(),
        task_id=task.pk,
        title="Copy",
        status=task.status,
        project=task.project,
        milestone_id=task.milestone_id,
        copy_files=True,
    )
    assert contents(bucket) == sorted([b"Notes.", png] * 2)
    with open_attachment(notes) as file:
        assert file.read() == b"Notes."
    delete_attachment(actor=Actor(), attachment_id=notes.pk)
    assert contents(bucket) == sorted([b"Notes.", png, png])
    assert folder.names() == []


@pytest.mark.django_db
def test_download_works_on_any_storage(bucket, client):
    client.force_login(make_user(is_superuser=True))
    row = make_attachment(make_task())
    r = client.get(reverse("admin:taskdock_attachment_download", args=[row.pk]))
    assert r.status_code == 200
    assert b"".join(r.streaming_content) == b"Notes."


@pytest.mark.django_db
def test_sweep_works_on_any_storage(bucket):
    assert list(sweep_files(older_than=timedelta(0))) == []
    kept, lost = make_attachment(make_task()), make_attachment(make_task())
    bucket.delete(lost.file.name)
    left = [f"{owned_folder()}/{name}" for name in ("00/deep/er/left", "00/left", "left")]
    for name in (*left, "taskdock/other"):
        bucket.save(name, ContentFile(b"left behind"))
    assert list(sweep_files(older_than=timedelta(hours=1))) == []
    swept = sorted(name for name, error in sweep_files(older_than=timedelta(0)) if error is None)
    assert swept == left
    assert list(stored_names(bucket)) == [kept.file.name]
    assert bucket.exists("taskdock/other")
    assert list(rows_without_file()) == [lost]


def test_migration_names_a_function_and_freezes_no_storage(bucket):
    field = Attachment._meta.get_field("file")
    written, _ = MigrationWriter.serialize(field)
    assert "storage=tasks.files.attachment_storage" in written
    assert "bucket" not in written
