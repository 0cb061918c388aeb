"""What the API calls a person: the full name, or the username where there is none."""

import pytest

from tasks.people import has_field, person_name, user_model, users, wire_id
from tasks.testing import make_user

NAMES = {
    "both": ("Sam", "Lee", "Sam Lee"),
    "first": ("Sam", "", "Sam"),
    "last": ("", "Lee", "Lee"),
    "space around": (" Sam ", " Lee ", None),
    "beyond ascii": ("Zoë", "Łuk 😀", "Zoë Łuk 😀"),
    "none": ("", "", ""),
    "space alone": (" ", "  ", ""),
}

needs_names = pytest.mark.usefixtures("names_are_stored")


@pytest.fixture
def names_are_stored():
    if not (has_field("first_name") and has_field("last_name")):
        pytest.skip("the user model stores no names")


@needs_names
@pytest.mark.parametrize(("first", "last", "expected"), NAMES.values(), ids=NAMES)
def test_assignee_is_shown_by_full_name_or_username(api, world, first, last, expected):
    user = make_user(first_name=first, last_name=last)
    path = f"/tasks/{world.task.pk}/assigned"
    (person,) = api.put(path, {"assigned": [wire_id(user.pk)]}).json()["data"]["assigned"]
    if expected is None:
        assert person["name"] == person["name"].strip()
        assert person["name"].split() == [first.strip(), last.strip()]
    else:
        assert person == {"id": wire_id(user.pk), "name": expected or user.get_username()}


def test_assignee_without_names_is_shown_by_username(api, world):
    user = make_user()
    path = f"/tasks/{world.task.pk}/assigned"
    (person,) = api.put(path, {"assigned": [wire_id(user.pk)]}).json()["data"]["assigned"]
    assert person == {"id": wire_id(user.pk), "name": user.get_username()}


@needs_names
@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [(None, None, ""), ("Sam", None, "Sam"), (None, "Lee", "Lee"), ("", None, "")],
)
def test_name_that_is_none_is_left_out(first, last, expected):
    # A model whose names may be null; Django's own joins them to "None None".
    user = user_model()(first_name=first, last_name=last)
    setattr(user, user.USERNAME_FIELD, "sam")
    assert person_name(user) == (expected or "sam")


@needs_names
def test_changed_name_shows_at_once(api, world):
    path = f"/tasks/{world.task.pk}"
    before = api.get(path).json()["data"]["dates"]
    users().filter(pk=world.person.pk).update(first_name="Samantha")
    data = api.get(path).json()["data"]
    assert data["assigned"][0]["name"].startswith("Samantha")
    assert data["dates"] == before
