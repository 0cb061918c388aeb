"""``PERSON_NAME``: a site's own way to name a person, wherever one is shown."""

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.models import HistoryEntry
from tasks.people import user_model, users, wire_id
from tasks.services.assignees import set_assignees
from tasks.services.projects import set_manager, set_members
from tasks.testing import make_project, make_task, make_user

NAMED = {"PERSON_NAME": "tests.api.test_person_name_setting.nickname"}


def nickname(user):
    """What no column holds; who has "silent" in the username has none."""
    login = user.get_username()
    return None if "silent" in login else f" Nick {login} "


def named(user):
    return {"id": wire_id(user.pk), "name": f"Nick {user.get_username()}"}


@pytest.fixture(autouse=True)
def sited(db):
    with override_settings(TASKDOCK=NAMED):
        yield


def test_people_of_tasks_are_named_by_the_site(api):
    people = [make_user(first_name="Sam", last_name="Lee") for _ in range(2)]
    task = make_task(assigned=people)
    expected = sorted(map(named, people), key=lambda person: person["id"])
    assert api.get(f"/tasks/{task.pk}").json()["data"]["assigned"] == expected
    assert api.get("/tasks").json()["data"][0]["assigned"] == expected


def test_people_of_projects_are_named_by_the_site(api):
    manager, member = make_user(), make_user()
    project = make_project()
    set_manager(actor=Actor(), project_id=project.pk, user_id=manager.pk)
    set_members(actor=Actor(), project_id=project.pk, user_ids=[member.pk])
    shown = api.get(f"/projects/{project.pk}").json()["data"]
    assert (shown["managers"], shown["assigned"]) == ([named(manager)], [named(member)])
    assert api.get("/projects").json()["data"] == [shown]


def test_person_whom_the_site_does_not_name_keeps_the_usual_name(api):
    # Of whatever form: some user models have an e-mail address for it.
    user = make_user(**{user_model().USERNAME_FIELD: "silent@example.com"})
    task = make_task(assigned=[user])
    shown = api.get(f"/tasks/{task.pk}").json()["data"]["assigned"]
    assert shown == [{"id": wire_id(user.pk), "name": "silent@example.com"}]


def test_history_keeps_the_names_that_the_site_gives(db):
    actor, person = Actor(user=make_user()), make_user()
    task = make_task()
    set_assignees(actor=actor, task_id=task.pk, user_ids=[person.pk])
    entry = HistoryEntry.objects.filter(verb="assigned").get()
    assert entry.actor_name == named(actor.user)["name"]
    assert entry.changes == {"assigned": [[], [named(person)]]}


def test_creator_of_a_comment_is_named_by_the_site(api):
    path = f"/tasks/{make_task().pk}/comments"
    api.post(path, {"comment": "Good."})
    (comment,) = api.get(path).json()["data"]
    assert comment["creator"] == named(api.key.user)


def test_team_is_named_searched_and_sorted_by_the_names_of_the_site(api):
    others = [make_user(first_name=name) for name in ("Zoe", "Amy", "Mia")]
    everybody = sorted([api.key.user, *others], key=lambda user: user.get_username())
    path = "/team"
    rows = api.get(path, sort="name", order="asc").json()["data"]
    assert [row["name"] for row in rows] == [named(user)["name"] for user in everybody]
    rows = api.get(path, sort="name", order="desc").json()["data"]
    assert [row["name"] for row in rows] == [named(user)["name"] for user in everybody[::-1]]
    sought = f"nick {others[1].get_username()}"
    (found,) = api.get(path, search=sought).json()["data"]
    assert found["name"] == named(others[1])["name"]
    assert api.get(f"{path}/{found['id']}").json()["data"] == found


def test_team_of_nobody_is_sorted_by_name(api):
    with override_settings(TASKDOCK=NAMED | {"TEAM_MEMBERS": lambda: users().none()}):
        for parameters in ({}, {"sort": "name"}):
            assert api.get("/team", **parameters).json()["data"] == []


@pytest.mark.parametrize("path", ["/tasks", "/projects", "/team?sort=name"])
def test_names_of_many_people_take_one_query(api, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert api.get(path).status_code == 200
        return len(captured)

    def add():
        task = make_task(assigned=[make_user(), make_user()])
        ids = [make_user().pk, make_user().pk]
        set_members(actor=Actor(), project_id=task.project_id, user_ids=ids)

    add()
    queries()  # compiles what is kept
    of_one = queries()
    for _ in range(24):
        add()
    assert queries() == of_one


def test_names_are_the_usual_ones_again_without_the_setting(api):
    user = make_user(first_name="Sam", last_name="Lee")
    task = make_task(assigned=[user])
    path = f"/tasks/{task.pk}"
    assert api.get(path).json()["data"]["assigned"] == [named(user)]
    with override_settings(TASKDOCK={}):
        (person,) = api.get(path).json()["data"]["assigned"]
        assert person["name"] in {"Sam Lee", user.get_username()}
    assert api.get(path).json()["data"]["assigned"] == [named(user)]
