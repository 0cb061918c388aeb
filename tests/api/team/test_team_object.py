"""``GET /team/{id}``: of whatever user model, every documented key."""

import uuid

import pytest

from tasks.api.team import member_representation
from tasks.people import has_field, ids_are_integers, user_model, users, wire_id
from tasks.testing import make_user
from tests.api.answers import expect
from tests.api.path_ids import UNKNOWN
from tests.api.team.world import shown
from tests.moments import utc

MESSAGE = "Team member retrieved successfully."
NOT_FOUND = {"message": "Team member not found."}
JOINED = utc(2026, 5, 28, 9, 30, 0, 7)

needs_names = pytest.mark.usefixtures("names_are_stored")


@pytest.fixture
def names_are_stored():
    if not (has_field("first_name") and has_field("date_joined")):
        pytest.skip("the user model stores no names")


@needs_names
def test_member_is_the_documented_object(api):
    user = make_user(first_name="Zoë", last_name="Lee", email="zoe@example.com", date_joined=JOINED)
    data = {
        "id": wire_id(user.pk),
        "first_name": "Zoë",
        "last_name": "Lee",
        "name": "Zoë Lee",
        "email": "zoe@example.com",
        "phone": None,
        "job_position": None,
        "role": {"id": 3, "name": "Staff"},
        "status": "active",
        "dashboard_access": "yes",
        "social": {
            "facebook": None,
            "twitter": None,
            "linkedin": None,
            "github": None,
            "dribbble": None,
        },
        "dates": {"created": "2026-05-28T09:30:00.000007Z", "updated": None},
    }
    expect(api.get(f"/team/{wire_id(user.pk)}"), 200, {"data": data, "message": MESSAGE})


def test_member_of_any_model_shows_what_the_model_has(api):
    for flags in ({}, {"is_superuser": True}, {"is_active": False}):
        user = make_user(first_name="", last_name="", **flags)
        for slash in ("", "/"):
            r = api.get(f"/team/{wire_id(user.pk)}{slash}")
            expect(r, 200, {"data": shown(user), "message": MESSAGE})


@needs_names
@pytest.mark.parametrize(
    ("first", "last", "name"),
    [("", "", "sam"), (None, None, "sam"), ("Sam", None, "Sam"), (" Sam ", "", "Sam")],
)
def test_names_are_shown_as_they_are_stored(first, last, name):
    user = user_model()(pk=7, first_name=first, last_name=last, email=None, date_joined=None)
    setattr(user, user.USERNAME_FIELD, "sam")
    data = member_representation(user)
    assert (data["first_name"], data["last_name"], data["name"]) == (first, last, name)
    assert (data["email"], data["dates"]["created"]) == (None, None)


def test_changed_flags_show_at_once(api):
    user = make_user()
    path = f"/team/{wire_id(user.pk)}"

    def said():
        data = api.get(path).json()["data"]
        return data["status"], data["role"], data["dashboard_access"]

    assert said() == ("active", {"id": 3, "name": "Staff"}, "yes")
    users().filter(pk=user.pk).update(is_active=False, is_superuser=True)
    assert said() == ("suspended", {"id": 1, "name": "Administrator"}, "yes")


def test_user_who_is_not_on_the_team_is_not_found(api):
    for flags in ({}, {"is_superuser": True}, {"is_active": False}):
        user = make_user(is_staff=False, **flags)
        expect(api.get(f"/team/{wire_id(user.pk)}"), 404, NOT_FOUND)


def test_path_that_names_nobody_is_not_found(api):
    texts = [*UNKNOWN.values(), str(uuid.uuid4()), "0" * 36, f"{uuid.uuid4()}".replace("-", "")]
    for text in texts:
        r = api.request("GET", f"/team/{text.format(id=wire_id(api.key.user.pk))}")
        expect(r, 404, NOT_FOUND)


def test_path_takes_the_form_of_the_sites_ids(api):
    pk = wire_id(api.key.user.pk)
    same = f"000{pk}" if ids_are_integers() else str(pk).upper()
    assert api.get(f"/team/{same}").json()["data"]["id"] == pk
