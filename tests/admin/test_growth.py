"""No page of the admin takes more queries, or counts more rows, for there being more of them.

The pages are those that the site has: one of a new model is tested by being registered.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin import site
from django.contrib.admin.templatetags.admin_list import result_headers
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tasks.actors import Actor
from tasks.admin.deletion import COUNTED as COUNTED_IN_DELETIONS
from tasks.admin.lists import ACTED_ON, COUNTED, latest
from tasks.admin.people import FOUND, LISTED
from tasks.models import Client, HistoryEntry, Milestone, Project, Tag, Task, TaskStatus
from tasks.services.history import entry
from tasks.testing import make_client, make_project, make_task, make_user
from tests.conftest import ADMIN
from tests.growth.rows import Rows

LABELS = {config.label for config in apps.get_app_configs() if "taskdock" in config.label}
#: The admin's pages of our models, by the model's name.
PAGES = {
    str(model._meta.model_name): page
    for model, page in site._registry.items()
    if model._meta.app_label in LABELS
}
#: What a site has hundreds or thousands of, and not millions.
FEW = {"project", "milestone", "client", "taskstatus", "taskpriority", "tag", "apikey"}
#: What the busiest pages take: that of a task with its panels, and what goes with several projects.
MOST_QUERIES = 35
MANY = 25


Request = tuple[str, str, dict[str, Any]]


def _requests(admin: Any, model: str, row: Any) -> Iterator[tuple[str, Request]]:
    """Every question that the pages of a model answer, by name: method, path, data."""
    page = PAGES[model]
    yield from _lists(admin, page)
    yield "add", ("get", _path(page, "add"), {})
    for name in ("change", "history", "delete"):
        yield name, ("get", _path(page, name, row.pk), {})
    for field in getattr(page, "people_fields", {}):
        yield f"people {field}", ("get", _path(page, "people", field), {"term": "a"})
    for field in page.opts.get_fields():
        target = getattr(PAGES.get(_model_of(field)), "search_fields", ())
        if target and field.concrete:
            where = {"app_label": page.opts.app_label, "model_name": model}
            search = {"term": "a", "field_name": field.name, **where}
            yield f"complete {field.name}", ("get", reverse("admin:autocomplete"), search)
    delete = {"action": "delete_selected", "_selected_action": [row.pk]}
    yield "delete selected", ("post", _path(page, "changelist"), delete)


def _lists(admin: Any, page: Any) -> Iterator[tuple[str, Request]]:
    """The list of a page: searched, sorted by each column, and by each filter."""
    path = _path(page, "changelist")
    changelist = admin.client.get(path).context["cl"]
    yield "list", ("get", path, {})
    yield "list with counts", ("get", path, {"_facets": "True"})
    if page.search_fields:
        yield "search", ("get", path, {"q": "a"})
        yield "search in vain", ("get", path, {"q": "zzz"})
    for number in _sortable(changelist):
        yield f"sort {number}", ("get", path, {"o": f"{number}.-1"})
    for spec in changelist.filter_specs:
        # Choices may come with the rows; some are there from the start.
        for place, choice in enumerate(list(spec.choices(changelist))[1:3]):
            yield f"filter {spec.title} {place}", ("get", path + choice["query_string"], {})


def _sortable(changelist: Any) -> list[int]:
    headers = enumerate(result_headers(changelist))
    return [number for number, header in headers if header.get("sortable")]


def _path(page: Any, name: str, *args: Any) -> str:
    return reverse(f"admin:{page.opts.app_label}_{page.opts.model_name}_{name}", args=args)


def _model_of(field: Any) -> str:
    target = field.related_model
    return "" if target is None else str(target._meta.model_name)


def _statements(admin: Any, request: Request) -> list[str]:
    method, path, data = request
    with CaptureQueriesContext(connection) as captured:
        response = getattr(admin.client, method)(path, data)
    assert response.status_code in {200, 302, 403}, request
    return [query["sql"] for query in captured.captured_queries]


def _row(model: str, rows: Rows) -> Any:
    """The row of a model that the most hangs on, or any."""
    name = {"taskstatus": "status", "taskpriority": "priority"}.get(model, model)
    return getattr(rows, name, None) or PAGES[model].model._default_manager.first()


@pytest.fixture
def rows(admin) -> Rows:
    rows = Rows()
    rows.grow(1)
    return rows


@pytest.mark.parametrize("model", PAGES)
def test_pages_of_many_take_as_many_queries_as_of_one(admin, rows, model):
    row, everything = _row(model, rows), PAGES[model].model._default_manager
    assert row is not None, f"tests.growth.rows has nothing for the pages of {model}"
    requests = dict(_requests(admin, model, row))
    few = {name: len(_statements(admin, request)) for name, request in requests.items()}
    before = everything.count()
    rows.grow(MANY - 1)
    assert everything.count() > before
    for name, request in requests.items():
        statements = _statements(admin, request)
        # A filter that found nothing may find something now: then it takes what the list does.
        allowed = max(few[name], few["list"] if name.startswith("filter") else 0)
        assert len(statements) <= min(allowed, MOST_QUERIES), (name, statements)
        for sql in statements:
            assert "COUNT(" not in sql or re.search(r"LIMIT \d+", sql), (name, sql)


@pytest.mark.parametrize("model", sorted(PAGES.keys() - FEW))
def test_lists_that_grow_are_sorted_by_indexes_alone(admin, rows, model):
    page = PAGES[model]
    indexed = {index.fields[0].lstrip("-") for index in page.opts.indexes if index.fields}
    changelist = admin.client.get(_path(page, "changelist")).context["cl"]
    columns = [changelist.list_display[number] for number in _sortable(changelist)]
    sortable = {changelist.get_ordering_field(column) for column in columns}
    assert sortable <= indexed


@pytest.mark.parametrize("model", PAGES)
def test_forms_offer_no_more_for_there_being_more(admin, rows, model):
    page, row = PAGES[model], _row(model, rows)

    def options() -> int:
        paths = (_path(page, "add"), _path(page, "change", row.pk), _path(page, "changelist"))
        return sum(admin.client.get(path).content.decode().count("<option") for path in paths)

    _crowd(LISTED)
    few = options()
    make_user()
    for number in range(3):
        project = make_project(f"More {number}")
        make_task(project=project, assigned=[make_user()], tags=[f"more {number}"])
    assert options() == few


def test_list_of_more_than_is_counted_says_so_and_goes_on(admin):
    Tag.objects.bulk_create(Tag(name=f"{n:05}") for n in range(COUNTED + 150))
    html = admin.get("taskdock/tag/").content.decode()
    assert "more than 10000 tags" in html
    html = admin.get("taskdock/tag/", p=3).content.decode()
    assert f"{COUNTED + 150} tags" in html
    last = admin.get("taskdock/tag/", p=102).content.decode()
    assert ">10149<" in last
    assert ">10100<" in last
    assert ">10099<" not in last
    assert admin.get("taskdock/tag/", p=103).status_code == 302
    found = admin.get("taskdock/tag/", q="0").content.decode()
    assert "(<a href=" in found


def test_search_that_finds_more_than_is_counted_says_so(admin, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    Tag.objects.bulk_create(Tag(name=f"tag {n:05}") for n in range(COUNTED + 1))
    html = admin.get("taskdock/tag/", q="tag").content.decode()
    assert "more than 10,000 results" in html
    assert "more than 10,000 tags" in html
    assert "…" in html


@pytest.mark.parametrize("page", ["0", "-1", "abc", "9" * 30, "9" * 5000, "\x00", "1.5"])
@pytest.mark.parametrize("path", ["taskdock/task/", "taskdock/task/{pk}/history/", "people"])
def test_page_that_is_none_answers(admin, path, page):
    path = path.format(pk=make_task().pk).replace("people", "taskdock/task/people/assigned/")
    response = admin.client.get(f"{ADMIN}/{path}", {"p": page}, follow=True)
    assert response.status_code == 200


def test_pages_show_every_row_once_in_their_order(admin):
    Client.objects.bulk_create(Client(name=f"{n:03}") for n in reversed(range(250)))
    shown = []
    for page in (1, 2, 3):
        rows = admin.get("taskdock/client/", p=page).context["cl"].result_list
        shown += [row.name for row in rows]
    assert shown == [f"{n:03}" for n in range(250)]


def test_action_on_more_rows_than_one_takes_is_refused(admin, messages_of):
    Project.objects.bulk_create(Project(title=f"{n}") for n in range(ACTED_ON + 1))
    first = Project.objects.first()
    html = admin.get("taskdock/project/").content.decode()
    assert "across all pages" not in html
    yes = {"confirmed": "yes", "select_across": "1"}
    answer = admin.action("taskdock/project/", "archive", [first], **yes)
    assert messages_of(answer) == [
        "At most 500 rows at once: narrow the list by a filter or a search."
    ]
    assert not Project.objects.filter(is_archived=True).exists()
    first.delete()
    assert "Select all 500 projects" in admin.get("taskdock/project/").content.decode()
    some = Project.objects.first()
    admin.action("taskdock/project/", "archive", [some], **yes)
    assert Project.objects.filter(is_archived=True).count() == ACTED_ON


def test_deletion_of_very_much_counts_a_part_and_says_so(admin):
    # Not the default status, which is not to be deleted at all.
    task = make_task(status=TaskStatus.objects.get(pk=3))
    Task.objects.bulk_create(
        Task(
            project_id=task.project_id,
            milestone_id=task.milestone_id,
            status_id=task.status_id,
            priority_id=task.priority_id,
            title=f"{n}",
        )
        for n in range(COUNTED_IN_DELETIONS)
    )
    page = admin.get(f"taskdock/project/{task.project_id}/delete/")
    counts = {str(name): str(count) for name, count in page.context["model_count"]}
    assert (counts["projects"], counts["tasks"]) == ("1", "more than 1000")
    assert "Tasks: more than 1000" in page.content.decode()
    page = admin.get(f"taskdock/taskstatus/{task.status_id}/delete/")
    assert str(page.context["protected"][-1]) == "and more than 950 more tasks"


def test_latest_rows_are_those_that_were_written_last(db):
    for number in range(5):
        entry(actor=Actor(), verb=f"{number}", subject=Milestone(pk=1, title="A")).save()
    rows = HistoryEntry.objects.order_by("pk")
    assert [row.verb for row in latest(rows, 2)] == ["3", "4"]
    assert len(latest(rows, 5)) == 5
    assert len(latest(rows, 6)) == 5


def _crowd(number: int) -> None:
    User.objects.bulk_create(
        User(username=f"crowd{n:03}", first_name="Crowd", last_name=f"{n}", is_staff=True)
        for n in range(number)
    )


@pytest.mark.parametrize(
    ("page", "field"),
    [("taskdock/task", "assigned"), ("taskdock/project", "manager"), ("taskdock/client", "owner")],
)
def test_form_searches_people_where_they_are_many(admin, page, field):
    assert "data-ajax--url" not in _field(admin, page, field)
    _crowd(LISTED + 1)
    html = _field(admin, page, field)
    assert f'data-ajax--url="{ADMIN}/{page}/people/{field}/"' in html
    assert "crowd" not in html


def _field(admin: Any, page: str, field: str) -> str:
    form = admin.get(f"{page}/add/").context["adminform"].form
    return str(form[field])


def test_people_are_found_by_every_word_in_pages(admin):
    _crowd(FOUND + 5)
    outsider = make_user(is_staff=False, first_name="Crowd", last_name="outside")
    first = admin.get("taskdock/task/people/assigned/", term="crowd").json()
    assert len(first["results"]) == FOUND
    assert first["results"][0]["text"] == "Crowd 0 (crowd000)"
    assert first["pagination"] == {"more": True}
    second = admin.get("taskdock/task/people/assigned/", term="crowd", page=2).json()
    assert (len(second["results"]), second["pagination"]) == (5, {"more": False})
    assert str(outsider.pk) not in {row["id"] for row in first["results"] + second["results"]}
    one = admin.get("taskdock/task/people/assigned/", term="CROWD 21").json()
    assert [row["text"] for row in one["results"]] == ["Crowd 21 (crowd021)"]
    assert admin.get("taskdock/task/people/assigned/", term="\x00").json()["results"] == []


def test_person_found_by_searching_is_chosen_and_stays_shown(admin):
    _crowd(LISTED + 1)
    person = User.objects.get(username="crowd007")
    task = make_task()
    path = f"taskdock/task/{task.pk}/change/"
    admin.open(path).submit(assigned=[person.pk])
    assert [row.user for row in task.assignees.all()] == [person]
    page = admin.open(path)
    assert page.values["assigned"] == [str(person.pk)]
    page.submit(title="New")
    assert [row.user for row in task.assignees.all()] == [person]


def test_people_are_shown_to_those_alone_who_may_use_the_form(make_staff):
    assert make_staff("view_task").get("taskdock/task/people/assigned/").status_code == 403
    assert make_staff("add_task").get("taskdock/task/people/assigned/").status_code == 200
    assert make_staff("change_task").get("taskdock/task/people/title/").status_code == 404


def test_deletion_page_of_a_client_names_what_is_in_the_way(admin):
    client = make_client()
    make_project("In the way", client=client)
    html = admin.get(f"taskdock/client/{client.pk}/delete/").content.decode()
    assert "In the way" in html
