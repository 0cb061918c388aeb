"""Every page of the admin answers, with a number of queries that its rows don't change."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tasks.actors import Actor
from tasks.models import HistoryEntry, Tag, TaskPriority, TaskStatus
from tasks.services import workflow
from tasks.testing import (
    make_api_key,
    make_attachment,
    make_client,
    make_milestone,
    make_project,
    make_task,
    make_user,
)
from tests.conftest import ADMIN

MODELS = (
    "task",
    "project",
    "milestone",
    "client",
    "taskstatus",
    "taskpriority",
    "apikey",
    "tag",
    "historyentry",
)
READ_ONLY = {"tag", "historyentry"}
LISTS = ("task", "project", "milestone", "client", "apikey", "tag", "historyentry")


@pytest.fixture
def rows(db: None, settings: Any, tmp_path: Path) -> dict[str, Any]:
    """A row of each model, related as they come."""
    settings.MEDIA_ROOT = tmp_path
    project = make_project(description="For Acme.")
    milestone = make_milestone(project)
    task = make_task(
        project=project, milestone_id=milestone.pk, assigned=[make_user()], tags=["priority"]
    )
    key, _ = make_api_key()
    return {
        "task": task,
        "attachment": make_attachment(task),
        "project": project,
        "milestone": milestone,
        "client": project.client,
        "taskstatus": TaskStatus.objects.get(is_default=True),
        "taskpriority": TaskPriority.objects.get(is_default=True),
        "apikey": key,
        "tag": Tag.objects.get(),
        "historyentry": HistoryEntry.objects.first(),
    }


def test_index_lists_every_model(admin, rows):
    html = admin.get("").content.decode()
    assert all(f"{ADMIN}/taskdock/{model}/" in html for model in MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_changelist_with_search_answers(admin, rows, model):
    assert admin.get(f"taskdock/{model}/").status_code == 200
    assert admin.get(f"taskdock/{model}/", q="a").status_code == 200
    assert admin.get(f"taskdock/{model}/", q="\x00").status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_add_page_answers_where_rows_are_added(admin, rows, model):
    expected = 403 if model in READ_ONLY else 200
    assert admin.get(f"taskdock/{model}/add/").status_code == expected


@pytest.mark.parametrize("model", MODELS)
def test_change_page_and_history_answer(admin, rows, model):
    pk = rows[model].pk
    assert admin.get(f"taskdock/{model}/{pk}/change/").status_code == 200
    assert admin.get(f"taskdock/{model}/{pk}/history/").status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_delete_page_answers_where_rows_are_deleted(admin, rows, model):
    expected = 403 if model in {*READ_ONLY, "apikey"} else 200
    assert admin.get(f"taskdock/{model}/{rows[model].pk}/delete/").status_code == expected


@pytest.mark.parametrize("model", sorted({*MODELS} - READ_ONLY))
def test_unknown_row_leads_back_with_a_message(admin, rows, model, messages_of):
    for page in ("change", "history"):
        response = admin.client.get(f"{ADMIN}/taskdock/{model}/999999/{page}/", follow=True)
        assert "Perhaps it was deleted?" in messages_of(response)[0]


@pytest.mark.parametrize(
    ("model", "query"),
    [
        ("task", {"assigned": "me", "due": "overdue", "is_archived__exact": "0"}),
        ("task", {"assigned": "nobody", "due": "today", "status__id__exact": "1"}),
        ("task", {"due": "week", "priority__id__exact": "1"}),
        ("task", {"due": "never", "task_tags__tag__id__exact": "1"}),
        ("task", {"project__id__exact": "1", "milestone__id__exact": "1"}),
        ("project", {"client__id__exact": "1", "status__exact": "on_hold"}),
        ("milestone", {"project__id__exact": "1", "color__exact": "info"}),
        ("apikey", {"state": "active"}),
        ("apikey", {"state": "expired"}),
        ("apikey", {"state": "revoked", "is_read_only__exact": "1"}),
        ("historyentry", {"verb": "created", "door": "code", "subject_type": "task"}),
    ],
)
def test_filters_of_lists_and_links_answer(admin, rows, model, query):
    response = admin.get(f"taskdock/{model}/", **query)
    assert response.status_code == 200  # a parameter that is not allowed redirects or is a 400


def _add(model: str) -> None:
    project = make_project()
    make_milestone(project)
    make_task(project=project, assigned=[make_user(), make_user()], tags=[f"tag{project.pk}"])
    make_api_key(user=make_user())


@pytest.mark.parametrize("model", LISTS)
def test_list_of_many_takes_as_many_queries_as_of_one(admin, model):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert admin.get(f"taskdock/{model}/").status_code == 200
        return len(captured)

    _add(model)
    of_one = queries()
    for _ in range(24):
        _add(model)
    assert queries() == of_one


@pytest.mark.parametrize("model", ["taskstatus", "taskpriority"])
def test_list_of_stages_of_many_takes_as_many_queries_as_of_few(admin, model):
    create = workflow.create_status if model == "taskstatus" else workflow.create_priority

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert admin.get(f"taskdock/{model}/").status_code == 200
        return len(captured)

    of_few = queries()
    for number in range(25):
        create(actor=Actor(), title=f"Stage {number}", position=number)
    assert queries() == of_few


def test_form_of_a_task_never_lists_all_projects(admin, rows):
    for number in range(30):
        make_project(f"Project number {number}")
    page = admin.get(f"taskdock/task/{rows['task'].pk}/change/").content.decode()
    add = admin.get("taskdock/task/add/").content.decode()
    assert "Project number" not in page + add


@pytest.mark.parametrize("path", ["task/add/", "project/add/", "taskstatus/add/", "apikey/add/"])
def test_pages_have_no_inline_script_or_style(admin, rows, path):
    html = admin.get(f"taskdock/{path}").content.decode()
    assert "style=" not in html
    assert "<script>" not in html
    assert "onclick" not in html


def test_clients_page_leads_to_its_projects(admin, rows):
    make_project("Another's", client=make_client("Other"))
    response = admin.get("taskdock/project/", client__id__exact=rows["client"].pk)
    assert "Website Redesign" in response.content.decode()
    assert "Another&#x27;s" not in response.content.decode()


@pytest.mark.parametrize("value", ["abc", "1.5", "9" * 30, "\x00"])
@pytest.mark.parametrize(
    ("page", "field"), [("task", "project"), ("milestone", "project"), ("attachment", "task")]
)
def test_page_asked_for_with_a_choice_that_is_none_answers(admin, page, field, value):
    path = f"taskdock/{page}/add/"
    assert admin.get(path, **{field: value}).status_code == 200
    assert admin.client.post(f"{ADMIN}/{path}", {field: value}).status_code == 200


@pytest.mark.parametrize("value", ["abc", "1.5", "9" * 30, "\x00"])
def test_action_on_rows_that_are_none_is_refused(admin, value):
    task = make_task()
    answer = admin.client.post(
        f"{ADMIN}/taskdock/task/",
        {"action": "archive", "_selected_action": [str(task.pk), value]},
        follow=True,
    )
    task.refresh_from_db()
    assert (answer.status_code, task.is_archived) == (200, False)
