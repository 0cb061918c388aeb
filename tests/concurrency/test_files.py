"""Files come and go while somebody else works with their task: none is lost, none is left over."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tasks.actors import Actor
from tasks.exceptions import AttachmentNotFound, TaskNotFound, TooManyFiles
from tasks.models import Attachment, Task
from tasks.platform.writes import run_write
from tasks.services.attachments import delete_attachment, set_cover
from tasks.services.projects import delete_project
from tasks.testing import make_attachment, make_project, make_task

pytestmark = pytest.mark.server

ROUNDS = 20


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    }
    return settings.MEDIA_ROOT


def names(media: Path):
    return sorted(str(path.relative_to(media)) for path in media.rglob("*") if path.is_file())


def rows():
    return sorted(Attachment.objects.values_list("file", flat=True))


def clone(api, task, milestone):
    return api.post(
        f"/tasks/{task.pk}/clone",
        {
            "task_title": "Copy",
            "task_status": 1,
            "project_id": milestone.project_id,
            "task_milestoneid": milestone.pk,
            "copy_files": "on",
        },
    )


def added(task):
    try:
        make_attachment(task)
    except (TaskNotFound, TooManyFiles):
        return False
    return True


def deleted(attachment):
    try:
        delete_attachment(actor=Actor(), attachment_id=attachment.pk)
    except AttachmentNotFound:
        return False
    return True


def test_delete_while_cloning_with_files_copies_all_or_nothing(together, make_api, media):
    one, other = make_api(), make_api()
    milestone = make_project().milestones.get()
    for _ in range(ROUNDS):
        task = make_task()
        make_attachment(task, "one.txt", b"first")
        make_attachment(task, "two.txt", b"second")
        gone, cloned = together(
            lambda task=task: one.delete(f"/tasks/{task.pk}"),
            lambda task=task: clone(other, task, milestone),
        )
        assert gone.status_code == 200
        assert cloned.status_code in {201, 404}
        assert names(media) == rows()
        if cloned.status_code == 201:
            copy_id = cloned.json()["data"]["id"]
            files = [a.file.open() for a in Attachment.objects.filter(task=copy_id)]
            assert [file.read() for file in files] == [b"first", b"second"]
            for file in files:
                file.close()
            assert one.delete(f"/tasks/{copy_id}").status_code == 200
        assert names(media) == rows() == []
        assert not Task.objects.exists()


def test_delete_of_a_file_while_cloning_leaves_whole_copies(together, make_api, media):
    api = make_api()
    milestone = make_project().milestones.get()
    task = make_task()
    make_attachment(task, "kept.txt")
    for _ in range(ROUNDS):
        attachment = make_attachment(task, "gone.txt")
        gone, cloned = together(
            lambda attachment=attachment: deleted(attachment),
            lambda: clone(api, task, milestone),
        )
        assert gone
        assert cloned.status_code == 201
        assert names(media) == rows()


def test_delete_of_the_target_project_while_cloning_into_it_leaves_no_file(
    together, make_api, media
):
    apis = [make_api() for _ in range(3)]
    task = make_task()
    make_attachment(task)
    for _ in range(ROUNDS):
        project = make_project()
        milestone = project.milestones.get()

        def delete(project=project):
            run_write(lambda: delete_project(actor=Actor(), project_id=project.pk))

        calls = [lambda api=api, into=milestone: clone(api, task, into) for api in apis]
        _, *cloned = together(delete, *calls)
        assert {r.status_code for r in cloned} <= {201, 409, 422}
        assert names(media) == rows()
        assert Task.objects.get() == task
        assert len(rows()) == 1


def test_delete_of_the_source_project_while_cloning_out_of_it_copies_all_or_nothing(
    together, make_api, media
):
    apis = [make_api() for _ in range(3)]
    milestone = make_project().milestones.get()
    for _ in range(ROUNDS):
        task = make_task()
        make_attachment(task, content=b"first")

        def delete(task=task):
            run_write(lambda: delete_project(actor=Actor(), project_id=task.project_id))

        calls = [lambda api=api, task=task: clone(api, task, milestone) for api in apis]
        _, *cloned = together(delete, *calls)
        assert {r.status_code for r in cloned} <= {201, 404}
        copies = [r for r in cloned if r.status_code == 201]
        assert names(media) == rows()
        assert len(rows()) == len(copies)
        for copy in copies:
            assert apis[0].delete(f"/tasks/{copy.json()['data']['id']}").status_code == 200
        assert names(media) == []


@pytest.mark.parametrize("what", ["task", "project"])
def test_delete_while_files_are_added_leaves_none(together, make_api, media, what):
    api = make_api()
    for _ in range(ROUNDS):
        task = make_task()
        make_attachment(task)

        def delete(task=task):
            if what == "task":
                assert api.delete(f"/tasks/{task.pk}").status_code == 200
            else:
                run_write(lambda: delete_project(actor=Actor(), project_id=task.project_id))

        together(delete, *[lambda task=task: added(task)] * 4)
        assert names(media) == rows() == []


def test_delete_of_one_file_twice_at_once_deletes_it_once(together, media):
    task = make_task()
    for _ in range(ROUNDS):
        attachment = make_attachment(task)
        outcome = together(*[lambda attachment=attachment: deleted(attachment)] * 4)
        assert sorted(outcome) == [False, False, False, True]
        assert names(media) == []


def test_add_at_once_stops_at_the_limit(together, settings, media):
    settings.TASKDOCK = {"MAX_FILES": 3}
    for _ in range(ROUNDS):
        task = make_task()
        outcome = together(*[lambda task=task: added(task)] * 8)
        assert outcome.count(True) == 3
        assert Attachment.objects.filter(task=task).count() == 3
        assert names(media) == rows()


def test_set_cover_at_once_leaves_one(together):
    picture = BytesIO()
    Image.new("RGB", (1, 1)).save(picture, "PNG")
    task = make_task()
    images = [make_attachment(task, content=picture.getvalue()) for _ in range(4)]
    for _ in range(ROUNDS):
        together(
            *[
                lambda image=image: set_cover(
                    actor=Actor(), task_id=task.pk, attachment_id=image.pk
                )
                for image in images
            ]
        )
        assert Attachment.objects.filter(is_cover=True).count() == 1
