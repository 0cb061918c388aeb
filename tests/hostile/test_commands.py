"""The commands that ship, on people with UUIDs and without names."""

from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tasks.models import APIKey, Task
from tasks.people import user_key, users
from tasks.services.administrators import username_field
from tasks.testing import make_user
from tests.conftest import API
from tests.hostile.apps.todo.models import Task as HostTask


def output_of(*command, **options):
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_demo_makes_people_of_the_hosts_kind(db, api):
    theirs = HostTask.objects.create(title="Milch kaufen")

    printed = output_of("taskdock_demo", tasks=150)

    assert "150 tasks" in printed
    assert Task.objects.count() == 150
    assert list(HostTask.objects.all()) == [theirs]
    task = api.get("/tasks/120").json()["data"]
    assert task["title"] == "Design homepage"
    (person,) = task["assigned"]
    assert users().get(pk=user_key().to_python(person["id"])).get_username() == person["name"]


def test_demo_without_an_administrator_makes_one_who_can_sign_in(db, client):
    printed = output_of("taskdock_demo", tasks=1)
    (line,) = (line for line in printed.splitlines() if line.startswith("Administrator: "))
    login, password = line.removeprefix("Administrator: ").split("  Password: ")
    assert client.login(**{username_field(): login}, password=password)
    assert client.get(f"{settings.TESTS_ADMIN_PREFIX}/").status_code == 200


def test_demo_finds_no_administrator_missing_where_the_host_has_one(db):
    make_user(is_superuser=True)
    assert "Password" not in output_of("taskdock_demo", tasks=1)


def test_key_for_an_e_mail_address_prints_a_key_of_that_person(db):
    person = make_user()
    token = output_of("taskdock_key", "Robot", user=person.get_username())
    assert token == token.strip() + "\n"
    assert API(token.strip()).get("/tasks").status_code == 200
    assert APIKey.objects.get().user_id == person.pk


def test_key_without_a_user_is_the_first_active_superusers(db):
    make_user()
    make_user(is_superuser=True, is_active=False)
    administrator = make_user(is_superuser=True)
    output_of("taskdock_key", "Robot")
    assert APIKey.objects.get().user_id == administrator.pk


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "There is no active superuser"),
        ({"user": "nobody@example.com"}, r"There is no user with the \w+ 'nobody@example.com'"),
    ],
)
def test_key_for_nobody_is_a_clear_error(db, options, message):
    with pytest.raises(CommandError, match=message):
        output_of("taskdock_key", "Robot", **options)
    assert not APIKey.objects.exists()
