"""Docking into projects that people know: what they had still works, and ours does there."""

from textwrap import dedent

import pytest

from tests.packaging.conftest import Uv
from tests.realhosts.docking import OURS, Answer, Project, asked
from tests.realhosts.sites import SITES

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("real hosts")]

#: Our admin, driven inside the project: every list, the forms, and a task written by one.
ADMIN = """
    from django.contrib import admin
    from django.contrib.auth import get_user_model
    from django.test import Client

    from tasks.models import Task
    from tasks.testing import make_project

    project = make_project("Relaunch")
    client = Client(headers={"host": "localhost"})
    client.force_login(get_user_model().objects.get(is_superuser=True))
    ours = [model._meta for model in admin.site._registry if "taskdock" in model._meta.app_label]
    pages = ["", "taskdock/", "taskdock/task/add/", "taskdock/apikey/add/"]
    pages += [f"{meta.app_label}/{meta.model_name}/" for meta in ours]
    answers = {page: client.get(f"ADMIN{page}").status_code for page in pages}
    assert set(answers.values()) == {200}, answers

    task = {"project": project.pk, "title": "By hand", "status": 1, "priority": 1, "tags": ""}
    answer = client.post("ADMINtaskdock/task/add/", task)
    assert answer.status_code == 302, answer.content.decode()
    made = Task.objects.get(title="By hand")
    for page in ("change", "history", "delete"):
        answer = client.get(f"ADMINtaskdock/task/{made.pk}/{page}/")
        assert answer.status_code == 200, page
    answer = client.post(f"ADMINtaskdock/task/{made.pk}/delete/", {"post": "yes"})
    assert answer.status_code == 302
    assert not Task.objects.filter(pk=made.pk).exists()
    print("project", project.pk)
"""


@pytest.mark.parametrize("site", SITES, ids=lambda site: site.name)
def test_project_is_docked_into_and_stays_what_it_was(site, uv: Uv, distributions, tmp_path):
    (wheel,) = distributions.glob("*.whl")
    project = Project(site, tmp_path)
    project.begin(uv, wheel)
    with project.served(docked=False) as port:
        before = {path: asked(port, "GET", path) for path in site.pages}
    assert {path: answer.status for path, answer in before.items()} == site.pages
    warned = project.manage("check")

    key = project.dock()

    assert project.manage("check") == warned
    assert "No changes" in project.manage("makemigrations", "--check", "--dry-run", *OURS)
    said = project.manage("shell", "--no-imports", "-c", dedent(ADMIN.replace("ADMIN", site.admin)))
    number = said.split()[-1]
    with project.served() as port:
        check_api(port, key, number)
        after = {path: asked(port, "GET", path) for path in site.pages}
    for path, answer in after.items():
        assert answer.status == before[path].status, path
        assert answer.headers["Content-Type"] == before[path].headers["Content-Type"], path


def check_api(port: int, key: str, project: str) -> None:
    """What a program does all day, by the forms that the API's documentation shows."""
    refused = asked(port, "GET", "/api/tasks")
    assert (refused.status, refused.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert refused.headers["Content-Type"] == "application/json"
    assert_no_session(refused)

    wrong = asked(port, "POST", "/api/tasks", key, task_title="")
    assert wrong.status == 422
    assert wrong.json()["errors"]["task_title"] == ["The task title field is required."]
    assert asked(port, "GET", "/api/tasks/999999", key).json() == {"message": "Task not found."}

    (person, *_) = asked(port, "GET", "/api/team", key).json()["data"]
    fields = {"task_projectid": project, "task_title": "From outside", "task_status": 1}
    made = asked(port, "POST", "/api/tasks", key, **fields, task_priority=1)
    assert made.status == 201, made.body
    task = f"/api/tasks/{made.json()['data']['id']}"
    assigned = asked(port, "PUT", f"{task}/assigned", key, **{"assigned[]": person["id"]})
    assert [who["id"] for who in assigned.json()["data"]["assigned"]] == [person["id"]]
    tagged = asked(port, "PUT", f"{task}/tags/", key, **{"tags[]": ["a", "b"]})
    assert tagged.json()["data"]["tags"] == ["a", "b"]
    assert asked(port, "POST", f"{task}/comments", key, comment="Grüße").status == 201
    assert asked(port, "PUT", f"{task}/stop-timers", key).status == 200
    listed = asked(port, "GET", "/api/tasks?search=outside", key)
    assert listed.json()["meta"]["total"] == 1
    assert_no_session(listed)
    assert asked(port, "GET", "/api/schema").json()["openapi"].startswith("3.1")
    assert asked(port, "DELETE", task, key).status == 200
    gone = asked(port, "GET", task, key)
    assert (gone.status, gone.headers["Content-Type"]) == (404, "application/json")


def assert_no_session(answer: Answer) -> None:
    # A middleware of the site may set a cookie of its own: django CMS does, for the language.
    cookies = answer.headers.get_all("Set-Cookie") or []
    assert not [cookie for cookie in cookies if cookie.startswith(("sessionid", "csrftoken"))]
