"""Keys: made and shown once, for oneself or (by a superuser) for others, changed and revoked."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.core import serializers
from django.utils import timezone
from django.utils.html import strip_tags

from tasks.models import APIKey, HistoryEntry
from tasks.testing import make_api_key, make_user
from tests.conftest import ADMIN, API


def _token(response):
    tokens = set(re.findall(r"tdk_[\w-]{43}", response.content.decode()))
    assert len(tokens) == 1
    return tokens.pop()


def _call(client, token, method="get"):
    headers = {"Authorization": f"Bearer {token}"}
    return getattr(client, method)(f"{API.prefix}/tasks", headers=headers).status_code


def test_new_key_is_shown_once_and_works(admin, client):
    response = admin.open("taskdock/apikey/add/").submit(name="Sync")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    token = _token(response)
    key = APIKey.objects.get()
    assert (key.name, key.user, key.is_read_only, key.expires_at) == (
        "Sync",
        admin.user,
        False,
        None,
    )
    assert _call(client, token) == 200


def test_new_key_is_nowhere_but_on_its_page(admin):
    response = admin.open("taskdock/apikey/add/").submit(name="Sync")
    token = _token(response)
    for model in apps.get_models():
        assert token not in serializers.serialize("json", model._base_manager.all()), model
    assert token not in str(admin.client.cookies)
    assert all(token not in str(row.get_decoded()) for row in Session.objects.all())
    key = APIKey.objects.get()
    for page in ("", f"{key.pk}/change/", f"{key.pk}/history/", "add/"):
        html = admin.get(f"taskdock/apikey/{page}").content.decode()
        assert token not in html
    assert token not in admin.get("").content.decode()
    assert LogEntry.objects.get().object_repr == "Sync"
    assert HistoryEntry.objects.get().changes == {}


@pytest.mark.parametrize("button", ["_continue", "_addanother"])
def test_new_key_is_shown_whichever_button_saves(admin, button):
    assert _token(admin.open("taskdock/apikey/add/").submit(button, name="Sync"))


def test_superuser_makes_a_read_only_expiring_key_for_somebody_else(admin, client):
    person = make_user()
    response = admin.open("taskdock/apikey/add/").submit(
        name="Theirs",
        user=person.pk,
        is_read_only="on",
        expires_at_0="2999-01-01",
        expires_at_1="12:00:00",
    )
    token = _token(response)
    key = APIKey.objects.get()
    assert (key.user, key.is_read_only) == (person, True)
    assert key.expires_at == dt.datetime(2999, 1, 1, 12, tzinfo=dt.UTC)
    assert (_call(client, token), _call(client, token, "post")) == (200, 403)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 101}, "name"),
        ({"user": 999999}, "user"),
        ({"user": ""}, "user"),
        ({"expires_at_0": "2020-01-01", "expires_at_1": "00:00:00"}, "expires_at"),
        ({"expires_at_0": "2020-01-01"}, "expires_at"),
    ],
)
def test_key_that_breaks_a_rule_is_refused_at_the_field(admin, form_errors, changes, field):
    response = admin.open("taskdock/apikey/add/").submit(**{"name": "Sync", **changes})
    assert list(form_errors(response)) == [field]
    assert not APIKey.objects.exists()


def test_key_for_an_inactive_user_is_refused(admin, form_errors):
    gone = make_user(is_active=False)
    response = admin.open("taskdock/apikey/add/").submit(name="Sync", user=gone.pk)
    assert list(form_errors(response)) == ["user"]


def test_staff_make_keys_for_themselves_only(make_staff, form_errors):
    staff, other = make_staff("add_apikey"), make_user()
    page = staff.open("taskdock/apikey/add/")
    assert page.values["user"] == [str(staff.user.pk)]
    assert list(form_errors(page.submit(name="Theirs", user=other.pk))) == ["user"]
    assert not APIKey.objects.exists()
    _token(page.submit(name="Mine"))
    assert APIKey.objects.get().user == staff.user


@pytest.mark.parametrize("codename", ["view_apikey", "change_apikey"])
def test_staff_without_add_permission_make_no_keys(make_staff, codename):
    staff = make_staff(codename)
    assert staff.get("taskdock/apikey/add/").status_code == 403
    data = {"name": "Mine", "user": staff.user.pk}
    assert staff.client.post(f"{ADMIN}/taskdock/apikey/add/", data).status_code == 403
    assert not APIKey.objects.exists()


def test_change_of_a_key_takes_effect_and_keeps_the_rest(admin, client):
    key, token = make_api_key(user=make_user())
    form = admin.open(f"taskdock/apikey/{key.pk}/change/")
    form.submit(name="Renamed", is_read_only="on", user=admin.user.pk)
    changed = APIKey.objects.get()
    assert (changed.name, changed.is_read_only) == ("Renamed", True)
    assert (changed.user_id, changed.digest) == (key.user_id, key.digest)
    assert (_call(client, token), _call(client, token, "post")) == (200, 403)


def test_expired_key_can_be_renamed_without_a_new_expiry(admin):
    key, _ = make_api_key(expires_at=timezone.now() - dt.timedelta(days=1))
    form = admin.open(f"taskdock/apikey/{key.pk}/change/")
    assert form.submit(name="Old one").status_code == 302
    assert APIKey.objects.get().expires_at == key.expires_at


def test_revoked_by_the_button_a_key_is_locked_out(admin, client, messages_of):
    key, token = make_api_key()
    page = admin.get(f"taskdock/apikey/{key.pk}/change/").content.decode()
    assert f"{ADMIN}/taskdock/apikey/{key.pk}/revoke/" in page
    question = admin.open(f"taskdock/apikey/{key.pk}/revoke/")
    assert _call(client, token) == 200
    response = admin.client.get(question.submit()["Location"])
    assert messages_of(response) == ["The API key “tests” is revoked."]
    assert _call(client, token) == 401
    assert HistoryEntry.objects.values_list("verb", "door").first() == ("revoked", "admin")
    page = admin.get(f"taskdock/apikey/{key.pk}/change/").content.decode()
    assert "/revoke/" not in page


def test_revoked_by_the_action_keys_are_locked_out(admin, client):
    tokens = dict(make_api_key(name=name) for name in "ab")
    kept = make_api_key(name="kept")[1]
    response = admin.action("taskdock/apikey/", "revoke", tokens)
    assert "never works again" in response.content.decode()
    assert not APIKey.objects.exclude(revoked_at=None).exists()
    admin.action("taskdock/apikey/", "revoke", tokens, confirmed="yes")
    assert [_call(client, token) for token in tokens.values()] == [401, 401]
    assert _call(client, kept) == 200


def test_keys_are_never_deleted(admin):
    key, _ = make_api_key()
    path = f"{ADMIN}/taskdock/apikey/{key.pk}/delete/"
    assert admin.client.post(path, {"post": "yes"}).status_code == 403
    admin.action("taskdock/apikey/", "delete_selected", [key], post="yes")
    assert APIKey.objects.exists()


def test_list_tells_the_states_apart(admin):
    past, future = (timezone.now() + dt.timedelta(days=days) for days in (-1, 1))
    make_api_key(name="active", expires_at=future)
    make_api_key(name="expired", expires_at=past)
    revoked, _ = make_api_key(name="revoked", expires_at=past)
    admin.open(f"taskdock/apikey/{revoked.pk}/revoke/").submit()
    make_api_key(name="left", user=make_user(is_active=False))
    listed = admin.get("taskdock/apikey/").context["cl"]
    states = {key.name: strip_tags(listed.model_admin.state(key)) for key in listed.result_list}
    assert states == {
        "active": "Active",
        "expired": "Expired",
        "revoked": "Revoked",
        "left": "Without an active user",
    }
    for state, names in {
        "active": ["active", "left"],
        "expired": ["expired"],
        "revoked": ["revoked"],
    }.items():
        listed = admin.get("taskdock/apikey/", state=state).context["cl"].result_list
        assert [key.name for key in listed] == names


def test_staff_change_their_own_keys_and_only_revoke_others(make_staff, messages_of):
    staff = make_staff("view_apikey", "change_apikey")
    own, _ = make_api_key(user=staff.user, name="own")
    other, _ = make_api_key(name="other", is_read_only=True)
    staff.open(f"taskdock/apikey/{own.pk}/change/").submit(name="mine")
    refused = staff.client.post(
        f"{ADMIN}/taskdock/apikey/{other.pk}/change/", {"name": "other", "_save": "1"}
    )
    revoked = staff.client.post(f"{ADMIN}/taskdock/apikey/{other.pk}/revoke/")
    own.refresh_from_db()
    other.refresh_from_db()
    assert own.name == "mine"
    assert (refused.status_code, other.is_read_only) == (403, True)
    assert (revoked.status_code, other.revoked_at is None) == (302, False)


def test_list_is_narrowed_to_a_persons_keys(admin):
    other, idle = make_user(first_name="Sam"), make_user(first_name="Idle")
    make_api_key(name="mine", user=admin.user)
    make_api_key(name="theirs", user=other)
    for person, names in {
        "me": ["mine"],
        str(other.pk): ["theirs"],
        str(idle.pk): [],
        "no\x00body": [],
    }.items():
        listed = admin.get("taskdock/apikey/", person=person).context["cl"].result_list
        assert [key.name for key in listed] == names
    html = admin.get("taskdock/apikey/").content.decode()
    assert f"person={other.pk}" in html
    assert f"person={idle.pk}" not in html
