import pytest
from django.db import IntegrityError

from tasks.actors import Actor
from tasks.database import atomic
from tasks.models import Attachment, HistoryEntry, Task, TaskStatus
from tasks.services.attachments import delete_attachment, set_cover
from tasks.services.cloning import clone_task
from tasks.testing import make_attachment, make_project, make_task
from tests.attachments.conftest import image


def clone(api, task, **fields):
    body = {
        "task_title": "Copy",
        "task_status": task.status_id,
        "project_id": task.project_id,
        "task_milestoneid": task.milestone_id,
        **fields,
    }
    return api.post(f"/tasks/{task.pk}/clone", body)


@pytest.fixture
def task(db, png):
    """A task with three files, of which the second is its cover."""
    task = make_task()
    make_attachment(task, "one.txt", b"first")
    cover = make_attachment(task, "two.png", png, content_type="image/png")
    make_attachment(task, "empty", b"")
    set_cover(actor=Actor(), task_id=task.pk, attachment_id=cover.pk)
    return task


def known(task_id):
    fields = ("name", "size", "content_type", "is_cover")
    return list(Attachment.objects.filter(task=task_id).values_list(*fields))


def test_clone_with_files_copies_rows_and_files(api, folder, task):
    before = known(task.pk)
    names = set(folder.names())
    updated_at = task.updated_at
    r = clone(api, task, copy_files="on")
    assert r.status_code == 201
    copy_id = r.json()["data"]["id"]
    assert known(task.pk) == known(copy_id) == before
    copies = Attachment.objects.filter(task=copy_id)
    assert {copy.file.name for copy in copies} == set(folder.names()) - names
    assert {copy.uploaded_by_id for copy in copies} == {api.key.user_id}
    assert folder.contents() == sorted([b"first", image(), b""] * 2)
    task.refresh_from_db()
    assert (task.updated_at, task.version) == (updated_at, 1)


@pytest.mark.parametrize("fields", [{}, {"copy_files": "off"}, {"copy_checklist": "on"}])
def test_clone_without_files_copies_none(api, folder, task, fields):
    names = folder.names()
    r = clone(api, task, **fields)
    assert r.status_code == 201
    assert known(r.json()["data"]["id"]) == []
    assert folder.names() == names


def test_clone_with_files_of_a_task_without_any_is_a_clone(api, folder):
    r = clone(api, make_task(), copy_files="on")
    assert r.status_code == 201
    assert folder.names() == []


@pytest.mark.parametrize("which", ["original", "copy"])
def test_delete_of_one_file_leaves_the_other(committed_db, api, folder, task, which):
    copy_id = clone(api, task, copy_files="on").json()["data"]["id"]
    gone, kept = (task.pk, copy_id) if which == "original" else (copy_id, task.pk)
    for row in Attachment.objects.filter(task=gone):
        delete_attachment(actor=Actor(), attachment_id=row.pk)
    assert known(gone) == []
    assert {row.file.name for row in Attachment.objects.filter(task=kept)} == set(folder.names())
    assert folder.contents() == sorted([b"first", image(), b""])


@pytest.mark.parametrize("which", ["original", "copy"])
def test_delete_of_one_task_leaves_the_other(committed_db, api, folder, task, which):
    copy_id = clone(api, task, copy_files="on").json()["data"]["id"]
    gone, kept = (task.pk, copy_id) if which == "original" else (copy_id, task.pk)
    assert api.delete(f"/tasks/{gone}").status_code == 200
    assert {row.file.name for row in Attachment.objects.all()} == set(folder.names())
    assert folder.contents() == sorted([b"first", image(), b""])
    assert len(known(kept)) == 3


def test_clone_with_a_file_that_is_missing_is_refused_whole(api, folder, task):
    lost = Attachment.objects.get(name="empty")
    (folder.root / lost.file.name).unlink()
    names, entries = folder.names(), HistoryEntry.objects.count()
    r = clone(api, task, copy_files="on")
    assert r.status_code == 409
    assert r.json() == {"message": "The file empty is missing from the storage."}
    assert folder.names() == names
    assert Task.objects.get() == task
    assert Attachment.objects.count() == 3
    assert HistoryEntry.objects.count() == entries


def test_clone_whose_commit_fails_removes_what_it_copied(committed_db, folder, png):
    task = make_task()
    make_attachment(task, "two.png", png)
    names = folder.names()
    project = make_project()
    milestone = project.milestones.get()

    def clone_into_nowhere():
        with atomic():
            # No status has that number, which the database finds out when it commits.
            clone_task(
                actor=Actor(),
                task_id=task.pk,
                title="Copy",
                status=TaskStatus(pk=10**9, title="Nowhere"),
                project=project,
                milestone_id=milestone.pk,
                copy_files=True,
            )

            assert len(folder.names()) == len(names) + 1

    with pytest.raises(IntegrityError):
        clone_into_nowhere()
    assert Task.objects.get() == task
    assert folder.names() == names


def test_clone_beyond_the_limits_copies_what_is_there(settings, api, folder, task):
    settings.TASKDOCK = {"MAX_FILES": 1, "MAX_FILE_SIZE": 1, "FILE_EXTENSIONS": ["exe"]}
    assert clone(api, task, copy_files="on").status_code == 201
    assert len(folder.names()) == 6
