"""A search for 120 or #120 finds that task first, wherever tasks are searched."""

import re

import pytest
from django.utils import timezone

from tasks.actors import Actor
from tasks.admin.numbers import number_in
from tasks.models import Task, TaskDependency
from tasks.services.bulk import add_tasks
from tasks.services.new_tasks import NewTask
from tasks.testing import make_project, make_task
from tests.conftest import ADMIN

LIST, BOARD = "taskdock/task/", "taskdock/task/board/"


@pytest.fixture
def tasks(db):
    """Task 120, older and newer ones with the number in their titles, and others."""
    project = make_project()
    titles = {80: "Order 120", 120: "Design", 300: "120 chairs", 301: "Fix #120", 1200: "Else"}
    new = (
        NewTask(id=pk, title=title, project_id=project.pk, status_id=1, priority_id=1)
        for pk, title in titles.items()
    )
    add_tasks(actor=Actor(), tasks=new)
    return project


FOUND = [120, 301, 300, 80]
TERMS = ("120", "#120", " #120 ")


def keys(response):
    return [task.pk for task in response.context["cl"].result_list]


def cards(response):
    return [int(pk) for pk in re.findall(r'data-card="(\d+)"', response.content.decode())]


@pytest.mark.parametrize("term", TERMS)
def test_list_begins_with_the_task_of_the_number(admin, tasks, term):
    response = admin.get(LIST, q=term)
    assert keys(response) == FOUND
    assert response.context["cl"].result_count == 4
    assert keys(admin.get(LIST, q=term, o="1")) == [120, 300, 301, 80]
    assert keys(admin.get(LIST, q=term, all="")) == FOUND


@pytest.mark.parametrize(
    ("term", "found"),
    [
        ("12", {301, 300, 80}),
        ("0120", {120}),
        ("9" * 19, set()),
        ("9" * 30, set()),
        ("0", {301, 300, 80}),
        ("##120", set()),
        ("120 chairs", {300}),
        ("-120", set()),
        ("\u0661\u0662\u0660", set()),
        ("#", {301}),
    ],
)
def test_list_takes_for_a_number_what_is_one(admin, tasks, term, found):
    assert set(keys(admin.get(LIST, q=term))) == found


def test_task_of_the_number_is_on_the_first_page_alone(admin, tasks, monkeypatch):
    page = admin.get(LIST).context["cl"].model_admin
    monkeypatch.setattr(type(page), "list_per_page", 2)
    pages = [keys(admin.get(LIST, q="120", p=number)) for number in (1, 2)]
    assert pages == [[120, 301, 300], [80]]


def test_filters_hold_for_the_number_too(admin, tasks):
    Task.objects.filter(pk=120).update(is_archived=True)
    assert keys(admin.get(LIST, q="120")) == FOUND[1:]
    assert keys(admin.get(LIST, q="120", is_archived__exact="1")) == [120]
    assert cards(admin.get(BOARD, q="#120")) == FOUND[:0:-1]


def test_list_takes_one_query_more_at_most(admin, tasks, django_assert_max_num_queries):
    with django_assert_max_num_queries(100) as plain:
        admin.get(LIST, q="chairs")
    with django_assert_max_num_queries(len(plain) + 1):
        admin.get(LIST, q="120")


@pytest.mark.parametrize("term", TERMS)
def test_action_takes_all_that_the_list_shows(admin, tasks, term):
    path = f"{ADMIN}/{LIST}?q={term.strip().replace('#', '%23')}"
    sent = {"action": "export_selected", "_selected_action": "120", "select_across": "1"}
    assert admin.client.post(path, sent).status_code == 200
    exported = b"".join(admin.client.get(f"{ADMIN}/{LIST}export/?q=120").streaming_content)
    assert exported.count(b"\r\n") == 5


@pytest.mark.parametrize("term", TERMS)
def test_board_shows_the_task_of_the_number_before_others_of_its_column(admin, tasks, term):
    assert cards(admin.get(BOARD, q=term)) == [120, 80, 300, 301]
    fragment = admin.client.get(f"{ADMIN}/{BOARD}changes/", {"q": term})
    assert cards(fragment) == [120, 80, 300, 301]


def test_board_shows_it_before_a_long_column_and_not_again(admin, tasks):
    project = tasks
    before = [make_task(f"120 {n}", project=project).pk for n in range(60)]
    Task.objects.filter(pk=120).update(position=10**9)
    page = admin.get(BOARD, q="120")
    shown = cards(page)
    assert shown[0] == 120
    while more := re.search(r'data-query="\?([^"]*start=[^"]*)"', page.content.decode()):
        query = more[1].replace("&amp;", "&")
        page = admin.client.get(f"{ADMIN}/{BOARD}cards/?{query}")
        shown += cards(page)
    assert shown == [120, 80, 300, 301, *before]


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize(
    "field",
    [
        "taskdock.taskdependency.blocker",
        "taskdock.checklistitem.task",
        "taskdock.attachment.task",
        "taskdock_comments.comment.task",
        "taskdock_timers.timer.task",
    ],
)
def test_fields_offer_the_task_of_the_number_first(admin, tasks, field, term):
    asked = dict(zip(("app_label", "model_name", "field_name"), field.split("."), strict=True))
    answer = admin.client.get(f"{ADMIN}/autocomplete/", {**asked, "term": term}).json()
    assert [int(row["id"]) for row in answer["results"]] == FOUND


def test_fields_of_other_rows_search_names_alone(admin, tasks):
    asked = {"app_label": "taskdock", "model_name": "task", "field_name": "project"}
    path = f"{ADMIN}/autocomplete/"
    assert admin.client.get(path, {**asked, "term": f"#{tasks.pk}"}).json()["results"] == []


@pytest.mark.parametrize("typed", TERMS)
def test_dependency_typed_by_its_number_without_a_script_is_added(admin, tasks, typed):
    path = f"{ADMIN}/{LIST}300/panels/dependencies/add-blocker/"
    assert admin.client.post(path, {"task-typed": typed}).status_code == 302
    assert TaskDependency.objects.get().blocker_id == 120


@pytest.mark.parametrize("term", TERMS)
def test_week_offers_the_task_of_the_number_first(admin, tasks, term):
    for n in range(30):
        make_task(f"120 {n}", project=tasks)
    day = timezone.localdate() if timezone.is_aware(timezone.now()) else timezone.now().date()
    cell = {"day": str(day), "cell_day": str(day), "cell_person": admin.user.pk, "q": term}
    page = admin.get("taskdock_timers/timer/week/", person="all", **cell).content.decode()
    offered = re.findall(r'<option value="(\d+)"', page[page.index('name="task"') :])
    assert offered[0] == "120"
    assert len(offered) == len(set(offered)) >= 25


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("120", 120),
        ("#120", 120),
        ("# 120", None),
        ("0", None),
        ("", None),
        ("#", None),
        ("12a", None),
        (str(2**63 - 1), 2**63 - 1),
        (str(2**63), None),
    ],
)
def test_number_in_a_text(text, number):
    assert number_in(text) == number
