"""Projects, milestones, clients, statuses, priorities, tags and history."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from tasks.actors import Actor
from tasks.models import (
    Client,
    HistoryEntry,
    Milestone,
    Project,
    Tag,
    Task,
    TaskPriority,
    TaskStatus,
)
from tasks.services import milestones, projects
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from tests.conftest import ADMIN


def _latest():
    return HistoryEntry.objects.values_list("verb", "subject_type", "door", "actor_name").first()


def test_project_is_made_with_its_default_milestone(admin):
    client = make_client()
    admin.open("taskdock/project/add/").submit(
        title=" Site ", client=client.pk, start_date="2026-01-01", due_date="2026-01-01"
    )
    project = Project.objects.get()
    assert (project.title, project.client, project.description) == ("Site", client, None)
    assert project.created_by == admin.user
    assert project.milestones.get().is_default
    assert _latest() == ("created", "project", "admin", "Ada Admin")


def test_project_page_changes_only_what_was_changed(admin):
    project = make_project()
    form = admin.open(f"taskdock/project/{project.pk}/change/")
    projects.update_project(actor=Actor(), project_id=project.pk, status="on_hold")
    form.submit(title="New")
    project.refresh_from_db()
    assert (project.title, project.status) == ("New", "on_hold")
    updated = HistoryEntry.objects.all()[0]
    assert (updated.verb, updated.changes) == ("updated", {"title": ["Website Redesign", "New"]})


def test_project_page_sets_manager_team_tags_and_progress(admin):
    project = make_project()
    manager, member = make_user(), make_user()
    page = f"taskdock/project/{project.pk}/change/"
    admin.open(page).submit(
        manager=manager.pk, assigned=[member.pk], tags='q3, "a, b"', manual_progress="40"
    )
    project.refresh_from_db()
    assert (project.manager, project.manual_progress) == (manager, 40)
    assert [row.user for row in project.members.all()] == [member]
    tags = sorted(project.project_tags.values_list("tag__name", flat=True))
    assert tags == ["a, b", "q3"]
    verbs = set(HistoryEntry.objects.filter(subject_type="project").values_list("verb", flat=True))
    assert verbs == {"created", "updated", "assigned", "tagged"}
    before = HistoryEntry.objects.count()
    admin.open(page).submit()
    assert HistoryEntry.objects.count() == before
    admin.open(page).submit(manager="", assigned=None, tags="", manual_progress="")
    project.refresh_from_db()
    assert (project.manager, project.manual_progress) == (None, None)
    assert not project.members.exists()
    assert not project.project_tags.exists()


def test_project_page_refuses_a_progress_above_a_hundred(admin, form_errors):
    project = make_project()
    response = admin.open(f"taskdock/project/{project.pk}/change/").submit(manual_progress="101")
    assert form_errors(response).keys() == {"manual_progress"}


def test_project_manager_who_left_the_team_may_stay(admin):
    project, manager = make_project(), make_user()
    projects.set_manager(actor=Actor(), project_id=project.pk, user_id=manager.pk)
    User.objects.filter(pk=manager.pk).update(is_staff=False)
    admin.open(f"taskdock/project/{project.pk}/change/").submit(title="New")
    project.refresh_from_db()
    assert (project.title, project.manager_id) == ("New", manager.pk)


def test_project_actions_archive_and_restore(admin, messages_of):
    first, second = make_project(), make_project()
    yes = {"confirmed": "yes"}
    said = messages_of(admin.action("taskdock/project/", "archive", [first, second], **yes))
    assert said == ["2 projects are archived."]
    assert set(Project.objects.values_list("is_archived", flat=True)) == {True}
    path = "taskdock/project/?state=archived"
    said = messages_of(admin.action(path, "restore", [first], **yes))
    assert said == ["1 project is active."]
    assert Project.objects.get(is_archived=False) == first


def test_project_list_shows_progress_and_sorts_by_it(admin):
    half, done = make_project("Half"), make_project("Done")
    for project, status in ((half, 1), (half, 2), (done, 2)):
        make_task(project=project, status=TaskStatus.objects.get(pk=status))
    page = admin.get("taskdock/project/", o="-4").content.decode()
    assert page.index("100 %") < page.index("50 %")


def test_milestone_page_keeps_a_colour_that_a_program_gave_it(admin):
    milestone = make_milestone(make_project())
    milestones.update_milestone(actor=Actor(), milestone_id=milestone.pk, color="deep-purple")
    admin.open(f"taskdock/milestone/{milestone.pk}/change/").submit(title="New")
    milestone.refresh_from_db()
    assert (milestone.title, milestone.color) == ("New", "deep-purple")


def test_project_due_before_start_is_refused_at_the_field(admin, form_errors):
    form = admin.open("taskdock/project/add/")
    response = form.submit(title="A", start_date="2026-01-02", due_date="2026-01-01")
    assert form_errors(response) == {
        "due_date": ["The due date must be a date after or equal to start date."]
    }
    assert not Project.objects.exists()


def test_project_page_links_its_milestones(admin):
    project = make_project()
    milestone = make_milestone(project, "Launch & <more>")
    html = admin.get(f"taskdock/project/{project.pk}/change/").content.decode()
    assert f"{ADMIN}/taskdock/milestone/{milestone.pk}/change/" in html
    assert "Launch &amp; &lt;more&gt;" in html


def test_milestone_is_made_changed_and_deleted(admin):
    project = make_project()
    form = admin.open("taskdock/milestone/add/", project=project.pk)
    form.submit(title="Launch", color="info")
    milestone = Milestone.objects.get(title="Launch")
    assert (milestone.project, milestone.color) == (project, "info")
    task = make_task(project=project, milestone_id=milestone.pk)
    admin.open(f"taskdock/milestone/{milestone.pk}/change/").submit(title="Go live")
    milestone.refresh_from_db()
    assert milestone.title == "Go live"
    admin.open(f"taskdock/milestone/{milestone.pk}/delete/").submit(post="yes")
    task.refresh_from_db()
    assert task.milestone.is_default
    assert not Milestone.objects.filter(pk=milestone.pk).exists()


def test_milestone_of_a_title_that_is_taken_is_refused_at_the_field(admin, form_errors):
    project = make_project()
    make_milestone(project, "Launch")
    other = make_milestone(project, "Other")
    taken = ["The project has a milestone of this title already."]
    form = admin.open(f"taskdock/milestone/{other.pk}/change/")
    assert form_errors(form.submit(title="Launch")) == {"title": taken}
    form = admin.open("taskdock/milestone/add/", project=project.pk)
    assert taken in form_errors(form.submit(title="Launch")).values()
    assert sorted(project.milestones.values_list("title", flat=True)) == [
        "Launch",
        "Other",
        "Uncategorised",
    ]


def test_default_milestone_stays(admin, messages_of):
    default = make_project().milestones.get()
    page = admin.get(f"taskdock/milestone/{default.pk}/change/").content.decode()
    assert "deletelink" not in page
    response = admin.open(f"taskdock/milestone/{default.pk}/delete/").submit(post="yes")
    assert messages_of(admin.client.get(response["Location"])) == [
        "The default milestone of a project can't be deleted."
    ]
    response = admin.action("taskdock/milestone/", "delete_selected", [default], post="yes")
    assert messages_of(response) == [
        "Uncategorised: The default milestone of a project can't be deleted. Nothing was changed."
    ]
    assert Milestone.objects.filter(pk=default.pk).exists()
    assert not LogEntry.objects.exists()


def test_client_is_made_changed_and_deleted(admin):
    admin.open("taskdock/client/add/").submit(name=" Acme ", description="a\nb ")
    client = Client.objects.get()
    assert (client.name, client.description) == ("Acme", "a\nb ")
    admin.open(f"taskdock/client/{client.pk}/change/").submit(name="Acme Inc")
    client.refresh_from_db()
    assert client.name == "Acme Inc"
    admin.open(f"taskdock/client/{client.pk}/delete/").submit(post="yes")
    assert not Client.objects.exists()
    assert _latest() == ("deleted", "client", "admin", "Ada Admin")


@pytest.mark.parametrize("model", ["client", "taskstatus", "taskpriority"])
def test_row_in_use_is_not_deleted(admin, model):
    task = make_task(status=TaskStatus.objects.get(pk=3), priority=TaskPriority.objects.get(pk=2))
    row = {
        "client": task.project.client,
        "taskstatus": task.status,
        "taskpriority": task.priority,
    }[model]
    page = admin.open(f"taskdock/{model}/{row.pk}/delete/")
    assert page.response.context["protected"]
    page.submit(post="yes")
    admin.action(f"taskdock/{model}/", "delete_selected", [row], post="yes")
    row.refresh_from_db()
    assert not LogEntry.objects.exists()


def test_deletion_page_names_some_of_many_rows_in_the_way(admin):
    status = TaskStatus.objects.get(pk=3)
    project = make_project()
    for _ in range(53):
        make_task(project=project, status=status)
    context = admin.get(f"taskdock/taskstatus/{status.pk}/delete/").context
    assert len(context["protected"]) == 51
    assert context["protected"][-1] == "and 3 more tasks"


def test_status_takes_a_flag_from_the_one_that_has_it(admin):
    form = admin.open("taskdock/taskstatus/add/")
    form.submit(title="Backlog", color="#123abc", is_default="on")
    status = TaskStatus.objects.get(title="Backlog")
    assert (status.color, status.is_default, status.is_completed) == ("#123abc", True, None)
    assert status.position == 6144
    assert TaskStatus.objects.get(pk=1).is_default is None


@pytest.mark.parametrize(
    ("path", "flag", "message"),
    [
        ("taskstatus/1", "is_default", "One status must be the default."),
        ("taskstatus/2", "is_completed", "One status must mean completed."),
        ("taskpriority/1", "is_default", "One priority must be the default."),
    ],
)
def test_flag_taken_off_the_last_is_refused_at_the_field(admin, form_errors, path, flag, message):
    form = admin.open(f"taskdock/{path}/change/")
    assert form_errors(form.submit(title="New", **{flag: None})) == {flag: [message]}
    assert not HistoryEntry.objects.exists()
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "Completed"}, "title"),
        ({"title": ""}, "title"),
        ({"color": "red"}, "color"),
        ({"color": "#12345G"}, "color"),
    ],
)
def test_status_that_breaks_a_rule_is_refused_at_the_field(admin, form_errors, changes, field):
    form = admin.open("taskdock/taskstatus/1/change/")
    assert list(form_errors(form.submit(**changes))) == [field]
    assert not HistoryEntry.objects.exists()


def test_priority_is_made_changed_and_deleted(admin):
    admin.open("taskdock/taskpriority/add/").submit(title="Later", color="#000000")
    priority = TaskPriority.objects.get(title="Later")
    admin.open(f"taskdock/taskpriority/{priority.pk}/change/").submit(color="#ffffff")
    priority.refresh_from_db()
    assert (priority.color, priority.position) == ("#ffffff", 4096)
    admin.open(f"taskdock/taskpriority/{priority.pk}/delete/").submit(post="yes")
    assert not TaskPriority.objects.filter(pk=priority.pk).exists()


@pytest.mark.parametrize("page", ["add/", "{pk}/change/", "{pk}/delete/"])
@pytest.mark.parametrize("model", [Tag, HistoryEntry])
def test_tags_and_history_are_not_written_even_by_a_superuser(admin, model, page):
    make_task(tags=["one"])
    row, count = model.objects.first(), model.objects.count()
    path = f"{ADMIN}/taskdock/{model._meta.model_name}/{page.format(pk=row.pk)}"
    response = admin.client.post(path, {"post": "yes", "name": "x", "verb": "x"})
    assert response.status_code == 403
    response = admin.action(
        f"taskdock/{model._meta.model_name}/", "delete_selected", [row], post="yes"
    )
    assert list(model.objects.filter(pk=row.pk).values()) == [
        {name: value for name, value in vars(row).items() if name not in {"_state", "uses"}}
    ]
    assert model.objects.count() == count


def test_deletion_takes_tags_of_a_task_along_but_not_its_history(admin):
    task = make_task(tags=["one"], start_date=dt.date(2026, 1, 1))
    admin.open(f"taskdock/task/{task.pk}/delete/").submit(post="yes")
    assert not Task.objects.exists()
    assert Tag.objects.get().name == "one"
    subjects = HistoryEntry.objects.filter(subject_type="task").values_list("verb", flat=True)
    assert list(subjects) == ["deleted", "tagged", "created"]
