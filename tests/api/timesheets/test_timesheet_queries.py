"""The list takes as many queries for 25 entries as for one."""

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.testing import make_task
from timers.testing import make_running_timer, make_time

#: The key, the totals, the page with all that is told of its entries.
QUERIES = 3


@pytest.mark.parametrize("by_task", [False, True])
def test_list_of_any_length_takes_the_same_queries(api, by_task):
    task = make_task()
    parameters = {"task_id": task.pk} if by_task else {}
    api.get("/timesheets")  # the first use of a key within a minute is written down

    def statements(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get("/timesheets", **parameters)
        assert len(r.json()["data"]) == rows
        return [query["sql"] for query in captured.captured_queries]

    make_time(task)
    assert len(statements(1)) == QUERIES
    for number in range(24):
        (make_time if number % 2 else make_running_timer)(task)
    found = statements(25)
    assert len(found) == QUERIES
    # What is asked for without a task is counted ahead.
    assert any("taskdock_timers_timetally" in sql for sql in found) is not by_task


def test_stop_of_a_project_reads_only_the_tasks_where_time_runs(api, db):
    project = make_task().project
    for _ in range(18):
        make_task(project=project)
    for _ in range(2):
        make_running_timer(make_task(project=project))
    api.get("/timesheets")
    with CaptureQueriesContext(connection()) as captured:
        assert api.put(f"/projects/{project.pk}/stop-timers").status_code == 200
    statements = [
        query["sql"]
        for query in captured.captured_queries
        if not query["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))
    ]
    # The key; the project twice; its tasks where time runs, the timers; those written, and their
    # history.
    assert len(statements) == 3 + 2 + 2
