"""Rows chosen without a script, where their field searches by one: by number, or part of a name."""

import re
from functools import partial

import pytest
from django.contrib.admin import ModelAdmin, site
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tasks.admin import people
from tasks.admin.task_list.bulk import fields
from tasks.models import APIKey, Project, Task, TaskAssignee, TaskDependency
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
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


def test_several_people_are_typed_where_they_are_too_many_to_list(admin, projects, many):
    one, two, _three = (
        make_user(first_name=name, last_name="Lee") for name in ("Ann", "Bob", "Cy")
    )
    data = {"project": projects[0].pk}
    response = sent(admin, **data, **{"assigned-typed": f"ann, {two.pk}, lee"})
    assert "Which one?" in text_of(response)
    assert sent(admin, **data, **{"assigned-typed": f"ann, {two.pk}"}).status_code == 302
    assert set(TaskAssignee.objects.values_list("user", flat=True)) == {one.pk, two.pk}


@pytest.fixture
def many(monkeypatch):
    """A site with too many people and milestones to list them."""
    monkeypatch.setattr(people, "LISTED", 0)
    monkeypatch.setattr(fields, "LISTED", 0)


@pytest.mark.parametrize(
    ("name", "typed"),
    [("project", "%" * 60_000), ("project", "a " * 3_000), ("assigned", "a," * 99)],
)
def test_what_no_search_takes_is_refused(admin, projects, many, name, typed):
    make_user()
    with CaptureQueriesContext(connection) as queries:
        response = sent(admin, **{"project": projects[0].pk, f"{name}-typed": typed})
    assert list(response.context["adminform"].form.errors) == [name]
    assert len(queries) < 40


def test_rows_are_searched_as_their_page_searches_them(admin, projects, monkeypatch):
    page = site.get_model_admin(get_user_model())
    monkeypatch.setattr(page, "search_fields", ("=first_name", "groups__name__iexact"))
    person = make_user(first_name="Ann")
    for name in "AB":
        person.groups.add(Group.objects.create(name=name))
    monkeypatch.setattr(page, "get_search_results", partial(doubled, page))
    add = f"{ADMIN}/taskdock/apikey/add/"
    for typed in ("an", "a " * 3_000):
        response = admin.client.post(add, {"name": "Sync", "user-typed": typed})
        assert "Select a valid choice." in text_of(response)
    admin.client.post(add, {"name": "Sync", "user-typed": "ann"})
    assert APIKey.objects.get().user == person


def doubled(page, request, rows, text):
    """A search that says that it may find a row twice, and does."""
    found, _ = ModelAdmin.get_search_results(page, request, rows, text)
    return found.filter(groups__isnull=False), True


def test_who_may_not_see_the_pages_of_projects_finds_none_by_name(make_staff, projects):
    staff = make_staff("add_task")
    assert "Web shop" not in sent(staff, **{"project-typed": "we"}).content.decode()
    assert sent(staff, **{"project-typed": str(projects[0].pk)}).status_code == 302


@pytest.mark.parametrize(
    ("action", "name", "typed"),
    [("assign", "assigned", "ann, {bob}"), ("set_milestone", "milestone", "second")],
)
def test_what_is_typed_passes_the_preview_of_many(admin, many, action, name, typed):
    task, ann, bob = make_task(), make_user(first_name="Ann"), make_user(first_name="Bob")
    second = make_milestone(task.project, "Second")
    wanted = {"assigned": [str(ann.pk), str(bob.pk)], "milestone": [str(second.pk)]}[name]

    def posted(**data):
        data |= {"action": action, "_selected_action": task.pk}
        return admin.client.post(f"{ADMIN}/taskdock/task/", data).content.decode()

    preview = posted(preview="1", **{f"{name}-typed": typed.format(bob=bob.pk)})
    assert re.findall(rf'name="{name}" value="(\d+)"', preview) == wanted
    form = posted(back="1", **{name: wanted})
    assert all(f'value="{pk}" selected' in form for pk in wanted)
    posted(post="yes", **{name: wanted})
    task.refresh_from_db()
    if name == "milestone":
        assert task.milestone == second
    else:
        assert set(task.assignees.values_list("user", flat=True)) == {ann.pk, bob.pk}


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
