"""Archiving projects in the admin, with all they hold, and bringing them back."""

import pytest

from tasks.actors import Actor
from tasks.admin import archiving
from tasks.models import Project, Task
from tasks.services import projects, tasks
from tasks.testing import make_project, make_task
from tests.conftest import ADMIN


@pytest.fixture
def project(db):
    found = make_project()
    for _ in range(3):
        make_task(project=found)
    return found


def active():
    return Task.objects.filter(is_archived=False).count()


def test_project_is_archived_and_restored_with_its_tasks(admin, project, messages_of):
    page = admin.open(f"taskdock/project/{project.pk}/archive/")
    assert "Archive 3 active tasks too" in page.response.content.decode()
    answer = admin.client.get(page.submit()["Location"])
    assert messages_of(answer) == ["1 project is archived."]
    assert (Project.objects.get().is_archived, active()) == (True, 0)
    page = admin.open(f"taskdock/project/{project.pk}/archive/")
    assert "Bring back 3 tasks that were archived with them" in page.response.content.decode()
    page.submit()
    assert (Project.objects.get().is_archived, active()) == (False, 3)


def test_page_that_restores_says_how_many_tasks_come_back(admin, project, monkeypatch):
    alone, again, _ = project.tasks.order_by("pk")
    tasks.archive_task(actor=Actor(), task_id=alone.pk)
    projects.archive_project(actor=Actor(), project_id=project.pk, with_tasks=True)
    tasks.activate_task(actor=Actor(), task_id=again.pk)
    tasks.archive_task(actor=Actor(), task_id=again.pk)
    page = admin.open(f"taskdock/project/{project.pk}/archive/")
    assert "Bring back 1 task that was archived with them" in page.response.content.decode()
    page.submit()
    assert active() == 1
    projects.archive_project(actor=Actor(), project_id=project.pk, with_tasks=True)
    monkeypatch.setattr(archiving, "_LOOKED_AT", 2)
    page = admin.open(f"taskdock/project/{project.pk}/archive/")
    assert "Bring back the tasks that were archived with them" in page.response.content.decode()


def test_project_is_archived_without_its_tasks_where_the_tick_is_taken_off(admin, project):
    admin.open(f"taskdock/project/{project.pk}/archive/").submit(with_tasks=None)
    assert (Project.objects.get().is_archived, active()) == (True, 3)


def test_page_does_what_it_asked_whatever_was_done_meanwhile(admin, project):
    page = admin.open(f"taskdock/project/{project.pk}/archive/")
    projects.archive_project(actor=Actor(), project_id=project.pk)
    page.submit()
    assert (Project.objects.get().is_archived, active()) == (True, 0)


def test_selected_projects_are_archived_once_it_is_confirmed(admin, project):
    path = "taskdock/project/"
    asked = admin.action(path, "archive", [project])
    assert "Archive 3 active tasks too" in asked.content.decode()
    assert not Project.objects.get().is_archived
    admin.action(path, "archive", [project], confirmed="yes", with_tasks="on")
    assert (Project.objects.get().is_archived, active()) == (True, 0)


def test_list_shows_active_projects_unless_others_are_asked_for(admin, project):
    away = make_project("Away")
    projects.archive_project(actor=Actor(), project_id=away.pk)
    for query, shown in (({}, {project}), ({"state": "archived"}, {away})):
        changelist = admin.get("taskdock/project/", **query).context["cl"]
        assert set(changelist.result_list) == shown
        assert ("archived" in changelist.list_display) == bool(query)
    assert len(admin.get("taskdock/project/", state="all").context["cl"].result_list) == 2


def test_tasks_are_archived_by_those_alone_who_may_change_them(make_staff, project):
    staff = make_staff("view_project", "change_project")
    page = staff.open(f"taskdock/project/{project.pk}/archive/")
    assert "with_tasks" not in page.values
    page.submit(with_tasks="on")
    assert (Project.objects.get().is_archived, active()) == (True, 3)


def test_viewers_have_no_button_and_no_page_to_archive(make_staff, project):
    staff = make_staff("view_project")
    path = f"taskdock/project/{project.pk}/archive/"
    assert path not in staff.get(f"taskdock/project/{project.pk}/change/").content.decode()
    assert staff.get(path).status_code == 403
    assert staff.client.post(f"{ADMIN}/{path}", {"archived": "yes"}).status_code == 403
    assert not Project.objects.get().is_archived
