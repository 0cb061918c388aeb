"""The list takes as many queries for 25 entries as for one."""

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.testing import make_task
from timers.testing import make_running_timer, make_time

#: The key, the task, the ids (with the total, for a page), the entries, their users.
QUERIES = 5


@pytest.mark.parametrize(("parameters", "queries"), [({}, QUERIES), ({"limit": 25}, QUERIES)])
def test_list_of_any_length_takes_the_same_queries(api, parameters, queries):
    task = make_task()
    path = f"/tasks/{task.pk}/timers"
    api.get(path)  # the first use of a key within a minute is written down

    def count(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get(path, **parameters)
        assert len(r.json()["data"]) == rows
        return len(captured)

    make_time(task)
    assert count(1) == queries
    for number in range(24):
        (make_time if number % 2 else make_running_timer)(task)
    assert count(25) == queries
