"""A project as it is answered: the whole object, whatever is missing of it."""

import datetime as dt

import pytest

from tasks.models import Project
from tasks.people import users
from tasks.services.projects import set_manager, set_members, set_project_tags
from tasks.testing import make_actor, make_project, make_user
from tests.api.answers import expect
from tests.api.path_ids import UNKNOWN
from tests.api.projects.world import LONG_AGO, NOT_FOUND, age, one, person


def test_retrieve_is_the_documented_object(api, site):
    age(site.project)
    pk = site.project.pk
    data = {
        "id": pk,
        "title": "Website Redesign",
        "description": "First draft.\n",
        "reference": None,
        "status": "in_progress",
        "active_state": "active",
        "progress": 33,
        "progress_manually": "no",
        "client": {"id": site.acme.pk, "name": "Acme Inc"},
        "category": None,
        "dates": {
            "start": "2026-06-01",
            "due": "2026-08-30",
            "created": "2026-01-01T09:30:00.000000Z",
            "updated": "2026-01-01T09:30:00.000000Z",
        },
        "billing": {
            "type": "hourly",
            "rate": "0.00",
            "estimated_hours": 0,
            "costs_estimate": "0.00",
        },
        "permissions": {
            "clientperm_tasks_view": "no",
            "clientperm_tasks_collaborate": "no",
            "clientperm_tasks_create": "no",
            "clientperm_timesheets_view": "no",
            "clientperm_expenses_view": "no",
            "assignedperm_tasks_collaborate": "yes",
        },
        "assigned": [person(site.person)],
        "managers": [person(site.manager)],
        "tags": ["Web", "q3"],
    }
    expected = {"data": data, "message": "Project retrieved successfully."}
    for path in (f"/projects/{pk}", f"/projects/{pk}/", f"/projects/000{pk}"):
        expect(api.get(path), 200, expected)


def test_retrieve_of_a_project_that_has_nothing_says_so(api, db):
    project = make_project("Bare", client=None)
    expect(api.get(f"/projects/{project.pk}"), 200, one(project))
    data = api.get(f"/projects/{project.pk}").json()["data"]
    assert (data["client"], data["description"], data["progress"]) == (None, None, 0)
    assert (data["status"], data["active_state"]) == ("not_started", "active")
    assert (data["assigned"], data["managers"], data["tags"]) == ([], [], [])
    assert (data["dates"]["start"], data["dates"]["due"]) == (None, None)
    assert data["dates"]["created"] == data["dates"]["updated"]


@pytest.mark.parametrize("status", Project.Status.values)
@pytest.mark.parametrize("is_archived", [False, True])
def test_retrieve_tells_status_and_archive_apart(api, db, status, is_archived):
    project = make_project(status=status, is_archived=is_archived)
    data = api.get(f"/projects/{project.pk}").json()["data"]
    state = "archived" if is_archived else "active"
    assert (data["status"], data["active_state"]) == (status, state)


def test_retrieve_shows_team_by_id_and_tags_by_code_point(api, db):
    project = make_project()
    people = sorted((make_user() for _ in range(5)), key=lambda user: user.pk)
    actor, pk = make_actor(), project.pk
    set_members(actor=actor, project_id=pk, user_ids=[user.pk for user in reversed(people)])
    names = ["😀", "ä", "a", "Z", "10", "9", "é", "~"]
    set_project_tags(actor=actor, project_id=pk, names=names)
    data = api.get(f"/projects/{pk}").json()["data"]
    assert data["assigned"] == [person(user) for user in people]
    assert data["tags"] == ["10", "9", "Z", "a", "~", "ä", "é", "😀"]


def test_retrieve_shows_who_has_left_the_team(api, site):
    for user in (site.person, site.manager):
        users().filter(pk=user.pk).update(is_active=False, is_staff=False)
    data = api.get(f"/projects/{site.project.pk}").json()["data"]
    assert (data["assigned"], data["managers"]) == ([person(site.person)], [person(site.manager)])


def test_retrieve_of_a_project_whose_people_are_gone_shows_the_others(api, site):
    actor, pk = make_actor(), site.project.pk
    ids = [site.person.pk, site.colleague.pk]
    set_members(actor=actor, project_id=pk, user_ids=ids)
    for user in (site.person, site.manager):
        users().get(pk=user.pk).delete()
    expect(api.get(f"/projects/{pk}"), 200, one(pk))
    data = api.get(f"/projects/{pk}").json()["data"]
    assert (data["assigned"], data["managers"]) == ([person(site.colleague)], [])


def test_retrieve_of_a_manager_who_is_a_member_too_shows_both(api, site):
    actor, pk = make_actor(), site.project.pk
    set_manager(actor=actor, project_id=pk, user_id=site.person.pk)
    data = api.get(f"/projects/{pk}").json()["data"]
    assert data["assigned"] == data["managers"] == [person(site.person)]


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_retrieve_writes_any_day_with_four_digits_of_the_year(api, db, day):
    project = make_project(start_date=day)
    data = api.get(f"/projects/{project.pk}").json()["data"]
    assert data["dates"]["start"] == day.isoformat()
    assert len(data["dates"]["start"]) == 10


def test_retrieve_of_an_unknown_project_is_not_found(api, site):
    for text in UNKNOWN.values():
        r = api.get(f"/projects/{text.format(id=site.project.pk)}")
        expect(r, 404, NOT_FOUND)


def test_retrieve_does_not_change_the_dates(api, site):
    age(site.project)
    api.get(f"/projects/{site.project.pk}")
    assert site.reload().updated_at == LONG_AGO
