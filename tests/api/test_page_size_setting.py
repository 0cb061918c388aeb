"""``PAGE_SIZE``: how many rows a page has on a site where nobody asks for a number."""

import pytest
from django.test import Client, override_settings

from tasks.testing import make_client, make_task
from tests.conftest import API
from timers.testing import make_time


@pytest.fixture
def three(db):
    for _ in range(3):
        make_time(make_task())
    make_client()


@pytest.mark.parametrize("path", ["/tasks", "/projects", "/timesheets"])
def test_page_has_as_many_rows_as_the_site_says(api, three, path):
    with override_settings(TASKDOCK={"PAGE_SIZE": 2}):
        answer = api.get(path).json()
        assert len(answer["data"]) == 2
        pages = {"current_page": 1, "per_page": 2, "total": 3, "last_page": 2}
        assert answer["meta"] | pages == answer["meta"]
        assert len(api.get(path, page=2).json()["data"]) == 1
        assert api.get(path, limit=3).json()["meta"]["per_page"] == 3
        assert api.get(path, limit=1000).json()["meta"]["per_page"] == 100
    assert api.get(path).json()["meta"]["per_page"] == 25


def test_list_that_is_whole_without_a_page_stays_whole(api, three):
    task = make_task()
    for text in ("One", "Two", "Three"):
        api.post(f"/tasks/{task.pk}/comments", {"comment": text})
    with override_settings(TASKDOCK={"PAGE_SIZE": 2}):
        path = f"/tasks/{task.pk}/comments"
        assert len(api.get(path).json()["data"]) == 3
        assert api.get(path, page=1).json()["meta"]["per_page"] == 2


def served():
    return Client().get(f"{API.prefix}/schema").json()["paths"]["/tasks"]["get"]


def limit_and_example(operation):
    (limit,) = [item for item in operation["parameters"] if item["name"] == "limit"]
    example = operation["responses"]["200"]["content"]["application/json"]["example"]
    return limit["schema"]["default"], example["meta"]["per_page"]


@pytest.mark.parametrize(("taskdock", "size"), [({}, 25), ({"PAGE_SIZE": 7}, 7)])
def test_reference_says_the_number_of_the_site(db, taskdock, size):
    with override_settings(TASKDOCK=taskdock):
        assert limit_and_example(served()) == (size, size)
