"""The list takes as many queries for 25 items as for one."""

import pytest
from django.test.utils import CaptureQueriesContext

from comments.testing import make_comment
from tasks.database import connection
from tasks.testing import make_project, make_task
from tests.api.checklists.world import make_item

#: The key, the parent, the ids of the page and the total, its items with their comments, progress.
QUERIES = 5


@pytest.mark.parametrize(("kind", "make_parent"), [("task", make_task), ("project", make_project)])
def test_list_of_any_length_takes_the_same_queries(api, kind, make_parent):
    parent = make_parent()
    parameters = {"resource_type": kind, "resource_id": parent.pk}
    api.get("/checklists", **parameters)  # the first use of a key within a minute is written down

    def count(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get("/checklists", **parameters)
        assert len(r.json()["data"]) == rows
        return len(captured)

    make_comment(make_item(parent, "x"))
    assert count(1) == QUERIES
    for number in range(24):
        make_comment(make_item(parent, str(number)))
    assert count(25) == QUERIES


def test_positions_take_a_handful_of_queries_whatever_the_length(api):
    task = make_task()
    ids = [make_item(task, str(number)).pk for number in range(3)]

    def count(wanted):
        with CaptureQueriesContext(connection()) as captured:
            assert api.put("/checklists/positions", {"checklist_ids": wanted}).status_code == 200
        return len(captured)

    count(ids)
    few = count(ids[::-1])
    ids += [make_item(task, str(number)).pk for number in range(40)]
    assert count(ids) == few
