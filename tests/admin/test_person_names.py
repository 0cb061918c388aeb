"""``PERSON_NAME`` in the admin: shown, offered and searched for."""

import pytest
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.models import HistoryEntry
from tasks.services.projects import set_manager
from tasks.testing import make_task, make_user
from timers.testing import make_time


def nickname(user):
    """Known to no database, and empty for nobody but Ada."""
    return "" if user.first_name == "Ada" else f"Nick No. {user.pk}"


@pytest.fixture
def sam(db):
    with override_settings(TASKDOCK={"PERSON_NAME": nickname}):
        yield make_user(first_name="Sam", last_name="Lee", username="sam", email="s@example.com")


def test_lists_name_people_as_the_site_does(admin, sam):
    task = make_task(assigned=[sam])
    set_manager(actor=Actor(), project_id=task.project_id, user_id=sam.pk)
    make_time(task, user=sam)
    for path in ("taskdock/task/", "taskdock/project/", "taskdock_timers/timer/"):
        page = admin.get(path).content.decode()
        assert nickname(sam) in page
        assert "Sam Lee" not in page


def test_forms_offer_people_by_the_names_of_the_site(admin, sam):
    page = admin.get("taskdock/task/add/").content.decode()
    assert f"{nickname(sam)} (sam)" in page
    assert "Ada Admin (" in page


@pytest.mark.parametrize("term", ["{name}", "nick {pk}", "no. sam", "s@example", "sam"])
def test_search_finds_people_by_the_names_of_the_site(admin, sam, term):
    make_user()
    asked = term.format(name=nickname(sam), pk=sam.pk)
    found = admin.get("taskdock/task/people/assigned/", term=asked).json()["results"]
    assert {"id": str(sam.pk), "text": f"{nickname(sam)} (sam)"} in found


def test_search_finds_nobody_by_a_name_that_nobody_has(admin, sam):
    path = "taskdock/task/people/assigned/"
    assert admin.get(path, term="nick nobody").json()["results"] == []
    assert admin.get(path, term="ada admin").json()["results"] != []


def test_history_keeps_the_name_that_the_site_gave(sam):
    task = make_task(actor=Actor(user=sam))
    entry = HistoryEntry.objects.get(subject_type="task", subject_id=task.pk)
    assert entry.actor_name == nickname(sam)


@pytest.mark.parametrize("path", ["taskdock/task/", "taskdock_timers/timer/"])
def test_list_of_many_people_takes_as_many_queries_as_of_one(admin, sam, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(path).status_code == 200
        return len(captured)

    make_time(make_task(assigned=[sam]))
    queries()
    of_one = queries()
    for _ in range(24):
        make_time(make_task(assigned=[make_user(), sam]))
    assert queries() == of_one
