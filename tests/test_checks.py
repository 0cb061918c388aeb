"""What ``manage.py check`` says of the settings and of the apps."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.files.storage import storages

from tasks.checks import check_settings, check_users
from tasks.models import Project, Task
from tasks.people import user_model, users

FUNCTION = "TASKDOCK['VISIBLE_TO'] "
UNKNOWN = (
    "TASKDOCK has an unknown key 'MAX_FILE'. Known: FILE_EXTENSIONS, MAX_FILES, MAX_FILE_SIZE, "
    "PAGE_SIZE, PERSON_NAME, STORAGE, TEAM_MEMBERS, VISIBLE_TO."
)
LIST = (
    "TASKDOCK['FILE_EXTENSIONS'] must be None or a list of file name extensions, such as "
    '["pdf", "png"].'
)
STORAGES = "TASKDOCK['STORAGE'] must be one of the keys of STORAGES: default, staticfiles."
DOT = 'an extension is written without its dot, such as "pdf".'


def problems(settings, value):
    settings.TASKDOCK = value
    return [(error.id, error.msg) for error in check_settings()]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"TEAM_MEMBERS": None, "VISIBLE_TO": None, "PERSON_NAME": None},
        {"PAGE_SIZE": 1},
        {"PAGE_SIZE": 100},
        {"STORAGE": "default", "MAX_FILE_SIZE": 1, "MAX_FILES": 1},
        {"FILE_EXTENSIONS": None},
        {"FILE_EXTENSIONS": []},
        {"FILE_EXTENSIONS": ("pdf", "tar.gz", "7z", "C++")},
        {"FILE_EXTENSIONS": {"PDF"}},
    ],
)
def test_check_of_good_settings_is_content(settings, value):
    assert problems(settings, value) == []


@pytest.mark.parametrize(
    ("value", "id_", "message"),
    [
        ([], "E001", "TASKDOCK must be a dict."),
        (
            {"MAX_FILE": 1},
            "E002",
            UNKNOWN,
        ),
        (
            {"VISIBLE_TO": "tasks.nowhere.all"},
            "E003",
            FUNCTION + "can't be imported: No module named 'tasks.nowhere'",
        ),
        ({"VISIBLE_TO": 7}, "E003", FUNCTION + "is no function."),
        *[
            (
                {"PAGE_SIZE": value},
                "E003",
                "TASKDOCK['PAGE_SIZE'] must be an integer from 1 to 100.",
            )
            for value in (0, -1, 101, 25.0, "25", True, None)
        ],
        ({"STORAGE": "bucket"}, "E003", STORAGES),
        ({"STORAGE": None}, "E003", STORAGES),
        ({"STORAGE": []}, "E003", STORAGES),
        ({"MAX_FILE_SIZE": 0}, "E003", "TASKDOCK['MAX_FILE_SIZE'] must be a positive integer."),
        ({"MAX_FILE_SIZE": None}, "E003", "TASKDOCK['MAX_FILE_SIZE'] must be a positive integer."),
        ({"MAX_FILE_SIZE": "25"}, "E003", "TASKDOCK['MAX_FILE_SIZE'] must be a positive integer."),
        ({"MAX_FILES": True}, "E003", "TASKDOCK['MAX_FILES'] must be a positive integer."),
        ({"MAX_FILES": 1.5}, "E003", "TASKDOCK['MAX_FILES'] must be a positive integer."),
        (
            {"FILE_EXTENSIONS": "pdf"},
            "E003",
            LIST,
        ),
        (
            {"FILE_EXTENSIONS": ["png", ".pdf"]},
            "E003",
            f"TASKDOCK['FILE_EXTENSIONS'] holds '.pdf': {DOT}",
        ),
        ({"FILE_EXTENSIONS": [""]}, "E003", f"TASKDOCK['FILE_EXTENSIONS'] holds '': {DOT}"),
        ({"FILE_EXTENSIONS": [1]}, "E003", f"TASKDOCK['FILE_EXTENSIONS'] holds 1: {DOT}"),
        ({"FILE_EXTENSIONS": ["{x}"]}, "E003", f"TASKDOCK['FILE_EXTENSIONS'] holds '{{x}}': {DOT}"),
    ],
)
def test_check_of_a_mistake_names_it(settings, value, id_, message):
    assert problems(settings, value) == [(f"taskdock.{id_}", message)]


def test_check_of_several_mistakes_names_them_all(settings):
    value = {"MAX_FILES": 0, "COLOUR": "red", "STORAGE": "bucket"}
    ids = [id_ for id_, _ in problems(settings, value)]
    assert ids == ["taskdock.E002", "taskdock.E003", "taskdock.E003"]


def test_check_of_a_storage_that_cannot_be_made_says_why(settings):
    settings.STORAGES = {**settings.STORAGES, "bucket": {"BACKEND": "nowhere.Storage"}}
    try:
        ((id_, message),) = problems(settings, {"STORAGE": "bucket"})
    finally:
        storages._storages.pop("bucket", None)
    assert id_ == "taskdock.E003"
    assert message.startswith("TASKDOCK['STORAGE'] can't be used: ")


def with_an_option(active=True):
    return users().filter(is_active=active)


def no_name(user):
    return None


def of_a_request(request):
    return users()


def of_an_actor_alone(actor):
    return Task.objects.all()


def nothing_at_all(queryset, actor):
    return None


def always_tasks(queryset, actor):
    return Task.objects.all()


def people_for_tasks(queryset, actor):
    return users() if queryset.model is Task else queryset


def a_number(user):
    return 7


def asks_at_once():
    return users().filter(pk__in=[user.pk for user in users()])


def fails_for_nobody(queryset, actor):
    return queryset.filter(pk=actor.key.pk)


def fields_that_are_there(queryset, actor):
    if queryset.model is Task:
        return queryset.filter(assignees__user=actor.user).distinct()
    return queryset.none() if queryset.model is Project else queryset


def groups_of_the_actor(queryset, actor):
    return queryset.filter(title__in=actor.user.groups.values("name"))


@pytest.mark.parametrize(
    "value",
    [
        {"TEAM_MEMBERS": users},
        {"TEAM_MEMBERS": with_an_option},
        {"TEAM_MEMBERS": "tasks.people.team_members"},
        {"TEAM_MEMBERS": asks_at_once},
        {"VISIBLE_TO": lambda *arguments: arguments[0]},
        {"VISIBLE_TO": fails_for_nobody},
        {"VISIBLE_TO": fields_that_are_there},
        {"PERSON_NAME": lambda user: user.get_username()},
        {"PERSON_NAME": no_name},
        {"PERSON_NAME": lambda user: user.nickname},
        {"PERSON_NAME": str},
    ],
)
def test_check_of_good_functions_is_content_without_a_query(settings, value):
    # Without a database: a query would fail the test.
    assert problems(settings, value) == []


USER = "TASKDOCK['TEAM_MEMBERS'] "
NAME = "TASKDOCK['PERSON_NAME'] "


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            {"TEAM_MEMBERS": of_a_request},
            f"{USER}must be a function that can be called with ().",
        ),
        (
            {"TEAM_MEMBERS": list},
            f"{USER}must return a queryset of {{user}}, not list.",
        ),
        (
            {"TEAM_MEMBERS": Group.objects.all},
            f"{USER}must return a queryset of {{user}}, not of auth.Group.",
        ),
        (
            {"TEAM_MEMBERS": lambda: users()[:5]},
            f"{USER}must return a queryset of {{user}} that can be filtered further.",
        ),
        (
            {"TEAM_MEMBERS": lambda: users().order_by("pk").union(users())},
            f"{USER}must return a queryset of {{user}} that can be filtered further.",
        ),
        (
            {"VISIBLE_TO": of_an_actor_alone},
            f"{FUNCTION}must be a function that can be called with (queryset, actor).",
        ),
        (
            {"VISIBLE_TO": "tasks.people.team_members"},
            f"{FUNCTION}must be a function that can be called with (queryset, actor).",
        ),
        (
            {"VISIBLE_TO": nothing_at_all},
            f"{FUNCTION}must return a queryset of taskdock.Client, not NoneType.",
        ),
        (
            {"VISIBLE_TO": always_tasks},
            f"{FUNCTION}must return a queryset of taskdock.Client, not of taskdock.Task.",
        ),
        (
            {"VISIBLE_TO": people_for_tasks},
            f"{FUNCTION}must return a queryset of taskdock.Task, not of {{user}}.",
        ),
        (
            {"PERSON_NAME": lambda: "Sam"},
            f"{NAME}must be a function that can be called with (user).",
        ),
        ({"PERSON_NAME": a_number}, f"{NAME}must return a string, not int."),
    ],
)
def test_check_of_a_function_that_is_wrong_says_how(settings, value, message):
    expected = message.format(user=user_model()._meta.label)
    assert problems(settings, value) == [("taskdock.E003", expected)]


def test_check_of_a_field_that_is_not_there_names_it(settings):
    ((id_, message),) = problems(settings, {"VISIBLE_TO": groups_of_the_actor})
    assert id_ == "taskdock.E003"
    assert message.startswith(
        f"{FUNCTION}fails for taskdock.Client: Cannot resolve keyword 'title'"
    )


class UsersElsewhere:
    """A router of a site whose users are in a database of their own."""

    def db_for_write(self, model, **hints):
        return "people" if model is user_model() else None

    db_for_read = db_for_write


def test_check_of_users_in_another_database_says_so(settings):
    settings.DATABASE_ROUTERS = [f"{__name__}.UsersElsewhere"]
    (error,) = check_users()
    assert error.id == "taskdock.E004"
    assert error.msg.startswith(
        "Users are in the database 'people', Taskdock's tables in 'default'"
    )
    settings.DATABASE_ROUTERS = []
    assert check_users() == []


CLASH = """
import sys
import django
from django.conf import settings
from django.core.checks import run_checks

settings.configure(
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", *sys.argv[1:]],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    USE_TZ=True,
    ROOT_URLCONF="tasks.urls",
)
django.setup()
print([f"{found.id}: {found.msg}" for found in run_checks()])
"""


def clash(tmp_path, package, *installed):
    """What a site prints that has a package of its own by this name, before ours on the path."""
    (tmp_path / package).mkdir()
    (tmp_path / package / "__init__.py").touch()
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-c", CLASH, *installed],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("package", ["comments", "timers"])
def test_check_of_a_package_of_the_sites_by_our_name_says_so(tmp_path, package):
    said = clash(tmp_path, package, "tasks", package)
    assert f"taskdock.W002: The app '{package}' in INSTALLED_APPS is the package at" in said
    assert str(tmp_path / package) in said


@pytest.mark.parametrize("app", ["comments", "timers"])
def test_package_of_the_sites_in_the_place_of_tasks_says_so(tmp_path, app):
    said = clash(tmp_path, "tasks", "tasks", app)
    assert f"ImproperlyConfigured: The app '{app}' is Taskdock's, but the package 'tasks'" in said
