"""Deleting milestones and projects: only once it was said what becomes of their tasks."""

import pytest

from tasks.models import Milestone, Project, Task
from tasks.testing import make_milestone, make_project, make_task
from tests.conftest import ADMIN


@pytest.fixture
def milestone(db):
    project = make_project()
    found = make_milestone(project, "Goes")
    make_milestone(project, "Stays")
    for _ in range(2):
        make_task(project=project, milestone_id=found.pk)
    return found


def path_of(row):
    return f"taskdock/{row._meta.model_name}/{row.pk}/delete/"


def titles():
    return sorted(Task.objects.values_list("milestone__title", flat=True))


@pytest.mark.parametrize(
    ("target", "left"), [(None, ["Uncategorised"] * 2), ("Stays", ["Stays"] * 2)]
)
def test_tasks_of_a_milestone_move_where_it_is_said(admin, milestone, target, left):
    page = admin.open(path_of(milestone))
    assert "Move its 2 tasks to another milestone" in page.response.content.decode()
    chosen = {"move_to": Milestone.objects.get(title=target).pk} if target else {}
    page.submit(tasks="move", **chosen)
    assert titles() == left
    assert not Milestone.objects.filter(pk=milestone.pk).exists()


def test_tasks_of_a_milestone_go_along_where_it_is_said(admin, milestone):
    admin.open(path_of(milestone)).submit(tasks="delete")
    assert not Task.objects.exists()
    assert not Milestone.objects.filter(pk=milestone.pk).exists()


@pytest.mark.parametrize(
    "changes",
    [{"tasks": None}, {"tasks": "burn"}, {"asked": None}, {"move_to": "987654"}, {"move_to": "x"}],
)
def test_milestone_is_not_deleted_before_it_is_said(admin, milestone, changes):
    response = admin.open(path_of(milestone)).submit(**changes)
    assert response.status_code == 200
    assert response.context["deletion_form"] is not None
    assert titles() == ["Goes", "Goes"]


def test_milestone_without_tasks_is_asked_about_as_anything(admin):
    milestone = make_milestone(make_project())
    page = admin.open(path_of(milestone))
    assert page.response.context["deletion_form"] is None
    page.submit()
    assert not Milestone.objects.filter(pk=milestone.pk).exists()


@pytest.mark.parametrize(
    ("codename", "choices"), [("change_task", {"move"}), ("delete_task", {"delete"})]
)
def test_milestone_offers_what_its_reader_may_do_to_tasks(make_staff, milestone, codename, choices):
    staff = make_staff("view_milestone", "delete_milestone", codename)
    form = staff.get(path_of(milestone)).context["deletion_form"]
    assert {name for name, _ in form.fields["tasks"].choices} == choices
    bad = ({"move", "delete"} - choices).pop()
    assert staff.open(path_of(milestone)).submit(tasks=bad).status_code == 200
    assert titles() == ["Goes", "Goes"]


def test_milestone_with_tasks_stays_for_who_may_do_nothing_to_tasks(make_staff, milestone):
    staff = make_staff("view_milestone", "delete_milestone")
    assert staff.get(path_of(milestone)).context["perms_lacking"] == {"task"}
    data = {"post": "yes", "asked": "yes", "tasks": "move"}
    assert staff.client.post(f"{ADMIN}/{path_of(milestone)}", data).status_code == 403
    staff.action("taskdock/milestone/", "delete_selected", [milestone], **data)
    assert titles() == ["Goes", "Goes"]


@pytest.mark.parametrize(("said", "left"), [("move", ["Uncategorised"] * 2), ("delete", [])])
def test_selected_milestones_are_deleted_as_it_is_said(admin, milestone, said, left):
    others = [milestone, Milestone.objects.get(title="Stays")]
    path, data = "taskdock/milestone/", {"post": "yes"}
    asked = admin.action(path, "delete_selected", others, **data)
    assert "default milestones of their projects" in asked.content.decode()
    assert titles() == ["Goes", "Goes"]
    admin.action(path, "delete_selected", others, **data, asked="yes", tasks=said)
    assert titles() == left


def test_project_is_deleted_with_its_tasks_once_that_is_ticked(admin, milestone):
    project = milestone.project
    page = admin.open(path_of(project))
    assert "Yes, delete 2 tasks with it" in page.response.content.decode()
    assert page.submit().context["deletion_form"].errors
    assert Project.objects.exists()
    page.submit(with_tasks="on")
    assert not Project.objects.exists()
    assert not Task.objects.exists()


def test_selected_projects_are_deleted_with_their_tasks_once_that_is_ticked(admin, milestone):
    path, data = "taskdock/project/", {"post": "yes", "asked": "yes"}
    response = admin.action(path, "delete_selected", [milestone.project], **data)
    assert response.context["deletion_form"].errors
    admin.action(path, "delete_selected", [milestone.project], **data, with_tasks="on")
    assert not Project.objects.exists()


def test_project_without_tasks_is_deleted_without_a_tick(admin):
    admin.open(path_of(make_project())).submit()
    assert not Project.objects.exists()
