"""A database that takes no writes, is full or is stopping: reads answer, the rest is a 503."""

from contextlib import contextmanager
from urllib.parse import urlencode

import pytest
from django.db import connection as default
from django.test import Client

from tasks.models import APIKey
from tasks.testing import make_task, make_user
from tests.admin.conftest import Browser
from tests.api.conftest import unchanged_rows
from tests.api.endpoints import WRITES, World
from tests.conftest import ADMIN, API

UNAVAILABLE = {"message": "Service unavailable. Try again."}
READ_ONLY = {
    "postgresql": ("SET default_transaction_read_only = on", "RESET default_transaction_read_only"),
    "mysql": ("SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE"),
    "sqlite": ("PRAGMA query_only = ON", "PRAGMA query_only = OFF"),
}


def execute(statement):
    with default.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def read_only():
    """The database is as a hot standby: it reads, and refuses every write."""
    on, off = READ_ONLY[default.vendor]
    execute(on)
    try:
        yield
    finally:
        execute(off)


def expect_unavailable(response):
    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response.json() == UNAVAILABLE


def expect_page(response):
    assert response.status_code == 503
    assert response["Retry-After"] == "1"
    assert response["Content-Type"].startswith("text/html")
    text = response.content.decode()
    assert "Not available at the moment" in text
    assert "Traceback" not in text


@pytest.fixture
def world(committed_db):
    return World()


GETS = [
    "/tasks",
    "/tasks/{task}",
    "/tasks/{task}/comments",
    "/tasks/{task}/timers",
    "/checklists?resource_type=task&resource_id={task}",
    "/projects",
    "/projects/{project}",
    "/milestones?project_id={project}",
    "/milestones/{milestone}",
    "/timesheets",
    "/clients",
    "/team",
    "/statuses",
    "/priorities",
    "/tasks?search=design",
    "/tasks?page=2&limit=1",
]


@pytest.mark.parametrize("path", GETS)
def test_read_of_a_read_only_database_answers_though_the_key_was_never_used(world, make_api, path):
    api = make_api()
    project = world.task.project
    places = {"task": world.task.pk, "project": project.pk, "milestone": world.task.milestone_id}
    expected = api.get(path.format(**places)).json()
    APIKey.objects.update(last_used_at=None)
    with read_only():
        response = api.get(path.format(**places))
        assert api.client.head(f"{API.prefix}{path.format(**places)}").status_code == 200
    assert (response.status_code, response.json()) == (200, expected)
    assert APIKey.objects.get(pk=api.key.pk).last_used_at is None
    api.get("/tasks")
    assert APIKey.objects.get(pk=api.key.pk).last_used_at is not None


@pytest.mark.parametrize("endpoint", WRITES)
def test_write_to_a_read_only_database_is_unavailable(world, make_api, endpoint):
    api, write = make_api(), world.write(endpoint)
    with unchanged_rows(), read_only():
        expect_unavailable(write.send(api))


def test_error_of_the_caller_comes_before_that_of_the_database(world, make_api):
    api = make_api()
    with read_only():
        assert api.get("/tasks/999999999").status_code == 404
        assert API("nonsense").get("/tasks").status_code == 401


@pytest.fixture
def browser(committed_db):
    return Browser(make_user(is_superuser=True, username="ada"))


ADMIN_PAGES = [
    "",
    "taskdock/task/",
    "taskdock/task/{task}/change/",
    "taskdock/task/board/",
    "taskdock/task/mine/",
    "taskdock/project/",
    "taskdock/project/{project}/change/",
    "taskdock/apikey/",
    "taskdock_timers/timer/week/",
]


@pytest.mark.parametrize("path", ADMIN_PAGES)
def test_page_of_a_read_only_database_is_shown(browser, path):
    task = make_task()
    path = path.format(task=task.pk, project=task.project_id)
    browser.get(path)
    with read_only():
        assert browser.get(path).status_code == 200


#: The address, and what is sent: ``{task}`` and ``{project}`` stand for ids.
ADMIN_WRITES = {
    "form": ("taskdock/task/{task}/change/", {"title": "Other"}),
    "board": ("taskdock/task/board/move/", {"move": "{task}:2"}),
    "quick add": (
        "taskdock/task/board/add/",
        {"title": "New", "project": "{project}", "status": "1"},
    ),
    "action": (
        "taskdock/task/",
        {"action": "archive", "_selected_action": "{task}", "post": "yes"},
    ),
    "deletion": ("taskdock/task/{task}/delete/", {"post": "yes"}),
    "panel": ("taskdock/task/{task}/panels/checklist/add/", {"text": "Buy milk"}),
    "key": ("taskdock/apikey/add/", {"name": "Other", "user": "{user}"}),
    "sign out": ("logout/", {}),
    "person": ("auth/user/add/", {"username": "bob", "usable_password": "false"}),
}


@pytest.mark.parametrize(("path", "data"), ADMIN_WRITES.values(), ids=ADMIN_WRITES)
def test_write_in_the_admin_to_a_read_only_database_is_a_page_with_words(browser, path, data):
    browser.client.raise_request_exception = False
    task = make_task()
    places = {"task": task.pk, "project": task.project_id, "user": browser.user.pk}
    sent = {name: text.format(**places) for name, text in data.items()}
    with unchanged_rows(), read_only():
        expect_page(browser.client.post(f"{ADMIN}/{path.format(**places)}", sent))


def test_sign_in_to_a_read_only_database_is_a_page_with_words(committed_db):
    user = make_user(is_superuser=True, username="ada")
    user.set_password("only for a test")
    user.save()
    client = Client(raise_request_exception=False)
    data = {"username": "ada", "password": "only for a test"}
    with read_only():
        expect_page(client.post(f"{ADMIN}/login/", data))
        assert client.get(f"{ADMIN}/login/").status_code == 200


def test_script_of_the_board_is_told_in_json(browser):
    task = make_task()
    with unchanged_rows(), read_only():
        response = browser.client.post(
            f"{ADMIN}/taskdock/task/board/move/",
            urlencode({"move": f"{task.pk}:2"}),
            content_type="application/x-www-form-urlencoded",
            headers={"Accept": "application/json"},
        )
    assert response.status_code == 503
    assert response.json()["kind"] == "error"
    assert "Try again" in response.json()["said"]


TRIGGER_BROKEN = (
    "CREATE TRIGGER host_broken BEFORE UPDATE ON taskdock_task FOR EACH ROW SIGNAL SQLSTATE '42000'"
    " SET MYSQL_ERRNO = 1064, MESSAGE_TEXT = 'Trigger ''taskdock_count'' has an error in its body:"
    " ''You have an error in your SQL syntax'''"
)


@pytest.mark.skipif(default.vendor != "mysql", reason="an error of MariaDB's")
def test_trigger_that_mariadb_takes_for_broken_is_unavailable_and_the_log_has_the_cure(
    world, make_api, browser, caplog
):
    api, write = make_api(), world.write("update")
    execute(TRIGGER_BROKEN)
    try:
        with unchanged_rows():
            expect_unavailable(write.send(api))
            page = browser.client.post(
                f"{ADMIN}/taskdock/task/",
                {"action": "archive", "_selected_action": world.task.pk, "post": "yes"},
            )
            expect_page(page)
    finally:
        execute("DROP TRIGGER host_broken")
    cures = [line for line in caplog.messages if "FLUSH TABLES" in line]
    assert len(cures) == 2


#: Errors of MariaDB's that pass, by number: raised by a trigger of that number, as the server does.
MARIADB_OUTAGES = [3, 1021, 1030, 1114, 1205, 1290, 1317, 1792, 1836, 1969]


@pytest.mark.skipif(default.vendor != "mysql", reason="numbers of MariaDB's")
@pytest.mark.parametrize("number", [code for code in MARIADB_OUTAGES if code != 1205])
def test_error_of_mariadb_that_passes_is_unavailable(world, make_api, number):
    api, write = make_api(), world.write("update")
    execute(
        "CREATE TRIGGER host_outage BEFORE UPDATE ON taskdock_task FOR EACH ROW SIGNAL SQLSTATE"
        f" 'HY000' SET MYSQL_ERRNO = {number}, MESSAGE_TEXT = 'secret'"
    )
    try:
        with unchanged_rows():
            expect_unavailable(write.send(api))
    finally:
        execute("DROP TRIGGER host_outage")


@pytest.mark.postgresql
def test_statement_that_postgresql_ends_for_its_time_is_unavailable(world, make_api):
    api, write = make_api(), world.write("update")
    execute(
        "CREATE FUNCTION host_slow() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$"
    )
    execute(
        "CREATE TRIGGER host_slow BEFORE UPDATE ON taskdock_task FOR EACH ROW"
        " EXECUTE FUNCTION host_slow()"
    )
    execute("SET statement_timeout = 200")
    try:
        with unchanged_rows():
            expect_unavailable(write.send(api))
    finally:
        execute("RESET statement_timeout")
        execute("DROP FUNCTION host_slow() CASCADE")


@pytest.mark.postgresql
def test_connection_that_an_administrator_ends_is_unavailable_and_the_next_request_answers(
    world, make_api
):
    api, write = make_api(), world.write("update")
    execute(
        "CREATE FUNCTION host_end() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
    )
    execute(
        "CREATE TRIGGER host_end BEFORE UPDATE ON taskdock_task FOR EACH ROW"
        " EXECUTE FUNCTION host_end()"
    )
    try:
        expect_unavailable(write.send(api))
    finally:
        default.close()
        execute("DROP FUNCTION host_end() CASCADE")
    assert write.send(api).status_code == write.status


@pytest.mark.skipif(default.vendor != "sqlite", reason="a limit of SQLite's")
def test_sqlite_file_that_is_full_is_unavailable(world, make_api, browser):
    api = make_api()
    text = "x" * 100_000
    with default.cursor() as cursor:
        # Pages that other tests have freed would be used again.
        cursor.execute("PRAGMA freelist_count")
        (free,) = cursor.fetchone()
        cursor.execute("PRAGMA page_size")
        (size,) = cursor.fetchone()
        cursor.execute("CREATE TABLE filler (content BLOB)")
        cursor.execute("INSERT INTO filler VALUES (zeroblob(%s))", [free * size])
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 5}")
        cursor.fetchone()
    try:
        with unchanged_rows():
            expect_unavailable(world.write("create").send(api, task_description=text))
            path = f"{ADMIN}/taskdock/task/{world.task.pk}/change/"
            values = browser.open(f"taskdock/task/{world.task.pk}/change/").values
            expect_page(browser.client.post(path, values | {"description": text}))
        assert api.get("/tasks").status_code == 200
    finally:
        execute("PRAGMA max_page_count = 1073741823")
        execute("DROP TABLE filler")
