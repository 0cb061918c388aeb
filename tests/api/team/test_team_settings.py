"""Whom a site calls its team, and what of it the site lets whom see."""

import pytest
from django.test import override_settings

from tasks.people import team_members, user_model, users, wire_id
from tasks.testing import make_user
from tests.api.answers import expect
from tests.api.narrowing import NARROWED
from tests.api.team.world import answer, shown

NOT_FOUND = {"message": "Team member not found."}
MESSAGE = "Team member retrieved successfully."


def outsiders_twice():
    """The kind of queryset that a site may have: joined, distinct, ordered, of another manager."""
    found = users().filter(is_staff=False)
    return (found | found.filter(groups__name="x")).distinct().order_by("-last_login")


def test_setting_says_who_is_listed(make_api):
    member = make_user(is_superuser=True, is_staff=False)
    api = make_api(user=make_user())
    with override_settings(TASKDOCK={"TEAM_MEMBERS": outsiders_twice}):
        for parameters in ({}, {"search": member.get_username()}, {"role_id": "1"}):
            expect(api.get("/team", **parameters), 200, answer([member]))
        found = {"data": shown(member), "message": MESSAGE}
        expect(api.get(f"/team/{wire_id(member.pk)}"), 200, found)
        expect(api.get(f"/team/{wire_id(api.key.user.pk)}"), 404, NOT_FOUND)


def test_suspended_member_is_listed_and_may_not_be_assigned(api):
    suspended = make_user(is_active=False)
    assert wire_id(suspended.pk) in [row["id"] for row in api.get("/team").json()["data"]]
    assert suspended not in team_members()


def oneself(queryset, actor):
    return queryset.filter(pk=actor.user.pk) if queryset.model is user_model() else queryset


def test_endpoints_show_each_of_two_only_whom_they_may_see(make_api):
    one, other = make_api(user=make_user()), make_api(user=make_user())
    with override_settings(TASKDOCK={"VISIBLE_TO": oneself}):
        for api, stranger in [(one, other), (other, one), (one, other)]:
            mine, theirs = api.key.user, stranger.key.user
            expect(api.get("/team"), 200, answer([mine]))
            expect(api.get("/team", search=theirs.get_username()), 200, answer([]))
            found = {"data": shown(mine), "message": MESSAGE}
            expect(api.get(f"/team/{wire_id(mine.pk)}"), 200, found)
            expect(api.get(f"/team/{wire_id(theirs.pk)}"), 404, NOT_FOUND)


def test_narrowing_is_asked_about_users_for_the_actor_of_the_request(api):
    seen = []

    def spy(queryset, actor):
        seen.append((queryset.model, actor.user.pk, actor.door.value))
        return queryset

    with override_settings(TASKDOCK={"VISIBLE_TO": spy}):
        assert api.get("/team").status_code == 200
    assert set(seen) == {(user_model(), api.key.user.pk, "api")}


def test_narrowing_shows_nobody_who_is_not_on_the_team(api):
    outsider = make_user(is_staff=False)
    with override_settings(TASKDOCK={"VISIBLE_TO": lambda queryset, _: queryset}):
        expect(api.get(f"/team/{wire_id(outsider.pk)}"), 404, NOT_FOUND)


@pytest.mark.parametrize("path", ["/team", "/clients", "/statuses", "/priorities"])
def test_narrowing_of_tasks_alone_leaves_the_rest(api, path):
    with override_settings(TASKDOCK=NARROWED):
        narrowed = api.get(path).json()
    assert narrowed == api.get(path).json()
