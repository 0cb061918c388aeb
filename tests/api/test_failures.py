"""What the server itself does wrong, or what goes wrong beneath it, is answered in the envelope.

Faults are put in where the database is spoken to; what they lead to is the product's own doing.
"""

from contextlib import contextmanager

import pytest
from django.core.signals import got_request_exception
from django.db import DatabaseError, DataError, InterfaceError, OperationalError
from django.utils import timezone

from tasks.database import connection
from tasks.models import HistoryEntry, Task, TaskAssignee, TaskStatus
from tasks.platform import writes
from tests.api.answers import (
    CONFLICT,
    SERVER_ERROR,
    UNAVAILABLE,
    UNPARSABLE,
    expect,
    shown,
)
from tests.api.conftest import unchanged_rows
from tests.api.endpoints import WRITES, World


@contextmanager
def fault(act, *, times=1000, statement="taskdock_historyentry", verb="INSERT"):
    """Call ``act`` just before each such statement, the first ``times``; gives the count."""
    calls = []

    def wrapper(execute, sql, params, many, context):
        if sql.startswith(verb) and statement in sql and len(calls) < times:
            calls.append(sql)
            act()
        return execute(sql, params, many, context)

    with connection().execute_wrapper(wrapper):
        yield calls


def raising(error, *, sqlstate=None):
    def act():
        if sqlstate is None:
            raise error
        cause = Exception()
        cause.sqlstate = sqlstate
        raise error from cause

    return act


@pytest.fixture
def signals():
    seen = []

    def receive(sender, request, **kwargs):
        seen.append((sender, request.method))

    got_request_exception.connect(receive)
    yield seen
    got_request_exception.disconnect(receive)


@pytest.fixture
def naps(monkeypatch):
    """How often the runner waited before it tried again; nobody waits for real."""
    taken = []
    monkeypatch.setattr(writes.time, "sleep", taken.append)
    return taken


@pytest.fixture
def committed(committed_db):
    return World()


@pytest.mark.parametrize("endpoint", WRITES)
def test_write_with_unforeseen_error_answers_500_and_changes_nothing(  # noqa: PLR0917 (a table's columns)
    api, world, unchanged, signals, caplog, endpoint
):
    write = world.write(endpoint)
    error = RuntimeError("secret")
    if endpoint == "activate":
        Task.objects.update(is_archived=True)
    with unchanged(), fault(raising(error)) as calls:
        response = write.send(api)
    assert len(calls) == 1
    expect(response, 500, SERVER_ERROR)
    assert signals == [(RuntimeError, write.method)]
    logged = [record for record in caplog.records if record.name == "tasks.api"]
    assert [record.exc_info[1] for record in logged] == [error]


@pytest.mark.parametrize(
    "error", [KeyError("x"), DataError("secret"), DatabaseError("secret")], ids=repr
)
def test_write_with_unforeseen_error_is_not_run_again(  # noqa: PLR0917 (a table's columns)
    committed, make_api, naps, signals, caplog, error
):
    api = make_api()
    write = committed.write("update")
    with unchanged_rows(), fault(raising(error)) as calls:
        response = write.send(api)
    assert (len(calls), naps) == (1, [])
    expect(response, 500, SERVER_ERROR)
    assert signals == [(type(error), write.method)]
    logged = [record for record in caplog.records if record.name == "tasks.api"]
    assert [record.exc_info[1] for record in logged] == [error]


@pytest.mark.parametrize("path", ["/tasks", "/tasks/{id}"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_read_with_unforeseen_error_answers_500(  # noqa: PLR0917 (a table's columns)
    api, world, signals, caplog, path, method
):
    with fault(raising(RuntimeError("secret")), statement="taskdock_task", verb="SELECT"):
        response = api.request(method, path.format(id=world.task.pk))
    assert response.status_code == 500
    assert response["Content-Type"] == "application/json"
    if method == "GET":
        expect(response, 500, SERVER_ERROR)
    assert signals == [(RuntimeError, method)]


def test_unforeseen_error_in_authentication_answers_500(api, signals, caplog):
    with fault(raising(RuntimeError("secret")), statement="taskdock_apikey", verb="SELECT"):
        expect(api.get("/tasks"), 500, SERVER_ERROR)
    assert signals == [(RuntimeError, "GET")]


def test_unforeseen_error_with_debug_on_answers_the_same(api, world, settings, signals, caplog):
    settings.DEBUG = True
    with fault(raising(RuntimeError("secret"))):
        expect(world.write("create").send(api), 500, SERVER_ERROR)


def test_foreseen_error_sends_no_signal(api, world, signals):
    api.get("/tasks/abc")
    api.post("/tasks")
    api.post("/tasks", "{", "application/json")
    assert signals == []


LOST = [OperationalError("server closed the connection"), InterfaceError("connection is closed")]


@pytest.mark.parametrize("error", LOST, ids=repr)
def test_write_without_database_answers_503_at_once(committed, make_api, naps, error):
    api = make_api()
    write = committed.write("update")
    with unchanged_rows(), fault(raising(error)) as calls:
        response = write.send(api)
    expect(response, 503, UNAVAILABLE, Retry_After="1")
    assert (len(calls), naps) == (1, [])


@pytest.mark.parametrize("error", LOST, ids=repr)
@pytest.mark.parametrize("table", ["taskdock_apikey", '"taskdock_task"'])
def test_read_without_database_answers_503(api, error, table):
    with fault(raising(error), statement=table.strip('"'), verb="SELECT"):
        expect(api.get("/tasks"), 503, UNAVAILABLE, Retry_After="1")


def duplicate_row():
    """Break a constraint of ours, as a writer does who comes second."""
    TaskStatus.objects.filter(is_default=None).update(is_default=True)


COLLISIONS = {
    "constraint": duplicate_row,
    "locked": raising(OperationalError("database is locked")),
    "deadlock": raising(OperationalError("deadlock detected"), sqlstate="40P01"),
    "serialization": raising(OperationalError("could not serialize"), sqlstate="40001"),
    "lock timeout": raising(OperationalError("lock timeout"), sqlstate="55P03"),
    "deadlock of MariaDB": raising(OperationalError(1213, "Deadlock found")),
    "lock timeout of MariaDB": raising(OperationalError(1205, "Lock wait timeout exceeded")),
}


@pytest.mark.parametrize("act", COLLISIONS.values(), ids=COLLISIONS)
@pytest.mark.parametrize("times", [1, 5])
def test_write_that_collides_is_run_again_and_written_once(committed, make_api, naps, act, times):
    api = make_api()
    tasks, entries = Task.objects.count(), HistoryEntry.objects.count()
    with fault(act, times=times) as calls:
        response = committed.write("create").send(api)
    data = shown(response.json()["data"]["id"])
    expect(response, 201, {"data": data, "message": "Task created successfully."})
    assert (len(calls), len(naps)) == (times, times)
    assert Task.objects.count() == tasks + 1
    assert HistoryEntry.objects.count() == entries + 1


@pytest.mark.parametrize("act", COLLISIONS.values(), ids=COLLISIONS)
def test_write_that_keeps_colliding_conflicts_and_changes_nothing(
    committed, make_api, naps, signals, act
):
    api = make_api()
    with unchanged_rows(), fault(act) as calls:
        response = committed.write("create").send(api)
    expect(response, 409, CONFLICT)
    assert (len(calls), len(naps)) == (writes.ATTEMPTS, writes.ATTEMPTS - 1)
    assert signals == []


@pytest.mark.parametrize("endpoint", WRITES)
def test_every_write_that_collides_is_run_again(committed, make_api, naps, endpoint):
    api = make_api()
    if endpoint == "activate":
        Task.objects.update(is_archived=True)
    write = committed.write(endpoint)
    entries = HistoryEntry.objects.count()
    with fault(COLLISIONS["deadlock"], times=2):
        response = write.send(api)
    data = response.json()["data"]
    expect(response, write.status, {"data": data, "message": write.message})
    assert len(naps) == 2
    assert HistoryEntry.objects.count() == entries + 1


def dangling_row(user):
    """Writes an assignment to no task, which only the commit finds."""

    def act():
        TaskAssignee.objects.create(task_id=987654321, user=user, task_created_at=timezone.now())

    return act


def test_write_that_fails_at_commit_is_run_again_and_written_once(committed, make_api, naps):
    api = make_api()
    tasks, assignments = Task.objects.count(), TaskAssignee.objects.count()
    with fault(dangling_row(committed.person), times=2) as calls:
        response = committed.write("create").send(api)
    data = shown(response.json()["data"]["id"])
    expect(response, 201, {"data": data, "message": "Task created successfully."})
    assert (len(calls), len(naps)) == (2, 2)
    assert Task.objects.count() == tasks + 1
    assert TaskAssignee.objects.count() == assignments


def test_write_that_keeps_failing_at_commit_conflicts_and_changes_nothing(
    committed, make_api, naps, signals
):
    api = make_api()
    with unchanged_rows(), fault(dangling_row(committed.person)) as calls:
        response = committed.write("create").send(api)
    expect(response, 409, CONFLICT)
    # SQLite does not tell which foreign key it was.
    is_in_doubt = connection().vendor == "sqlite"
    assert len(calls) == (writes.ATTEMPTS_IN_DOUBT if is_in_doubt else writes.ATTEMPTS)
    assert signals == []


def test_write_with_refused_values_is_not_run_again(committed, make_api, naps):
    api = make_api()
    with unchanged_rows():
        response = committed.write("create").send(
            api, task_milestoneid=committed.foreign_milestone.pk
        )
    assert (response.status_code, naps) == (409, [])
    expect(api.post("/tasks", "{", "application/json"), 400, UNPARSABLE)
    assert naps == []


def test_write_inside_a_transaction_of_others_conflicts_without_another_try(
    api, world, unchanged, naps
):
    with unchanged(), fault(COLLISIONS["constraint"]) as calls:
        response = world.write("create").send(api)
    expect(response, 409, CONFLICT)
    assert (len(calls), naps) == (1, [])


@pytest.mark.parametrize("endpoint", [name for name in WRITES if name != "delete"])
def test_write_whose_answer_fails_changes_nothing(committed, make_api, signals, caplog, endpoint):
    # The task as it is answered is the last that is read, when all has been written.
    api = make_api()
    write = committed.write(endpoint)
    if endpoint == "activate":
        Task.objects.update(is_archived=True)
    act = raising(RuntimeError("secret"))
    quote = connection().ops.quote_name
    last = f"FROM {quote('taskdock_task')} INNER JOIN {quote('taskdock_taskstatus')}"
    with unchanged_rows(), fault(act, statement=last, verb="SELECT") as calls:
        response = write.send(api)
    expect(response, 500, SERVER_ERROR)
    assert (len(calls), len(signals)) == (1, 1)
