"""The panels of a task's dependencies, and of the visitor's own note and pin."""

import pytest

from tasks.models import TaskDependency, TaskNote, TaskPin
from tasks.reads import dependencies as reads
from tasks.services.notes import set_note
from tasks.services.pins import pin_task
from tasks.testing import make_dependency, make_project, make_task
from tests.admin.conftest import Browser
from tests.conftest import ADMIN
from tests.sides import ONE_SIDED, Side

SCRIPT = {"X-Taskdock-Panel": "any"}


def send(browser, task, panel, action, /, *, headers=SCRIPT, **data):
    path = f"{ADMIN}/taskdock/task/{task.pk}/panels/{panel}/{action}/"
    return browser.client.post(path, data, headers=headers)


def pairs():
    return list(TaskDependency.objects.values_list("blocker_id", "blocked_id"))


def page_of(browser, task):
    return browser.get(f"taskdock/task/{task.pk}/change/").content.decode()


@pytest.fixture
def two(db):
    project = make_project()
    return make_task("Design", project=project), make_task("Build", project=project)


def test_dependencies_are_added_on_either_side_and_removed_from_either(admin, two):
    design, build = two
    html = send(admin, build, "dependencies", "add-blocker", task=design.pk).content.decode()
    assert "The dependency was added." in html
    assert f"#{design.pk} Design" in html
    assert pairs() == [(design.pk, build.pk)]
    assert f"#{build.pk} Build" in page_of(admin, design)
    row = TaskDependency.objects.get().pk
    html = send(admin, design, "dependencies", "remove", row=row).content.decode()
    assert "The dependency was removed." in html
    assert pairs() == []
    send(admin, build, "dependencies", "add-blocked", task=design.pk)
    assert pairs() == [(build.pk, design.pk)]


def test_cycle_is_refused_in_the_panel_with_its_path(admin, two):
    design, build = two
    make_dependency(build, design)
    path = f"#{build.pk} Build → #{design.pk} Design → #{build.pk} Build"
    response = send(admin, design, "dependencies", "add-blocker", task=build.pk)
    assert response.status_code == 422
    assert path in response.content.decode()
    page = send(admin, design, "dependencies", "add-blocker", task=build.pk, headers={})
    assert path in page.content.decode()


@pytest.mark.parametrize("task", ["", "abc", "0", "987654321", "9" * 30, "\x00"])
@pytest.mark.parametrize("action", ["add-blocker", "add-blocked"])
def test_task_that_is_none_is_refused(admin, two, action, task):
    response = send(admin, two[0], "dependencies", action, task=task)
    assert response.status_code == 422
    assert pairs() == []


def test_search_of_the_panel_finds_tasks(admin, two):
    query = {"app_label": "taskdock", "model_name": "taskdependency", "field_name": "blocker"}
    found = admin.get("autocomplete/", **query, term="desi").json()["results"]
    assert [row["id"] for row in found] == [str(two[0].pk)]


def test_dependency_of_other_tasks_is_not_removed_here(admin, two):
    make_dependency(*two)
    row = TaskDependency.objects.get().pk
    response = send(admin, make_task(), "dependencies", "remove", row=row)
    assert response.status_code == 422
    assert len(pairs()) == 1


def test_panel_lists_so_many_and_says_that_there_are_more(admin, monkeypatch):
    monkeypatch.setattr(reads, "LISTED", 2)
    project = make_project()
    task = make_task(project=project)
    for number in range(3):
        make_dependency(task, make_task(f"Blocker {number}", project=project))
    html = page_of(admin, task)
    # The history below tells of all of them.
    assert " Blocker 1</a>" in html
    assert " Blocker 2</a>" not in html
    assert "There are more" in html


def test_note_is_saved_shown_to_its_writer_and_deleted(admin, make_staff, two):
    task, _ = two
    html = send(admin, task, "note", "set", text="Line\r\nline").content.decode()
    assert "The note was saved." in html
    assert TaskNote.objects.get().text == "Line\nline"
    assert "Line\nline" in page_of(admin, task)
    others = make_staff("view_task", "view_tasknote", "change_tasknote")
    assert "Line\nline" not in page_of(others, task)
    for path in ("history/", "delete/"):
        page = admin.get(f"taskdock/task/{task.pk}/{path}").content.decode()
        assert "Line" not in page
    send(admin, task, "note", "set", text=" ")
    assert not TaskNote.objects.exists()


def test_pin_is_a_toggle_of_ones_own(admin, make_staff, two):
    task, _ = two
    html = send(admin, task, "pin", "pin").content.decode()
    assert "You have pinned this task." in html
    assert "You have not pinned this task." in page_of(
        make_staff("view_task", "view_taskpin"), task
    )
    html = send(admin, task, "pin", "unpin").content.decode()
    assert "You have not pinned this task." in html
    assert not TaskPin.objects.exists()


ACTIONS = {
    ("dependencies", "add-blocker"): {"add_taskdependency", "change_task"},
    ("dependencies", "add-blocked"): {"add_taskdependency", "change_task"},
    ("dependencies", "remove"): {"delete_taskdependency"},
    ("note", "set"): {"change_tasknote"},
    ("pin", "pin"): {"add_taskpin"},
    ("pin", "unpin"): {"delete_taskpin"},
}
VIEW = {"view_task", "view_taskdependency", "view_tasknote", "view_taskpin"}
ALL = set().union(VIEW, *ACTIONS.values())


@pytest.mark.parametrize(("panel", "action"), ACTIONS)
def test_action_needs_its_permission_and_no_other(make_staff, two, panel, action):
    task, other = two
    needed = ACTIONS[panel, action]
    assert send(make_staff("view_task"), task, panel, action).status_code == 404
    assert send(make_staff(*(ALL - needed)), task, panel, action).status_code == 403
    staff = make_staff(*(VIEW | needed))
    if action == "remove":
        make_dependency(other, task)
    row = TaskDependency.objects.values_list("pk", flat=True).first() or 0
    data = {"task": other.pk, "row": row, "text": "Mine."}
    assert send(staff, task, panel, action, **data).status_code == 200
    assert f"/panels/{panel}/{action}/" in page_of(make_staff(*(VIEW | needed)), task) or (
        action in {"remove", "unpin"}
    )


def test_view_only_staff_look_and_are_offered_nothing(make_staff, two):
    make_dependency(*two)
    html = page_of(make_staff(*VIEW), two[0])
    assert f"#{two[1].pk} Build" in html
    assert "/panels/" not in html
    hidden = page_of(make_staff("view_task"), two[0])
    assert " Build</a>" not in hidden
    assert "panel-note" not in hidden


def test_panels_name_no_task_out_of_sight(settings, db):
    left, right = (Side(word, is_staff=True) for word in ("annas", "berts"))
    make_dependency(left.task, right.task)
    make_dependency(left.other_task, left.task)
    for side in (left, right):
        set_note(actor=side.actor, task_id=left.task.pk, text=f"{side.word} note")
        pin_task(actor=side.actor, task_id=left.task.pk)
    settings.TASKDOCK = ONE_SIDED
    browser = Browser(left.user)
    html = page_of(browser, left.task)
    assert right.word not in html
    assert "a task that you can't see" in html
    assert f"#{left.other_task.pk} annas task" in html
    assert "annas note" in html
    for action in ("add-blocker", "add-blocked"):
        response = send(browser, left.task, "dependencies", action, task=right.task.pk)
        assert response.status_code == 422
    row = TaskDependency.objects.get(blocker=right.task).pk
    assert send(browser, left.task, "dependencies", "remove", row=row).status_code == 422
    query = {"app_label": "taskdock", "model_name": "taskdependency", "field_name": "blocker"}
    assert browser.get("autocomplete/", **query, term=right.word).json()["results"] == []
