"""``VISIBLE_TO`` at every endpoint: two people in turn, who share a process and see nothing of each
other's.

What is out of sight reads as what does not exist, wherever its id is put. The table has a case for
each operation of the reference: one that is added there is to be added here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import override_settings

from tasks.api.reference import document
from tasks.models import Task
from tasks.people import ids_are_integers, wire_id
from tests.sides import ONE_SIDED, Side, word_of

UNKNOWN = 987654321
UNKNOWN_PERSON = UNKNOWN if ids_are_integers() else str(uuid.UUID(int=UNKNOWN))
#: Whose ids the parameters of paths are, and the fields and filters that name one.
ROWS: Mapping[str, Callable[[Side], Any]] = {
    "task": lambda side: side.task.pk,
    "item": lambda side: side.item.pk,
    "project": lambda side: side.project.pk,
    "milestone": lambda side: side.launch.pk,
    "client": lambda side: side.client.pk,
    "person": lambda side: wire_id(side.colleague.pk),
    "comment": lambda side: side.comment.pk,
    "item_comment": lambda side: side.item_comment.pk,
    "timesheet": lambda side: side.timesheet.pk,
    "items": lambda side: [side.other_item.pk, side.item.pk],
    "milestones": lambda side: [side.launch.pk],
    "people": lambda side: [wire_id(side.colleague.pk)],
}
#: What is not there, in the form that each has.
MISSING: Mapping[str, Any] = {
    **dict.fromkeys(ROWS, UNKNOWN),
    "person": UNKNOWN_PERSON,
    "items": [UNKNOWN, UNKNOWN + 1],
    "milestones": [UNKNOWN],
    "people": [UNKNOWN_PERSON],
}


@dataclass(frozen=True)
class Case:
    """An operation: the rows in its path, its body and the rows in that, and its filters."""

    path: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)
    rows: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Any] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)
    #: How many rows of a list are one's own.
    total: int | None = None
    #: Whether it is the same for everybody.
    is_shared: bool = False


TASK, PROJECT = {"task_id": "task"}, {"project_id": "project"}
ITEM, MILESTONE = {"item_id": "item"}, {"milestone_id": "milestone"}
ON_TASK, ON_ITEM = {"subject_id": "task"}, {"subject_id": "item"}
SHEET = {"timesheet_id": "timesheet"}
NEW_TASK = {"task_title": "New", "task_status": 1, "task_priority": 1}
IN_PROJECT = {"task_projectid": "project", "task_milestoneid": "milestone"}
STARTED = {"project_date_start": "2026-06-01"}
NEW_MILESTONE = {"milestone_title": "New", "milestone_color": "info"}
TIME = {"hours": 1, "minutes": 0}

CASES: Mapping[str, Case] = {
    "tasks_list": Case(
        filters={
            "project_id": "project",
            "client_id": "client",
            "milestone_id": "milestone",
            "assigned_user_id": "person",
        },
        total=2,
    ),
    "tasks_create": Case(body=NEW_TASK, rows=IN_PROJECT),
    "tasks_retrieve": Case(TASK),
    "tasks_update": Case(TASK, NEW_TASK, {"task_milestoneid": "milestone"}),
    "tasks_destroy": Case(TASK),
    "tasks_set_status": Case(TASK, {"status": 3}),
    "tasks_set_assigned": Case(TASK, rows={"assigned": "people"}),
    "tasks_set_tags": Case(TASK, {"tags": ["new"]}),
    "tasks_archive": Case(TASK),
    "tasks_activate": Case(TASK),
    "tasks_clone": Case(
        TASK,
        {"task_title": "Copy", "task_status": 1, "copy_checklist": "on", "copy_files": "on"},
        {"project_id": "project", "task_milestoneid": "milestone"},
    ),
    "checklists_list": Case(
        query={"resource_type": "task"}, filters={"resource_id": "task"}, total=2
    ),
    "checklists_create": Case(
        body={"checklistresource_type": "task", "checklist_text": "New"},
        rows={"checklistresource_id": "task"},
    ),
    "checklists_set_positions": Case(rows={"checklist_ids": "items"}),
    "checklists_retrieve": Case(ITEM),
    "checklists_update": Case(ITEM, {"checklist_text": "New"}),
    "checklists_destroy": Case(ITEM),
    "checklists_set_status": Case(ITEM, {"status": "completed"}),
    "projects_list": Case(filters={"client_id": "client"}, total=2),
    "projects_create": Case(
        body={"project_title": "New"} | STARTED,
        rows={"project_clientid": "client", "project_creatorid": "person"},
    ),
    "projects_retrieve": Case(PROJECT),
    "projects_update": Case(PROJECT, {"project_title": "New"} | STARTED),
    "projects_destroy": Case(PROJECT),
    "projects_assign": Case(PROJECT, rows={"assigned": "people"}),
    "projects_set_manager": Case(PROJECT, rows={"manager": "person"}),
    "projects_set_status": Case(PROJECT, {"status": "in_progress"}),
    "projects_set_progress": Case(PROJECT, {"progress": 40}),
    "projects_set_tags": Case(PROJECT, {"tags": ["new"]}),
    "projects_archive": Case(PROJECT),
    "projects_restore": Case(PROJECT),
    "projects_clone": Case(
        PROJECT,
        {"project_title": "Copy", "copy_tasks": "on", "copy_milestones": "on"},
        {"project_clientid": "client"},
    ),
    "milestones_list": Case(filters={"project_id": "project"}, total=2),
    "milestones_create": Case(body=NEW_MILESTONE, rows={"milestone_projectid": "project"}),
    "milestones_set_positions": Case(rows={"milestones": "milestones"}),
    "milestones_retrieve": Case(MILESTONE),
    "milestones_update": Case(MILESTONE, NEW_MILESTONE),
    "milestones_destroy": Case(MILESTONE),
    "statuses_list": Case(is_shared=True),
    "statuses_retrieve": Case({"status_id": "1"}, is_shared=True),
    "priorities_list": Case(is_shared=True),
    "priorities_retrieve": Case({"priority_id": "1"}, is_shared=True),
    "clients_list": Case(total=1),
    "clients_retrieve": Case({"client_id": "client"}),
    "team_list": Case(total=2),
    "team_retrieve": Case({"person_id": "person"}),
    "task_comments_list": Case(ON_TASK, total=1),
    "task_comments_create": Case(ON_TASK, {"comment": "New"}),
    "task_comments_destroy": Case(ON_TASK | {"comment_id": "comment"}),
    "checklist_comments_list": Case(ON_ITEM, total=1),
    "checklist_comments_create": Case(ON_ITEM, {"comment": "New"}),
    "checklist_comments_destroy": Case(ON_ITEM | {"comment_id": "item_comment"}),
    "task_timers_list": Case(TASK, total=2),
    "tasks_stop_all": Case(TASK),
    "projects_stop_all": Case(PROJECT),
    "timesheets_list": Case(
        filters={
            "task_id": "task",
            "project_id": "project",
            "client_id": "client",
            "user_id": "person",
        },
        total=2,
    ),
    "timesheets_create": Case(
        body=TIME | {"timer_created": "2026-06-17"},
        rows={"task_id": "task", "user_id": "person"},
    ),
    "timesheets_retrieve": Case(SHEET),
    "timesheets_update": Case(SHEET, TIME),
    "timesheets_destroy": Case(SHEET),
}
OPERATIONS = {
    operation["operationId"]: (method.upper(), path, operation)
    for path, methods in document("")["paths"].items()
    for method, operation in methods.items()
}
NARROWED = [name for name, case in CASES.items() if not case.is_shared]
LISTS = [name for name, case in CASES.items() if case.total is not None]


@pytest.fixture
def turns(make_api):
    """Three turns of two people: who asks, their side, and the side of the other."""
    sides = [Side("annas"), Side("berts")]
    one, other = ((make_api(user=side.user), side) for side in sides)
    with override_settings(TASKDOCK=ONE_SIDED):
        yield [(*one, other[1]), (*other, one[1]), (*one, other[1])]


def send(api, name, rows, **changes):
    """The good request to an operation, with rows of a side, or some of them changed."""
    method, path, _ = OPERATIONS[name]
    case = CASES[name]

    def row(place, kind):
        return changes.get(place, rows[kind](rows["side"]) if kind in ROWS else kind)

    for parameter, kind in case.path.items():
        path = path.replace(f"{{{parameter}}}", str(row(parameter, kind)))
    body = {name: changes.get(name, value) for name, value in case.body.items()}
    body |= {place: row(place, kind) for place, kind in case.rows.items()}
    if method == "GET":
        query = {**case.query, **{k: v for k, v in changes.items() if k in case.filters}}
        needed = {k: row(k, kind) for k, kind in case.filters.items() if required(name, k)}
        return api.get(path, **(needed | query))
    return api.request(method, path, body or "")


def of(side):
    return {**ROWS, "side": side}


def required(name, parameter):
    """Whether a list can't do without a filter."""
    parameters = OPERATIONS[name][2].get("parameters", ())
    return any(item["name"] == parameter and item.get("required") for item in parameters)


def told(response):
    return response.status_code, response.json()


def test_every_operation_of_the_reference_has_a_case():
    assert set(CASES) == set(OPERATIONS)


@pytest.mark.parametrize("name", CASES)
def test_case_names_all_rows_that_a_request_can_name(name):
    """Whatever is called like an id in the reference is in the table."""
    _, path, operation = OPERATIONS[name]
    case = CASES[name]
    assert set(case.path) == {part[1:-1] for part in path.split("/") if part.startswith("{")}
    query = {p["name"] for p in operation.get("parameters", ()) if p["in"] == "query"}
    assert {name for name in query if name.endswith("_id")} <= {*case.filters, "role_id"}
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    properties = set(content.get("schema", {}).get("properties", {}))
    ids = {
        name
        for name in properties
        if name.endswith(("id", "_ids")) or name in {"assigned", "manager", "milestones"}
    }
    assert ids == set(case.rows)


@pytest.mark.parametrize("name", [name for name in NARROWED if CASES[name].path])
def test_path_to_what_is_out_of_sight_reads_as_one_to_nothing(turns, unchanged, name):
    gone = set()
    for api, mine, theirs in turns:
        with unchanged():
            unknown = told(
                send(api, name, of(mine), **{k: MISSING[v] for k, v in CASES[name].path.items()})
            )
            assert unknown[0] == 404
            hidden = {place: ROWS[kind](theirs) for place, kind in CASES[name].path.items()}
            assert told(send(api, name, of(mine), **hidden)) == unknown
            # Of a path with two, also where only the last is out of sight.
            for place, value in hidden.items():
                assert send(api, name, of(mine), **{place: value}).status_code == 404
        if name.endswith("destroy"):
            if mine.word in gone:
                continue
            gone.add(mine.word)
        response = send(api, name, of(mine))
        assert response.status_code in {200, 201}
        assert theirs.word not in response.content.decode()


@pytest.mark.parametrize("name", [name for name in NARROWED if CASES[name].rows])
def test_id_in_a_body_of_what_is_out_of_sight_reads_as_one_of_nothing(turns, unchanged, name):
    for turn, (api, mine, theirs) in enumerate(turns):
        with unchanged():
            for place, kind in CASES[name].rows.items():
                unknown = told(send(api, name, of(mine), **{place: MISSING[kind]}))
                assert unknown[0] in {404, 409, 422}, (place, unknown)
                hidden = ROWS[kind](theirs)
                assert told(send(api, name, of(mine), **{place: hidden})) == unknown, place
                if isinstance(hidden, list):
                    own = ROWS[kind](mine)
                    beside = [
                        told(send(api, name, of(mine), **{place: own + others}))
                        for others in (MISSING[kind], hidden)
                    ]
                    assert beside[0][0] == 422
                    assert beside[0] == beside[1], place
        # A project has one milestone of a title.
        titles = {place for place in CASES[name].body if place == "milestone_title"}
        response = send(api, name, of(mine), **dict.fromkeys(titles, f"New {turn}"))
        assert response.status_code in {200, 201}, response.content
        assert theirs.word not in response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_list_holds_and_counts_ones_own_alone(turns, name):
    for api, mine, theirs in turns:
        response = send(api, name, of(mine))
        assert response.status_code == 200
        answer = response.json()
        assert theirs.word not in response.content.decode()
        total = CASES[name].total
        assert (len(answer["data"]), answer["meta"]["total"]) == (total, total)
        first = send(api, name, of(mine)).json()["meta"]
        assert first == answer["meta"]


@pytest.mark.parametrize("name", [name for name in LISTS if CASES[name].filters])
def test_list_narrowed_by_what_is_out_of_sight_reads_as_by_nothing(turns, name):
    for api, mine, theirs in turns:
        for place, kind in CASES[name].filters.items():
            unknown = told(send(api, name, of(mine), **{place: MISSING[kind]}))
            hidden = told(send(api, name, of(mine), **{place: ROWS[kind](theirs)}))
            assert hidden == unknown, place
            assert theirs.word not in str(hidden)


@pytest.mark.parametrize(
    "name", [name for name in LISTS if "search" in str(OPERATIONS[name][2].get("parameters"))]
)
def test_search_finds_ones_own_alone(turns, name):
    for api, mine, theirs in turns:
        _, path, _ = OPERATIONS[name]
        needed = {k: ROWS[kind](mine) for k, kind in CASES[name].filters.items()}
        needed = {k: v for k, v in needed.items() if required(name, k)}
        assert api.get(path, search=theirs.word, **needed).json()["data"] == []
        assert api.get(path, search=mine.word, **needed).json()["data"] != []


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.is_shared])
def test_what_is_everybodys_is_the_same_for_both(turns, name):
    answers = [told(send(api, name, of(mine))) for api, mine, _ in turns]
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 200


def test_numbers_tell_nothing_of_what_is_out_of_sight(turns):
    """Tasks, time and progress in one project of one client, where each sees a part."""
    (one, mine, theirs), (other, _, _), _ = turns
    shared = {"VISIBLE_TO": own_tasks_alone}
    Task.objects.filter(pk=theirs.task.pk).update(
        project=mine.project, milestone=mine.milestone, status_id=2
    )
    with override_settings(TASKDOCK=shared):
        for api, number, progress in [(one, 2, 0), (other, 1, 100), (one, 2, 0)]:
            project = api.get(f"/projects/{mine.project.pk}").json()["data"]
            assert project["progress"] == progress
            listed = api.get("/projects", sort="project_progress").json()["data"]
            assert project in listed
            rows = api.get("/milestones", project_id=mine.project.pk).json()["data"]
            assert sum(row["tasks_count"] for row in rows) == number
            sheets = api.get("/timesheets", project_id=mine.project.pk).json()
            assert (sheets["meta"]["total"], len(sheets["data"])) == (2, 2)
            assert 3600 <= sheets["meta"]["time_seconds"] < 2 * 3600


def own_tasks_alone(queryset, actor):
    """All projects, and of their tasks those with the word of their viewer."""
    if queryset.model is not Task or actor.user is None:
        return queryset
    return queryset.filter(title__contains=word_of(actor.user))
