"""Nothing of a task remains, in any table or folder, but its history."""

import pytest
from django.apps import apps
from django.db import transaction

from comments.services.comments import add_comment
from tasks.actors import Actor
from tasks.models import Attachment, HistoryEntry, Tag, Task
from tasks.models.tallies import Tally
from tasks.services.attachments import set_cover
from tasks.services.checklists import add_checklist_item
from tasks.services.file_owner import owned_folder
from tasks.services.files import remove_after_commit
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task
from tasks.testing import make_attachment, make_project, make_task, make_user
from timers.services.timers import start_timer

pytestmark = pytest.mark.usefixtures("committed_db")


def tables():
    """The number of rows in every table of ours but the history, tags, which stay, and tallies."""
    return {
        model.__name__: model._base_manager.count()
        for label in ("taskdock", "taskdock_comments", "taskdock_timers")
        for model in apps.get_app_config(label).get_models()
        if model not in {HistoryEntry, Tag} and not issubclass(model, Tally)
    }


def make_whole_task(project, png):
    """A task with all that can belong to one."""
    user = make_user()
    task = make_task(project=project, assigned=[user], tags=["priority"])
    item = add_checklist_item(actor=Actor(), parent=task, text="Look")
    for subject in (task, item):
        add_comment(actor=Actor(user=user), subject=subject, text="Yes.")
    start_timer(actor=Actor(user=user), task_id=task.pk, user=user)
    make_attachment(task)
    cover = make_attachment(task, "a.png", png)
    set_cover(actor=Actor(), task_id=task.pk, attachment_id=cover.pk)
    return task


def test_delete_of_a_task_leaves_nothing_but_its_history(api, folder, png):
    project = make_project()
    other = make_task(project=project)
    kept = make_attachment(other)
    before = tables()
    task = make_whole_task(project, png)
    grown = {name for name, count in tables().items() if count > before[name]}
    assert grown == {
        "Task", "TaskAssignee", "TaskTag", "ChecklistItem", "Attachment", "Comment", "Timer",
    }  # fmt: skip
    assert len(folder.names()) == 3
    assert api.delete(f"/tasks/{task.pk}").status_code == 200
    assert tables() == before
    assert folder.names() == [kept.file.name]
    verbs = HistoryEntry.objects.filter(subject_type="task", subject_id=task.pk)
    assert verbs.order_by("id").values_list("verb", flat=True)[0] == "created"
    assert verbs.latest("id").verb == "deleted"


def test_delete_of_a_project_leaves_nothing_of_its_tasks(folder, png):
    kept = make_attachment(make_task())
    before = tables()
    project = make_project(client=None)
    for _ in range(3):
        make_whole_task(project, png)
    delete_project(actor=Actor(), project_id=project.pk)
    assert tables() == before
    assert folder.names() == [kept.file.name]


@pytest.mark.parametrize("what", ["task", "project"])
def test_delete_removes_files_after_the_commit_and_not_before(folder, what):
    task = make_task()
    make_attachment(task)
    with transaction.atomic():
        if what == "task":
            delete_task(actor=Actor(), task_id=task.pk)
        else:
            delete_project(actor=Actor(), project_id=task.project_id)
        assert not Attachment.objects.exists()
        assert len(folder.names()) == 1
    assert folder.names() == []


@pytest.mark.parametrize("what", ["task", "project"])
def test_delete_rolled_back_keeps_rows_and_files(folder, what):
    task = make_task()
    make_attachment(task)
    before = tables()
    with transaction.atomic():
        if what == "task":
            delete_task(actor=Actor(), task_id=task.pk)
        else:
            delete_project(actor=Actor(), project_id=task.project_id)
        transaction.set_rollback(True)
    assert tables() == before
    assert folder.contents() == [b"Notes."]


def test_delete_refused_keeps_rows_and_files(api, folder):
    from timers.services.timers import add_time, set_invoiced

    user = make_user()
    task = make_task()
    make_attachment(task)
    timer = add_time(
        actor=Actor(), task_id=task.pk, user=user, seconds=60, work_date=task.created_at.date()
    )
    set_invoiced(actor=Actor(), timer_id=timer.pk, is_invoiced=True)
    r = api.delete(f"/tasks/{task.pk}")
    assert (r.status_code, r.json()) == (409, {"message": "The task has invoiced time."})
    assert Task.objects.get() == task
    assert folder.contents() == [b"Notes."]


def test_delete_of_a_task_whose_file_can_not_go_is_done_all_the_same(api, folder, caplog):
    task = make_task()
    stuck, other = make_attachment(task), make_attachment(task)
    path = folder.root / stuck.file.name
    path.unlink()
    path.mkdir()
    (path / "inside").touch()
    assert api.delete(f"/tasks/{task.pk}").status_code == 200
    assert not Task.objects.exists()
    assert not (folder.root / other.file.name).exists()
    assert f"Left to taskdock_sweep_files: {stuck.file.name}" in caplog.text


def test_removal_of_more_names_than_memory_takes_removes_them_all(folder):
    folder_of_ours = owned_folder()
    names = [f"{folder_of_ours}/00/{number:032x}" for number in range(40_000)]
    for name in (names[0], names[-1]):
        folder.put(name.removeprefix(f"{folder_of_ours}/"))
    with transaction.atomic():
        remove_after_commit(iter(names))
        assert len(folder.names()) == 2
    assert folder.names() == []


def test_removal_rolled_back_leaves_no_temporary_file_open(folder):
    folder.put("00/kept")
    with transaction.atomic():
        remove_after_commit(f"taskdock/attachments/00/{number:032x}" for number in range(40_000))
        transaction.set_rollback(True)
    assert len(folder.names()) == 1
