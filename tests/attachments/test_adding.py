import io

import pytest
from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import InMemoryUploadedFile, TemporaryUploadedFile
from django.db import DataError, IntegrityError, transaction

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    AttachmentNotFound,
    FileKindRefused,
    FileTooLarge,
    StorageUnavailable,
    TaskNotFound,
    TooManyFiles,
)
from tasks.models import Attachment, HistoryEntry, TaskAssignee
from tasks.services.attachments import add_attachment, delete_attachment
from tasks.testing import make_actor, make_attachment, make_task, make_user

pytestmark = pytest.mark.django_db
NARROW = {"MAX_FILE_SIZE": 10, "MAX_FILES": 2}


def nothing(queryset, actor):
    return queryset.none()


def temporary_upload(content):
    file = TemporaryUploadedFile("upload.bin", "text/plain", len(content), None)
    file.write(content)
    return file


def memory_upload(content):
    return InMemoryUploadedFile(
        io.BytesIO(content), None, "up.bin", "text/plain", len(content), None
    )


def on_disk(content, path):
    path.write_bytes(content)
    return File(path.open("rb"))


def seen(task):
    task.refresh_from_db()
    return task.updated_at, task.version


def last_entry(task):
    return HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk).first()


def test_add_keeps_the_file_and_what_is_known_of_it(folder):
    user = make_user(first_name="Sam", last_name="Lee")
    task = make_task()
    before = seen(task)
    added = make_attachment(
        task,
        "C:\\Plans\\plan ß.pdf",
        b"%PDF",
        content_type="application/pdf",
        actor=make_actor(user),
    )
    row = Attachment.objects.get()
    assert row == added
    assert (row.task, row.name, row.size) == (task, "plan ß.pdf", 4)
    assert (row.content_type, row.uploaded_by, row.is_cover) == ("application/pdf", user, None)
    assert folder.names() == [row.file.name]
    assert folder.contents() == [b"%PDF"]
    assert "plan" not in row.file.name
    assert seen(task) == before
    entry = last_entry(task)
    assert (entry.verb, entry.actor_name) == ("file_added", "Sam Lee")
    assert entry.changes == {"file": [None, {"id": row.pk, "name": "plan ß.pdf"}]}


@pytest.mark.parametrize("kind", ["memory", "temporary", "disk", "content", "read already"])
@pytest.mark.parametrize("size", [0, 1, 100_000])
def test_add_of_any_kind_of_file_keeps_all_of_it(folder, tmp_path, kind, size):
    content = bytes(range(256)) * 400
    content = content[:size]
    file = {
        "memory": lambda: memory_upload(content),
        "temporary": lambda: temporary_upload(content),
        "disk": lambda: on_disk(content, tmp_path / "source"),
        "content": lambda: ContentFile(content),
        "read already": lambda: memory_upload(content),
    }[kind]()
    if kind == "read already":
        file.read()
    with file:
        row = add_attachment(actor=Actor(), task_id=make_task().pk, file=file, name="a.bin")
    assert row.size == size
    assert folder.contents() == [content]


def test_add_leaves_a_temporary_upload_where_it_is():
    with temporary_upload(b"again") as file:
        task = make_task()
        for _ in range(2):
            add_attachment(actor=Actor(), task_id=task.pk, file=file, name="a.bin")
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize(("size", "taken"), [(9, True), (10, True), (11, False)])
def test_add_takes_files_up_to_the_size_that_the_site_allows(settings, folder, size, taken):
    settings.TASKDOCK = NARROW
    task = make_task()
    if taken:
        make_attachment(task, content=b"x" * size)
    else:
        with pytest.raises(FileTooLarge, match=r"^The file may not be larger than 10 bytes\.$"):
            make_attachment(task, content=b"x" * size)
    assert Attachment.objects.count() == len(folder.names()) == taken


def test_add_beyond_the_number_that_the_site_allows_is_refused(settings, folder):
    settings.TASKDOCK = NARROW
    task, other = make_task(), make_task()
    first = make_attachment(task)
    make_attachment(task)
    entries = HistoryEntry.objects.count()
    with pytest.raises(TooManyFiles, match=r"^A task may not have more than 2 files\.$"):
        make_attachment(task)
    assert len(folder.names()) == 2
    assert HistoryEntry.objects.count() == entries
    make_attachment(other)
    delete_attachment(actor=Actor(), attachment_id=first.pk)
    make_attachment(task)


@pytest.mark.parametrize(
    ("extensions", "name", "taken"),
    [
        (None, "run.exe", True),
        ([], "a.pdf", False),
        (["pdf"], "a.pdf", True),
        (["pdf"], "A.PDF", True),
        (["PDF"], "a.pdf", True),
        (["pdf"], "a.pdf.exe", False),
        (["pdf"], "a.exe\x00.pdf", True),
        (["exe"], "a.exe. ", True),
        (["pdf"], "a.exe\u202epdf", False),
        (["pdf"], "pdf", False),
        (["pdf"], ".pdf", True),
        (["tar.gz"], "a.tar.gz", True),
        (["tar.gz"], "a.gz", False),
        (["png", "pdf"], "a.pdf", True),
        (["pdf"], "x" * 300 + ".pdf", True),
        (["pdf"], "", False),
    ],
)
def test_add_takes_the_kinds_that_the_site_allows(settings, folder, extensions, name, taken):
    settings.TASKDOCK = {"FILE_EXTENSIONS": extensions}
    task = make_task()
    if taken:
        make_attachment(task, name)
    else:
        with pytest.raises(FileKindRefused):
            make_attachment(task, name)
    assert Attachment.objects.count() == len(folder.names()) == taken


def test_add_of_a_refused_kind_says_which_are_taken(settings):
    settings.TASKDOCK = {"FILE_EXTENSIONS": {"PNG", "jpg"}}
    expected = r"^The file must be of a kind that is taken here: jpg, png\.$"
    with pytest.raises(FileKindRefused, match=expected):
        make_attachment(make_task(), "a.svg")


@pytest.mark.parametrize("which", ["missing", "hidden"])
def test_add_to_a_task_that_is_not_there_is_refused(settings, folder, which):
    task = make_task()
    if which == "hidden":
        settings.TASKDOCK = {"VISIBLE_TO": nothing}
    else:
        task.pk += 1
    with pytest.raises(TaskNotFound):
        make_attachment(task)
    assert folder.names() == []


@pytest.mark.parametrize("which", ["missing", "hidden"])
def test_delete_of_a_file_that_is_not_there_is_refused(settings, folder, which):
    row = make_attachment(make_task())
    pk = row.pk
    if which == "hidden":
        settings.TASKDOCK = {"VISIBLE_TO": nothing}
    else:
        pk += 1
    with pytest.raises(AttachmentNotFound, match=r"^File not found\.$"):
        delete_attachment(actor=Actor(), attachment_id=pk)
    assert folder.names() == [row.file.name]


def test_add_to_a_full_disk_leaves_nothing(folder, tmp_path):
    task = make_task()
    entries = HistoryEntry.objects.count()
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "taskdock").write_text("in the way")
    with pytest.raises(StorageUnavailable):
        make_attachment(task)
    assert not Attachment.objects.exists()
    assert HistoryEntry.objects.count() == entries


class BreaksHalfWay(io.BytesIO):
    """An upload whose connection goes away."""

    was_read = False

    def read(self, size: int | None = -1) -> bytes:
        if self.was_read:
            raise ConnectionResetError
        self.was_read = True
        return b"half"


def test_add_of_a_file_that_breaks_half_way_removes_the_half(folder):
    task, file = make_task(), File(BreaksHalfWay(bytes(200_000)))
    with pytest.raises(StorageUnavailable):
        add_attachment(actor=Actor(), task_id=task.pk, file=file, name="a")
    assert not Attachment.objects.exists()
    assert folder.names() == []


def test_add_whose_commit_fails_removes_the_file(committed_db, folder):
    task = make_task()
    kept = make_attachment(task)

    def add_and_fail():
        with atomic():
            make_attachment(task, content=b"lost")
            assert len(folder.names()) == 2
            # Nobody of that number exists, which the database finds out when it commits.
            TaskAssignee.objects.create(task=task, user_id=10**9)

    with pytest.raises(IntegrityError):
        add_and_fail()
    assert folder.names() == [kept.file.name]
    assert Attachment.objects.get() == kept


def test_add_whose_commit_is_followed_by_an_error_keeps_the_file(committed_db, folder):
    task = make_task()

    def add_and_fail_afterwards():
        with atomic():
            transaction.on_commit(lambda: 1 / 0)
            make_attachment(task)

    with pytest.raises(ZeroDivisionError):
        add_and_fail_afterwards()
    assert folder.names() == [Attachment.objects.get().file.name]


def test_delete_removes_the_file_after_the_commit_and_not_before(committed_db, folder):
    task = make_task()
    before = seen(task)
    row = make_attachment(task)
    with transaction.atomic():
        delete_attachment(actor=Actor(), attachment_id=row.pk)
        assert not Attachment.objects.exists()
        assert folder.names() == [row.file.name]
    assert folder.names() == []
    assert seen(task) == before
    entry = last_entry(task)
    assert entry.verb == "file_deleted"
    assert entry.changes == {"file": [{"id": row.pk, "name": "notes.txt"}, None]}


def test_delete_rolled_back_keeps_the_file(committed_db, folder):
    row = make_attachment(make_task())
    with transaction.atomic():
        delete_attachment(actor=Actor(), attachment_id=row.pk)
        transaction.set_rollback(True)
    assert Attachment.objects.get() == row
    assert folder.contents() == [b"Notes."]


def test_delete_of_a_file_that_is_gone_already_deletes_the_row(committed_db, folder):
    row = make_attachment(make_task())
    (folder.root / row.file.name).unlink()
    delete_attachment(actor=Actor(), attachment_id=row.pk)
    assert not Attachment.objects.exists()


def test_user_deleted_leaves_the_file(folder):
    user = make_user()
    row = make_attachment(make_task(), actor=make_actor(user))
    user.delete()
    row.refresh_from_db()
    assert row.uploaded_by is None
    assert folder.names() == [row.file.name]


@pytest.mark.parametrize(
    "values",
    [
        {"file": "taskdock/attachments/aa/first", "is_cover": None},
        {"file": "other", "is_cover": True},
        {"file": "other", "is_cover": None, "name": ""},
        {"file": "other", "is_cover": None, "size": -1},
    ],
)
def test_database_refuses_what_no_service_would_write(values):
    task = make_task()
    first = {"task": task, "name": "a", "size": 1}
    Attachment.objects.create(**first, file="taskdock/attachments/aa/first", is_cover=True)
    # MariaDB knows numbers that are never negative.
    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        Attachment.objects.create(**{**first, **values})
