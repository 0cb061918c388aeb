"""Rows chosen without a script, where their field searches by one: by number, or part of a name."""

import re

import pytest
from django.test import override_settings

from tasks.admin import people
from tasks.models import Project, Task, TaskAssignee, TaskDependency
from tasks.testing import make_client, make_project, make_task, make_user
from tests.conftest import ADMIN

ADD = f"{ADMIN}/taskdock/task/add/"


@pytest.fixture
def projects(db):
    return [make_project(title) for title in ("Website", "Web shop", "Straße", "Web")]


def sent(admin, **data):
    return admin.client.post(ADD, {"title": "Write", "status": 1, "priority": 1, **data})


def text_of(response):
    return re.sub(r"<[^>]*>|\s+", " ", response.content.decode())


@pytest.mark.parametrize(
    ("typed", "place"),
    [("Website", 0), (" SHOP ", 1), ("strasse", 2), ("{0}", 0), ("SITE", 0), ("WEB", 3)],
)
def test_project_is_found_by_what_is_typed(admin, projects, typed, place):
    response = sent(admin, **{"project-typed": typed.format(projects[0].pk)})
    assert response.status_code == 302
    assert Task.objects.get().project == projects[place]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("we", ["Which one? {3}: Web; {1}: Web shop; {0}: Website"]),
        ("nowhere", []),
        ("987654321", []),
        ("99999999999999999999999", []),
        ("w\x00w", []),
        ("<b>", []),
    ],
)
def test_what_names_none_or_several_is_refused_and_kept(admin, projects, typed, told):
    response = sent(admin, **{"project-typed": typed})
    text = text_of(response)
    assert "Select a valid choice." in text
    for line in told:
        assert line.format(*(project.pk for project in projects)) in text
    assert ("Which one?" in text) is bool(told)
    assert "<b>" not in response.content.decode()
    assert not Task.objects.exists()


def test_nothing_typed_leaves_what_is_chosen(admin, projects):
    assert sent(admin, project=projects[1].pk, **{"project-typed": " "}).status_code == 302
    assert Task.objects.get().project == projects[1]
    assert "This field is required" in text_of(sent(admin))


def hidden(queryset, actor):
    return queryset.filter(title="Website") if queryset.model is Project else queryset


def test_what_is_out_of_sight_is_not_found(admin, projects):
    with override_settings(TASKDOCK={"VISIBLE_TO": f"{__name__}.hidden"}):
        for typed in ("shop", str(projects[1].pk)):
            response = sent(admin, **{"project-typed": typed})
            assert "Select a valid choice." in text_of(response)
            assert "Web shop" not in response.content.decode()
        assert sent(admin, **{"project-typed": "web"}).status_code == 302


def test_several_people_are_typed_where_they_are_too_many_to_list(admin, projects, monkeypatch):
    monkeypatch.setattr(people, "LISTED", 2)
    one, two, _three = (
        make_user(first_name=name, last_name="Lee") for name in ("Ann", "Bob", "Cy")
    )
    data = {"project": projects[0].pk}
    response = sent(admin, **data, **{"assigned-typed": f"ann, {two.pk}, lee"})
    assert "Which one?" in text_of(response)
    assert sent(admin, **data, **{"assigned-typed": f"ann, {two.pk}"}).status_code == 302
    assert set(TaskAssignee.objects.values_list("user", flat=True)) == {one.pk, two.pk}


def test_panels_take_what_is_typed(admin, db):
    task, other = make_task("Write"), make_task("Read the book")
    page = admin.get(f"taskdock/task/{task.pk}/change/").content.decode()
    form = re.search(r'action="([^"]+/dependencies/[^"]+)".*?name="(\w+-typed)"', page, re.DOTALL)
    admin.client.post(form[1], {form[2]: "book"})
    assert TaskDependency.objects.get().blocker == other


def test_filters_have_a_text_of_their_own(admin, db):
    make_client("Acme")
    assert "-typed" not in admin.get("taskdock/task/").content.decode()
    assert "-typed" not in admin.get("taskdock_timers/timer/week/").content.decode()
