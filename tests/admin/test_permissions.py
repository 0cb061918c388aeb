"""Who may do what: Django's permissions, and what the host lets whom see."""

import pytest
from django import test
from django.contrib.admin import AdminSite
from django.contrib.admin.models import LogEntry

import tasks.admin
from tasks.models import APIKey, Client, HistoryEntry, Milestone, Project, Task
from tasks.people import person_name, user_model
from tasks.testing import make_api_key, make_milestone, make_project, make_task, make_user
from tests.conftest import ADMIN

VIEW = ("view_task", "view_project", "view_milestone", "view_client", "view_apikey")


@pytest.fixture
def row_of(db):
    task = make_task(tags=["one"], assigned=[make_user(first_name="Sam", last_name="Lee")])
    key, _ = make_api_key()
    return {
        "task": task,
        "project": task.project,
        "milestone": make_milestone(task.project),
        "client": task.project.client,
        "apikey": key,
    }


def _snapshot():
    models = (Task, Project, Milestone, Client, APIKey, HistoryEntry)
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize("model", ["task", "project", "milestone", "client", "apikey"])
def test_staff_who_may_view_look_and_do_not_touch(make_staff, row_of, model):
    staff, pk, before = make_staff(*VIEW), row_of[model].pk, _snapshot()
    assert staff.get(f"taskdock/{model}/").status_code == 200
    page = staff.get(f"taskdock/{model}/{pk}/change/")
    assert page.status_code == 200
    assert 'name="_save"' not in page.content.decode()
    assert staff.get(f"taskdock/{model}/{pk}/history/").status_code == 200
    for path in ("add/", f"{pk}/change/", f"{pk}/delete/"):
        response = staff.client.post(
            f"{ADMIN}/taskdock/{model}/{path}", {"post": "yes", "name": "x"}
        )
        assert response.status_code == 403
    for action in ("archive", "activate", "revoke", "delete_selected"):
        staff.action(f"taskdock/{model}/", action, [row_of[model]], post="yes", confirmed="yes")
    assert _snapshot() == before
    assert not LogEntry.objects.exists()


def test_view_only_page_of_a_task_shows_people_and_tags(make_staff, row_of):
    html = make_staff(*VIEW).get(f"taskdock/task/{row_of['task'].pk}/change/").content.decode()
    (assignee,) = row_of["task"].assignees.all()
    assert person_name(assignee.user) in html
    assert "one" in html
    assert "<select" not in html


def test_view_only_page_of_a_key_has_no_revoke_button(make_staff, row_of):
    staff, pk = make_staff(*VIEW), row_of["apikey"].pk
    assert "/revoke/" not in staff.get(f"taskdock/apikey/{pk}/change/").content.decode()
    path = f"{ADMIN}/taskdock/apikey/{pk}/revoke/"
    assert (staff.client.get(path).status_code, staff.client.post(path).status_code) == (403, 403)


@pytest.mark.parametrize("model", ["task", "project", "apikey", "historyentry", "tag"])
def test_staff_without_permission_see_nothing(make_staff, row_of, model):
    staff = make_staff()
    assert staff.get(f"taskdock/{model}/").status_code == 403
    assert staff.get(f"taskdock/{model}/1/change/").status_code in {302, 403}


@pytest.mark.parametrize("path", ["task/", "task/add/", "apikey/add/", "apikey/1/revoke/"])
def test_strangers_are_sent_to_the_login(db, path):
    response = test.Client().get(f"{ADMIN}/taskdock/{path}")
    assert response.status_code == 302
    assert f"{ADMIN}/login/" in response["Location"]


def test_staff_who_may_change_but_not_delete_have_no_delete_action(make_staff, row_of):
    staff = make_staff("view_task", "change_task")
    html = staff.get("taskdock/task/").content.decode()
    assert 'value="archive"' in html
    assert "delete_selected" not in html
    staff.action("taskdock/task/", "archive", [row_of["task"]], post="yes")
    assert Task.objects.get().is_archived


def test_project_is_not_deleted_by_who_may_not_delete_its_tasks(make_staff, row_of):
    staff = make_staff("view_project", "delete_project", "delete_milestone")
    path = f"taskdock/project/{row_of['project'].pk}/delete/"
    assert staff.get(path).context["perms_lacking"] == {"task"}
    assert staff.client.post(f"{ADMIN}/{path}", {"post": "yes"}).status_code == 403
    assert Project.objects.exists()


def only_shared(queryset, actor):
    """A host that shows everybody but superusers what is called "shared" alone."""
    if getattr(actor.user, "is_superuser", False):
        return queryset
    if queryset.model in {user_model(), HistoryEntry}:
        return queryset
    name = {"client": "name"}.get(queryset.model._meta.model_name, "title")
    if queryset.model is Milestone:
        return queryset.filter(project__title="shared")
    return queryset.filter(**{name: "shared"})


@pytest.fixture
def hidden(settings):
    shared, secret = make_project("shared"), make_project("secret")
    tasks_ = [make_task("shared", project=shared), make_task("secret", project=secret)]
    settings.TASKDOCK = {"VISIBLE_TO": only_shared}
    return tasks_


ALL = [
    f"{verb}_{model}"
    for verb in ("view", "add", "change", "delete")
    for model in ("task", "project", "milestone", "client")
]


def test_hidden_rows_are_in_no_list_no_page_and_no_choice(make_staff, hidden, form_errors):
    staff = make_staff(*ALL)
    shared, secret = hidden
    listed = staff.get("taskdock/task/").content.decode()
    assert "shared" in listed
    assert "secret" not in listed
    for model, row in {
        "task": secret,
        "project": secret.project,
        "milestone": secret.milestone,
        "client": secret.project.client,
    }.items():
        for page in ("change", "delete", "history"):
            response = staff.get(f"taskdock/{model}/{row.pk}/{page}/")
            assert response["Location"] == f"{ADMIN}/"
    for field, model in {"project": "task", "milestone": "task", "client": "project"}.items():
        query = {"app_label": "taskdock", "model_name": model, "field_name": field}
        found = staff.get("autocomplete/", **query).json()["results"]
        assert str(getattr(secret, f"{field}_id", 0)) not in [row["id"] for row in found]
    form = staff.open("taskdock/task/add/")
    errors = form_errors(form.submit(project=secret.project_id, title="A"))
    assert list(errors) == ["project"]
    form = staff.open(f"taskdock/task/{shared.pk}/change/")
    assert list(form_errors(form.submit(milestone=secret.milestone_id))) == ["milestone"]


def test_hidden_rows_are_not_reached_by_actions(make_staff, hidden):
    staff, secret = make_staff(*ALL), hidden[1]
    staff.action("taskdock/task/", "archive", [secret], post="yes")
    staff.action("taskdock/task/", "delete_selected", [secret], post="yes")
    secret.refresh_from_db()
    assert not secret.is_archived


def test_superuser_sees_what_the_host_shows_superusers(admin, hidden):
    found = admin.get("taskdock/task/").context["cl"].result_list
    assert {task.title for task in found} == {"shared", "secret"}


def test_register_fills_a_site_of_the_host_and_leaves_what_is_there():
    site = AdminSite(name="own")

    class OwnAdmin(tasks.admin.tasks.TaskAdmin):
        pass

    site.register(Task, OwnAdmin)
    tasks.admin.register(site)
    tasks.admin.register(site)
    assert type(site.get_model_admin(Task)) is OwnAdmin
    assert site.is_registered(HistoryEntry)
    assert not [message for page in site._registry.values() for message in page.check()]
