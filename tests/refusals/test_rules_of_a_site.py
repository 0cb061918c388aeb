"""Rules that a site adds to our tables, and its receivers: reported as what they are, at once."""

from contextlib import contextmanager

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, OperationalError, transaction
from django.db import connection as default
from django.db.models import ProtectedError
from django.db.models.signals import post_save, pre_delete, pre_save

from tasks.database import connection
from tasks.exceptions import DatabaseRefused, StillReferredTo
from tasks.models import Task
from tasks.platform import writes
from tasks.platform.writes import run_write
from tasks.services.clients import delete_client
from tasks.services.projects import delete_project
from tasks.services.tasks import delete_task, update_task
from tasks.testing import make_actor, make_client, make_project, make_task
from tests.api.conftest import unchanged_rows
from tests.hearing import hearing

RENAMED = {"task_title": "No Friday", "task_status": 1, "task_priority": 1}
STILL = {"message": "Other records still refer to it."}


def execute(*statements):
    with default.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def naps(monkeypatch):
    """How often the runner waited before another try."""
    taken = []
    monkeypatch.setattr(writes.time, "sleep", taken.append)
    return taken


@pytest.fixture
def referring(committed_db):
    """Makes a table of the site's that Django does not know, with a row that refers to one."""
    made = []

    def make(row, *, waits=False):
        table = f"host_{row._meta.model_name}"
        can_wait = connection().features.can_defer_constraint_checks
        when = " DEFERRABLE INITIALLY DEFERRED" if waits and can_wait else ""
        made.append(table)
        execute(
            f"CREATE TABLE {table} (row_id bigint NOT NULL, CONSTRAINT {table}_row"
            f" FOREIGN KEY (row_id) REFERENCES {row._meta.db_table} (id){when})",
            f"INSERT INTO {table} VALUES ({row.pk})",
        )
        return table

    yield make
    for table in made:
        execute(f"DROP TABLE {table}")


@pytest.mark.parametrize("waits", [False, True], ids=["at once", "at the commit"])
@pytest.mark.parametrize(
    ("make", "path", "delete", "name"),
    [
        (make_task, "/tasks/{}", delete_task, "task_id"),
        (make_project, "/projects/{}", delete_project, "project_id"),
        (make_client, None, delete_client, "client_id"),
    ],
    ids=["task", "project", "client"],
)
def test_row_that_an_unknown_table_refers_to_is_kept_and_says_so(  # noqa: PLR0917 (a table's columns)
    make_api, referring, naps, make, path, delete, name, waits
):
    api, row = make_api(), make()
    table = referring(row, waits=waits)
    with unchanged_rows():
        with pytest.raises(StillReferredTo) as refused:
            delete(actor=make_actor(), **{name: row.pk})
        if path is not None:
            response = api.delete(path.format(row.pk))
            assert (response.status_code, response.json()) == (409, STILL)
    assert str(refused.value) == STILL["message"]
    assert refused.value.table in {table, ""}
    assert naps == []


_ALTER = "ALTER TABLE taskdock_task"
CHECK = (
    f"{_ALTER} ADD CONSTRAINT host_no_friday CHECK (title NOT LIKE '%%Friday%%')",
    f"{_ALTER} DROP CONSTRAINT host_no_friday",
)
UNIQUE = (
    "CREATE UNIQUE INDEX host_no_friday ON taskdock_task (title)",
    "DROP INDEX host_no_friday{on}",
)
_FUNCTION = (
    "CREATE FUNCTION host_no_friday() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
    " RAISE EXCEPTION 'Not on Fridays.'{code}; END $$"
)
_TRIGGER = (
    "CREATE TRIGGER host_no_friday BEFORE UPDATE ON taskdock_task FOR EACH ROW"
    " EXECUTE FUNCTION host_no_friday()"
)
_DROPPED = "DROP FUNCTION host_no_friday() CASCADE"
_RAISE = (
    "CREATE TRIGGER host_no_friday BEFORE UPDATE ON taskdock_task"
    " BEGIN SELECT RAISE(ABORT, 'Not on Fridays.'); END"
)
_SIGNAL = "CREATE TRIGGER host_no_friday BEFORE UPDATE ON taskdock_task FOR EACH ROW SIGNAL {}"
TRIGGERS = {
    "postgresql": {
        "plain": (_FUNCTION.format(code=""), _TRIGGER, _DROPPED),
        "with a code": (_FUNCTION.format(code=" USING ERRCODE = 'HO001'"), _TRIGGER, _DROPPED),
        "as a check": (
            _FUNCTION.format(code=" USING ERRCODE = 'check_violation'"),
            _TRIGGER,
            _DROPPED,
        ),
    },
    "mysql": {
        "plain": (
            _SIGNAL.format("SQLSTATE '45000' SET MESSAGE_TEXT = 'Not on Fridays.'"),
            "DROP TRIGGER host_no_friday",
        )
    },
    "sqlite": {"plain": (_RAISE, "DROP TRIGGER host_no_friday")},
}


@contextmanager
def rule(*statements):
    """The rule while the block runs; the last statement drops it."""
    *create, drop = statements
    execute(*create)
    try:
        yield
    finally:
        execute(drop.format(on=" ON taskdock_task" if default.vendor == "mysql" else ""))


def refused(api, task, naps, reason):
    path = f"/tasks/{task.pk}"
    with unchanged_rows():
        response = api.patch(path, RENAMED)
    message = f"A rule of the database forbids it: {reason}."
    assert (response.status_code, response.json()) == (409, {"message": message})
    assert naps == []

    def update():
        update_task(actor=make_actor(), task_id=task.pk, title="No Friday")

    with pytest.raises(DatabaseRefused):
        run_write(update)


def test_check_of_the_sites_is_named(committed_db, make_api, naps):
    if default.vendor == "sqlite":
        pytest.skip("SQLite adds no check to a table that exists")
    api, task = make_api(), make_task()
    with rule(*CHECK):
        refused(api, task, naps, "host_no_friday")


def test_unique_index_of_the_sites_is_named(committed_db, make_api, naps):
    api, task = make_api(), make_task()
    make_task("No Friday")
    with rule(*UNIQUE):
        sqlite = "taskdock_task.title"
        refused(api, task, naps, sqlite if default.vendor == "sqlite" else "host_no_friday")


@pytest.mark.parametrize("kind", ["plain", "with a code", "as a check"])
def test_trigger_of_the_sites_has_its_words(committed_db, make_api, naps, kind):
    if kind not in TRIGGERS[default.vendor]:
        pytest.skip("a kind of PostgreSQL's")
    api, task = make_api(), make_task()
    with rule(*TRIGGERS[default.vendor][kind]):
        refused(api, task, naps, "Not on Fridays")


def test_trigger_of_the_sites_is_told_in_the_admin(committed_db, admin, form_errors):
    task = make_task()
    page = admin.open(f"taskdock/task/{task.pk}/change/")
    with rule(*TRIGGERS[default.vendor]["plain"]), unchanged_rows():
        errors = form_errors(page.submit(title="No Friday"))
    assert errors == {"__all__": ["A rule of the database forbids it: Not on Fridays."]}


def test_trigger_of_the_sites_is_told_of_each_task_of_many(committed_db, admin, messages_of):
    tasks = [make_task(), make_task()]
    answer = None
    with rule(*TRIGGERS[default.vendor]["plain"]), unchanged_rows():
        answer = admin.action("taskdock/task/", "archive", tasks, post="yes")
    said = " ".join(messages_of(answer))
    assert "A rule of the database forbids it: Not on Fridays." in said


@contextmanager
def receiver(signal, error):
    """A receiver of the site's that raises; gives how often it was called."""
    calls = []

    def fail(sender, **kwargs):
        calls.append(sender)
        raise error

    signal.connect(fail, sender=Task)
    try:
        yield calls
    finally:
        signal.disconnect(fail, sender=Task)


INVALID = "The given data was invalid."
RECEIVED = {
    "validation": (
        ValidationError("Not on Fridays."),
        422,
        {"message": INVALID, "errors": {"non_field_errors": ["Not on Fridays."]}},
    ),
    "validation of a field": (
        ValidationError({"title": ["Too short."], "status": ["Closed."]}),
        422,
        {"message": INVALID, "errors": {"task_title": ["Too short."], "task_status": ["Closed."]}},
    ),
    "permission": (PermissionDenied("Ask Ann."), 403, {"message": "Ask Ann."}),
    "permission without words": (
        PermissionDenied(),
        403,
        {"message": "This action is not allowed."},
    ),
    "integrity": (
        IntegrityError("Quota reached."),
        409,
        {"message": "A rule of the database forbids it: Quota reached."},
    ),
    "protected": (ProtectedError("Kept.", set()), 409, STILL),
    "any other": (RuntimeError("secret"), 500, {"message": "Server error."}),
}


@pytest.mark.parametrize("signal", [pre_save, post_save], ids=["before", "after"])
@pytest.mark.parametrize(("error", "status", "body"), RECEIVED.values(), ids=RECEIVED)
def test_error_of_a_receiver_is_told_as_what_it_is_and_called_once(  # noqa: PLR0917 (a table's columns)
    committed_db, make_api, naps, caplog, signal, error, status, body
):
    api, task = make_api(), make_task()
    with unchanged_rows(), receiver(signal, error) as calls:
        response = api.patch(f"/tasks/{task.pk}", RENAMED)
    assert (response.status_code, response.json()) == (status, body)
    assert (len(calls), naps) == (1, [])


@pytest.mark.parametrize(
    ("error", "status", "body"),
    [
        (ValidationError("Not on Fridays."), 409, {"message": "Not on Fridays."}),
        (ProtectedError("Kept.", set()), 409, STILL),
        (PermissionDenied("Ask Ann."), 403, {"message": "Ask Ann."}),
    ],
    ids=["validation", "protected", "permission"],
)
def test_error_of_a_receiver_of_deletions_is_told_as_what_it_is(  # noqa: PLR0917 (a table's columns)
    committed_db, make_api, naps, error, status, body
):
    api, task = make_api(), make_task()
    with unchanged_rows(), receiver(pre_delete, error) as calls:
        response = api.delete(f"/tasks/{task.pk}")
    assert (response.status_code, response.json()) == (status, body)
    assert (len(calls), naps) == (1, [])


def test_error_of_a_receiver_is_told_in_the_admin(committed_db, admin, form_errors, messages_of):
    task = make_task()
    page = admin.open(f"taskdock/task/{task.pk}/change/")
    with unchanged_rows(), receiver(pre_save, ValidationError("Not on Fridays.")):
        assert form_errors(page.submit(title="x")) == {"__all__": ["Not on Fridays."]}
        answer = admin.action("taskdock/task/", "archive", [task], post="yes")
    assert "Not on Fridays." in " ".join(messages_of(answer))
    with unchanged_rows(), receiver(pre_save, PermissionDenied):
        assert page.submit(title="x").status_code == 403


@pytest.fixture
def failing_hook():
    """``failing_hook(error)``: each saved task waits for its commit to raise the error.

    Returns how often it did.
    """
    connected = []

    def connect(error):
        raised = []

        def fail():
            raised.append(error)
            raise error

        def wait(**kwargs):
            transaction.on_commit(fail)

        connected.append(wait)
        post_save.connect(wait, sender=Task)
        return raised

    yield connect
    for wait in connected:
        post_save.disconnect(wait, sender=Task)


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("database is locked"),
        OperationalError("server closed the connection"),
        IntegrityError("of another table"),
        ValidationError("Not on Fridays."),
        PermissionDenied("Ask Ann."),
        OSError("no broker"),
    ],
    ids=["collision", "outage", "constraint", "validation", "permission", "other"],
)
def test_error_after_the_commit_goes_to_the_log_and_the_write_is_made_once(  # noqa: PLR0917 (a table's columns)
    committed_db, make_api, naps, caplog, failing_hook, error
):
    api, values = make_api(), RENAMED | {"task_projectid": make_project().pk}
    raised = failing_hook(error)
    with hearing("task_created") as heard:
        response = api.post("/tasks", values)
    assert response.status_code == 201
    assert [task.pk for task in Task.objects.all()] == [response.json()["data"]["id"]]
    assert (len(raised), len(heard), naps) == (1, 1, [])
    assert str(error) in caplog.text


def test_error_after_a_commit_of_the_admin_changes_nothing(committed_db, admin, failing_hook):
    task = make_task()
    page = admin.open(f"taskdock/task/{task.pk}/change/")
    raised = failing_hook(OSError("no broker"))
    assert page.submit(title="x").status_code == 302
    task.refresh_from_db()
    assert (task.title, len(raised)) == ("x", 1)


def test_not_null_column_of_the_sites_is_named(committed_db, make_api, naps):
    api, project = make_api(), make_project()
    if default.vendor == "sqlite":
        pytest.skip("SQLite adds no such column to a table that exists")
    with rule(
        "ALTER TABLE taskdock_task ADD COLUMN host_code integer NOT NULL",
        "ALTER TABLE taskdock_task DROP COLUMN host_code",
    ):
        values = RENAMED | {"task_projectid": project.pk}
        response = api.post("/tasks", values)
    assert response.status_code == 409
    assert "host_code" in response.json()["message"]
    assert naps == []
