"""PHP's arrays in queries: on every list a filter for any of the values."""

from types import SimpleNamespace
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.models import Client, Project, TaskStatus
from tasks.people import ids_are_integers, wire_id
from tasks.platform.several import MAX_VALUES
from tasks.statements import forget, seen
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from tests.api.answers import expect_errors, not_an_id
from timers.testing import make_time

NOWHERE = 10**12


@pytest.fixture
def board(db):
    """Three of everything, of which two are often asked for."""
    clients = [make_client(name) for name in ("Acme", "Beta", "Gamma")]
    clients[2].status = Client.Status.SUSPENDED
    clients[2].save()
    states = [Project.Status.IN_PROGRESS, Project.Status.ON_HOLD, Project.Status.COMPLETED]
    projects = [
        make_project(f"Project {number}", client=client, status=state)
        for number, (client, state) in enumerate(zip(clients, states, strict=True))
    ]
    people = [make_user(), make_user(), make_user(is_superuser=True)]
    tasks = [
        make_task(
            f"Task {number}",
            project=project,
            status=TaskStatus.objects.get(pk=number + 1),
            priority_id=number + 1,
            assigned=people[: number + 1],
            is_archived=number == 0,
        )
        for number, project in enumerate(projects)
    ]
    timers = [
        make_time(task, user=person, seconds=60 * (number + 1), is_invoiced=number == 0)
        for number, (task, person) in enumerate(zip(tasks, people, strict=True))
    ]
    people[2].is_active = False
    people[2].save()
    return SimpleNamespace(
        clients=clients, projects=projects, people=people, tasks=tasks, timers=timers
    )


def get(api, path, *pairs):
    return api.request("GET", f"{path}?{urlencode(pairs)}")


def ids(response):
    assert response.status_code == 200, response.content
    data = response.json()
    assert data["meta"]["total"] == len(data["data"])
    return sorted(row["id"] for row in data["data"])


def pks(rows):
    return sorted(wire_id(row.pk) for row in rows)


#: A list, a filter, two of its values, and which of the three rows those find.
FILTERS = {
    "tasks by status": ("/tasks", "status", lambda _: [1, 3], "tasks", [0, 2]),
    "tasks by priority": ("/tasks", "priority", lambda _: [2, 3], "tasks", [1, 2]),
    "tasks by project": ("/tasks", "project_id", lambda b: pks(b.projects[:2]), "tasks", [0, 1]),
    "tasks by client": ("/tasks", "client_id", lambda b: pks(b.clients[1:]), "tasks", [1, 2]),
    "tasks by milestone": (
        "/tasks",
        "milestone_id",
        lambda b: [b.tasks[0].milestone_id, b.tasks[2].milestone_id],
        "tasks",
        [0, 2],
    ),
    "tasks by assignee": (
        "/tasks",
        "assigned_user_id",
        lambda b: pks(b.people[1:]),
        "tasks",
        [1, 2],
    ),
    "tasks by state": (
        "/tasks",
        "active_state",
        lambda _: ["active", "archived"],
        "tasks",
        [0, 1, 2],
    ),
    "projects by status": (
        "/projects",
        "status",
        lambda _: ["in_progress", "completed"],
        "projects",
        [0, 2],
    ),
    "projects by client": (
        "/projects",
        "client_id",
        lambda b: pks(b.clients[1:]),
        "projects",
        [1, 2],
    ),
    "projects by state": (
        "/projects",
        "active_state",
        lambda _: ["archived", "active"],
        "projects",
        [0, 1, 2],
    ),
    "timesheets by task": ("/timesheets", "task_id", lambda b: pks(b.tasks[1:]), "timers", [1, 2]),
    "timesheets by project": (
        "/timesheets",
        "project_id",
        lambda b: pks(b.projects[:2]),
        "timers",
        [0, 1],
    ),
    "timesheets by client": (
        "/timesheets",
        "client_id",
        lambda b: pks(b.clients[1:]),
        "timers",
        [1, 2],
    ),
    "timesheets by person": (
        "/timesheets",
        "user_id",
        lambda b: pks(b.people[:2]),
        "timers",
        [0, 1],
    ),
    "timesheets by status": (
        "/timesheets",
        "status",
        lambda _: ["stopped", "running"],
        "timers",
        [0, 1, 2],
    ),
    "timesheets by billing": (
        "/timesheets",
        "billing_status",
        lambda _: ["invoiced", "not_invoiced"],
        "timers",
        [0, 1, 2],
    ),
    "clients by status": (
        "/clients",
        "status",
        lambda _: ["active", "suspended"],
        "clients",
        [0, 1, 2],
    ),
}


@pytest.mark.parametrize(("path", "name", "values", "rows", "found"), FILTERS.values(), ids=FILTERS)
def test_filter_with_several_values_finds_rows_with_any(
    *, api, board, path, name, values, rows, found
):
    one, other = values(board)
    expected = pks(getattr(board, rows)[place] for place in found)
    for pairs in (
        [(f"{name}[]", one), (f"{name}[]", other)],
        [(f"{name}[0]", one), (f"{name}[1]", other)],
        [(f"{name}[7]", other), (f"{name}[3]", one)],
        [(f"{name}[]", ""), (f"{name}[]", other), (f"{name}[]", one), (f"{name}[]", other)],
        [(name, other), (f"{name}[]", one), (f"{name}[]", other)],
    ):
        assert ids(get(api, path, *pairs)) == expected, pairs
    plain = urlencode([(f"{name}[]", one), (f"{name}[]", other)], safe="[]")
    assert ids(api.request("GET", f"{path}?{plain}")) == expected


@pytest.mark.parametrize(("path", "name", "values", "rows", "found"), FILTERS.values(), ids=FILTERS)
def test_filter_with_one_value_in_an_array_is_that_with_the_value(
    *, api, board, path, name, values, rows, found
):
    for value in values(board):
        alone = get(api, path, (name, value)).json()
        for pairs in (
            [(f"{name}[]", value)],
            [(f"{name}[5]", value)],
            [(f"{name}[]", value), (f"{name}[]", value)],
            [(f"{name}[]", ""), (f"{name}[]", value)],
        ):
            assert get(api, path, *pairs).json() == alone, pairs
        after = [(f"{name}[]", value), (f"{name}[]", value), (name, value)]
        assert get(api, path, *after).json() == alone


@pytest.mark.parametrize(("path", "name"), [case[:2] for case in FILTERS.values()], ids=FILTERS)
def test_filter_with_an_empty_array_counts_as_absent(api, board, path, name):
    everything = get(api, path).json()
    for pairs in (
        [(f"{name}[]", "")],
        [(f"{name}[0]", "")],
        [(f"{name}[]", ""), (f"{name}[]", "")],
        [("other[]", "1"), ("other[a]", "1"), (f"{name}[", "1"), (f"[{name}]", "1")],
    ):
        assert get(api, path, *pairs).json() == everything, pairs


@pytest.mark.parametrize(
    ("status", "found"),
    [
        (["active", "suspended"], [0, 1, 2]),
        (["suspended", "suspended"], [2]),
        (["active"], [0, 1]),
    ],
)
def test_team_by_any_status_finds_members_with_any(api, board, status, found):
    members = {wire_id(board.people[place].pk) for place in found}
    response = get(api, "/team", *[("status[]", word) for word in status])
    listed = {member["id"] for member in response.json()["data"]}
    assert listed & {*pks(board.people)} == members


def test_team_by_any_role_finds_members_with_any(api, board):
    def listed(*roles):
        response = get(api, "/team", *[("role_id[]", role) for role in roles])
        return {m["id"] for m in response.json()["data"]} & {*pks(board.people)}

    assert listed(1, 3) == {*pks(board.people)}
    assert listed(3, 2, NOWHERE) == {*pks(board.people[:2])}
    assert listed(1, 1) == {*pks(board.people[2:])}
    assert listed(2, 4) == set()


def test_milestones_by_any_type_are_those_of_any(api, board):
    project = board.projects[0]
    made = make_milestone(project)
    kinds = [("type[]", "categorised"), ("type[]", "uncategorised")]
    both = get(api, "/milestones", ("project_id", project.pk), *kinds)
    assert ids(both) == pks(project.milestones.all())
    one = get(api, "/milestones", ("project_id[]", project.pk), ("type[]", "categorised"))
    assert ids(one) == [made.pk]


def test_timesheets_between_several_days_are_those_of_the_widest_time(api, board):
    for number, timer in enumerate(board.timers):
        type(timer).objects.filter(pk=timer.pk).update(work_date=f"2026-06-0{number + 1}")
    since = [("date_start[]", "2026-06-03"), ("date_start[]", "2026-06-02")]
    assert ids(get(api, "/timesheets", *since)) == pks(board.timers[1:])
    until = [("date_end[]", "2026-06-01"), ("date_end[]", "2026-06-02")]
    assert ids(get(api, "/timesheets", *until)) == pks(board.timers[:2])


def test_timesheets_of_any_project_are_added_up(api, board):
    pairs = [("project_id[]", project.pk) for project in board.projects[1:]]
    assert get(api, "/timesheets", *pairs).json()["meta"]["time_seconds"] == 120 + 180
    everything = [("billing_status[]", "invoiced"), ("billing_status[]", "not_invoiced")]
    assert get(api, "/timesheets", *everything).json()["meta"]["time_seconds"] == 360


@pytest.mark.parametrize(
    "pairs",
    [
        [("status[]", "1"), ("status[]", NOWHERE)],
        [("status[]", "1"), ("status[]", 10**40)],
        [("status[]", "001"), ("status[]", "1")],
        [("status[1798761600000]", "1")],
    ],
)
def test_ids_of_nothing_among_others_find_nothing_more(api, board, pairs):
    assert ids(get(api, "/tasks", *pairs)) == pks(board.tasks[:1])


def test_ids_of_nothing_alone_find_nothing(api, board):
    assert ids(get(api, "/tasks", ("status[]", NOWHERE), ("status[]", 10**40))) == []
    assert ids(get(api, "/tasks", ("status[]", 10**40), ("status[]", 10**41))) == []


WRONG = {
    "no integer": ("/tasks", ["status[]=x"], {"status.0": "The status.0 must be an integer."}),
    "no integer among others": (
        "/tasks",
        ["status[]=1", "status[]=", "status[]=1.0", "status[]=-1"],
        {
            "status.2": "The status.2 must be an integer.",
            "status.3": "The status.3 must be an integer.",
        },
    ),
    "no word": (
        "/tasks",
        ["active_state[]=active", "active_state[]=dead"],
        {"active_state.1": "The selected active state.1 is invalid."},
    ),
    "word of projects": (
        "/projects",
        ["status[4]=1"],
        {"status.0": "The selected status.0 is invalid."},
    ),
    "named key": ("/tasks", ["status[a]=1"], {"status": "The status must be an array."}),
    "named key beside": (
        "/tasks",
        ["status[]=1", "status[a]=1"],
        {"status": "The status must be an array."},
    ),
    "nested": (
        "/tasks",
        ["status[0][x]=1"],
        {"status.0": "The selected status.0 is invalid."},
    ),
    "nested brackets": (
        "/tasks",
        ["status[]=2", "status[][]=1"],
        {"status.1": "The selected status.1 is invalid."},
    ),
    "too many": (
        "/tasks",
        [f"status[]={number}" for number in range(MAX_VALUES + 1)],
        {"status": "The status may not have more than 100 items."},
    ),
    "day": (
        "/timesheets",
        ["date_start[]=2026-06-31"],
        {"date_start.0": "The date start.0 is not a valid date."},
    ),
    "role": ("/team", ["role_id[]=x"], {"role_id.0": "The role id.0 must be an integer."}),
    "page": ("/tasks", ["page[]=1"], {"page": "The page must be an integer."}),
    "empty page": ("/tasks", ["page[]="], {"page": "The page must be an integer."}),
    "limit": ("/projects", ["limit[0]=1"], {"limit": "The limit must be an integer."}),
    "sort": ("/clients", ["sort[]=client_status"], {"sort": "The selected sort is invalid."}),
    "order": ("/team", ["order[x]=asc"], {"order": "The selected order is invalid."}),
    "search": ("/tasks", ["search[]=a"], {"search": "The search must be a string."}),
    "search of the team": ("/team", ["search[0]=a"], {"search": "The search must be a string."}),
    "all at once": (
        "/tasks",
        ["search[]=a", "page[]=1", "status[]=x", "priority=y"],
        {
            "search": "The search must be a string.",
            "page": "The page must be an integer.",
            "status.0": "The status.0 must be an integer.",
            "priority": "The priority must be an integer.",
        },
    ),
    "no project": (
        "/milestones",
        ["project_id[]="],
        {"project_id": "The project id field is required."},
    ),
    "several projects": (
        "/milestones",
        ["project_id[]=1", "project_id[]=2"],
        {"project_id": "The project id must be an integer."},
    ),
    "several parents": (
        "/checklists",
        ["resource_type=task", "resource_id[]=1", "resource_id[]=2"],
        {"resource_id": "The resource id must be an integer."},
    ),
    "kinds of parents": (
        "/checklists",
        ["resource_type[]=task", "resource_type[]=project", "resource_id=1"],
        {"resource_type": "The selected resource type is invalid."},
    ),
}


@pytest.mark.parametrize(("path", "query", "errors"), WRONG.values(), ids=WRONG)
def test_array_that_is_wrong_is_refused(api, board, path, query, errors):
    response = api.request("GET", f"{path}?{'&'.join(query)}")
    expect_errors(response, {name: [text] for name, text in errors.items()})


@pytest.mark.parametrize("name", ["assigned_user_id", "user_id"])
def test_person_in_the_wrong_form_is_refused(api, board, name):
    path = "/tasks" if name == "assigned_user_id" else "/timesheets"
    wrong = str(uuid4()) if ids_are_integers() else "7"
    response = get(api, path, (f"{name}[]", wire_id(board.people[0].pk)), (f"{name}[]", wrong))
    expect_errors(response, {f"{name}.1": [not_an_id(f"{name.replace('_', ' ')}.1")]})


def test_checklist_of_a_parent_in_arrays_is_that_of_the_parent(api, board):
    alone = [("resource_type", "task"), ("resource_id", board.tasks[0].pk)]
    arrays = [("resource_type[]", "task"), ("resource_id[0]", board.tasks[0].pk)]
    assert get(api, "/checklists", *arrays).json() == get(api, "/checklists", *alone).json()


def test_list_takes_as_many_values_as_documented(api, board):
    pairs = [("project_id[]", 10**9 + number) for number in range(MAX_VALUES - 1)]
    pairs.append(("project_id[]", board.projects[0].pk))
    assert ids(get(api, "/tasks", *pairs)) == pks(board.tasks[:1])


def test_number_of_values_has_a_bounded_number_of_statements(api, board):
    """However many values there are, they make a few statements; 99 sizes would push others out."""
    forget()
    for number in range(2, MAX_VALUES + 1):
        get(api, "/tasks", *[("status[]", value) for value in range(number)])
    assert seen.__globals__["_kept"].cache_info().currsize < 40


@pytest.mark.parametrize("name", ["status", "assigned_user_id", "client_id"])
def test_list_with_several_values_takes_the_same_queries_for_any_number(api, board, name):
    values = {
        "status": [1, 2, 3],
        "assigned_user_id": pks(board.people),
        "client_id": pks(board.clients),
    }[name]

    def count(chosen):
        with CaptureQueriesContext(connection()) as captured:
            assert get(api, "/tasks", *[(f"{name}[]", value) for value in chosen]).json()["data"]
        return len(captured)

    count(values)
    assert count(values[:2]) == count(values)
