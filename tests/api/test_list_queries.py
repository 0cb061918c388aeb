"""The list asks the database the same number of questions, whatever its length."""

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.reads.people import name_columns
from tasks.testing import make_project, make_task, make_user

#: The people have a query of their own where their model makes their names itself.
PEOPLE = 0 if name_columns() is not None else 1
#: The page with all that is told of its tasks and the total, together with the key.
AT_ONCE = 1 + PEOPLE
#: The key, the ids of the page, all that is told of its tasks; and the total where it is counted.
FOUND_FIRST = 3 + PEOPLE


@pytest.fixture
def make_tasks(db):
    """Makes tasks that each have assignees and tags, some of them their own."""
    project, everybody = make_project(), make_user()

    def make(number):
        for index in range(number):
            own = make_user(first_name="Sam", last_name=f"Lee {index}")
            make_task(project=project, assigned=[everybody, own], tags=["all", f"tag {index}"])

    return make


@pytest.fixture
def count_queries(api):
    """Counts the queries of a list, and checks how many tasks it held."""
    api.get("/tasks")  # the first use of a key within a minute is written down

    def count(*, rows, **parameters):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get("/tasks", **parameters)
        assert len(r.json()["data"]) == rows
        return len(captured)

    return count


def test_list_of_any_length_takes_the_same_queries(make_tasks, count_queries):
    make_tasks(1)
    assert count_queries(rows=1) == AT_ONCE
    make_tasks(24)
    assert count_queries(rows=25) == AT_ONCE
    make_tasks(76)
    assert count_queries(rows=25) == AT_ONCE
    assert count_queries(rows=100, limit=100) == AT_ONCE
    assert count_queries(rows=1, limit=100, page=2) == AT_ONCE
    assert count_queries(rows=25, search="design") == FOUND_FIRST + 1


def test_list_of_tasks_without_assignees_and_tags_takes_no_more(db, count_queries):
    make_task()
    assert count_queries(rows=1) <= AT_ONCE


def test_list_without_rows_takes_no_more_than_key_page_and_total(make_tasks, count_queries):
    make_tasks(1)
    assert count_queries(rows=0, search="nothing of the kind") <= 2
    assert count_queries(rows=0, page=2) <= 3
    assert count_queries(rows=0, project_id=10**40) <= 2


@pytest.mark.parametrize("parameter", ["project_id", "client_id", "status", "assigned_user_id"])
def test_list_with_filter_and_sort_takes_the_same_queries(
    make_tasks, api, count_queries, parameter
):
    make_tasks(3)
    task = api.get("/tasks").json()["data"][0]
    value = {
        "project_id": task["project"]["id"],
        "client_id": task["client"]["id"],
        "status": task["status"]["id"],
        "assigned_user_id": task["assigned"][0]["id"],
    }[parameter]
    rows = api.get("/tasks", **{parameter: value}).json()["meta"]["total"]
    query = {parameter: value, "search": "design", "sort": "task_date_due"}
    assert count_queries(rows=rows, **query) == FOUND_FIRST
