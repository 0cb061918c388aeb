"""The list of tasks against an oracle in plain Python, over every way to ask."""

# ruff: noqa: RUF001 (letters that look alike are the point)

import datetime as dt
import itertools
import random
from types import SimpleNamespace

import pytest
from django.db.models import F, Window
from django.db.models.functions import DenseRank
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.database import atomic, connection
from tasks.models import Task, TaskPriority, TaskStatus
from tasks.people import ids_are_integers, wire_id
from tasks.platform import pages
from tasks.testing import make_client, make_milestone, make_project, make_task, make_user
from tests.moments import utc

TITLES = [
    *("Design", "design", "DESIGN", "Design homepage", "design Homepage", "100% done", "1000 done"),
    *("a_b", "a-b", "Éclair", "éclair", "eclair", "Straße", "STRASSE", "Ärger", "ärger", "Zebra"),
    *("zebra", "_", "10", "9", "ΟΔΟΣ", "οδος", "🚀 launch", "задача", "Задача", "it's", "C:\\x"),
]
TERMS = [
    *("design", "HOME", "%", "_", "é", "É", "ss", "ß", "Σ", "З", "🚀", "'", "\\", " ", "0", "e"),
    *("z", "Ä", "nothing of the kind"),
]
#: Half of the tasks were made at the same instant as another.
MOMENTS = [utc(2026, 3, day, 9, 30, 0, micro) for day in (1, 2) for micro in (0, 1)]
DUE_DATES = [None, None, dt.date(2026, 4, 1), dt.date(2026, 4, 30), dt.date(2027, 1, 1)]
NOWHERE = 10**12

in_one_transaction = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Sixty tasks with all that an order or a filter can stumble over, made once."""
    with django_db_blocker.unblock(), atomic():
        yield make_world(random.Random(7))
        connection().set_rollback(True)


def make_world(chance):
    acme = make_client("Acme")
    projects = [
        make_project("Site", client=acme),
        make_project("App", client=acme),
        make_project("Shop", client=make_client("Beta")),
        make_project("In-house", client=None),
        make_project("Empty"),
    ]
    extra = [make_milestone(project) for project in projects[:3]]
    people = [make_user() for _ in range(4)]
    statuses = [*TaskStatus.objects.exclude(title="Waiting")]
    priorities = [*TaskPriority.objects.exclude(title="Urgent")]
    for number in range(60):
        project = chance.choice(projects[:4])
        milestones = [*project.milestones.all()]
        task = make_task(
            TITLES[number % len(TITLES)],
            project=project,
            milestone_id=chance.choice(milestones).pk,
            status=chance.choice(statuses),
            priority=chance.choice(priorities),
            due_date=chance.choice(DUE_DATES),
            assigned=chance.sample(people[:3], chance.choice([0, 1, 1, 2, 3])),
            tags=chance.sample(["a", "B", "ä", "urgent"], chance.choice([0, 1, 2])),
            is_archived=chance.random() < 0.25,
        )
        moved = {"created_at": chance.choice(MOMENTS), "position": 1024 * chance.randrange(9)}
        Task.objects.filter(pk=task.pk).update(**moved)
    ranks = Task.objects.annotate(rank=Window(DenseRank(), order_by=F("title").asc()))
    return SimpleNamespace(
        tasks=[*Task.objects.select_related("project").prefetch_related("assignees")],
        # How the database sorts titles is its own affair; that the list sorts so is ours.
        title_rank=dict(ranks.values_list("pk", "rank")),
        values={
            "project_id": [*(project.pk for project in projects), NOWHERE],
            "client_id": [*{p.client_id for p in projects if p.client_id}, NOWHERE],
            "status": [*TaskStatus.objects.values_list("pk", flat=True), NOWHERE],
            "priority": [*TaskPriority.objects.values_list("pk", flat=True), NOWHERE],
            "milestone_id": [
                *(milestone.pk for milestone in extra),
                *(project.milestones.get(is_default=True).pk for project in projects),
                NOWHERE,
            ],
            "active_state": ["active", "archived"],
            "assigned_user_id": [
                *(wire_id(user.pk) for user in people),
                NOWHERE if ids_are_integers() else "00000000-0000-0000-0000-000000000000",
            ],
            "search": TERMS,
        },
    )


#: Whether a task is one that a filter asks for.
MATCHES = {
    "project_id": lambda task, value: task.project_id == value,
    "client_id": lambda task, value: task.project.client_id == value,
    "status": lambda task, value: task.status_id == value,
    "priority": lambda task, value: task.priority_id == value,
    "milestone_id": lambda task, value: task.milestone_id == value,
    "active_state": lambda task, value: task.is_archived == (value == "archived"),
    "assigned_user_id": lambda task, value: value in {
        wire_id(assignee.user_id) for assignee in task.assignees.all()
    },
    "search": lambda task, value: value.casefold() in task.title.casefold(),
}  # fmt: skip
SORTS = ["task_title", "task_date_due", "task_created", "task_position"]
ORDERS = ["asc", "desc"]


def matches(name, task, value):
    """Whether a task is one that a filter with a value, or with any of several, asks for."""
    values = value if isinstance(value, list) else [value]
    return any(MATCHES[name](task, one) for one in values)


def query(filters):
    """The filters as parameters: several values are an array of PHP's."""
    return {f"{n}[]" if isinstance(v, list) else n: v for n, v in filters.items()}


def expected_ids(world, filters, sort, order):
    """What the list must hold: the oracle."""
    column = {
        "task_title": lambda task: world.title_rank[task.pk],
        "task_date_due": lambda task: task.due_date,
        "task_created": lambda task: task.created_at,
        "task_position": lambda task: task.position,
    }[sort or "task_created"]
    found = [
        task
        for task in world.tasks
        if all(matches(name, task, value) for name, value in filters.items())
    ]
    dated = [task for task in found if column(task) is not None]
    undated = [task for task in found if column(task) is None]
    descending = order != "asc"
    dated.sort(key=lambda task: (column(task), task.pk), reverse=descending)
    undated.sort(key=lambda task: task.pk, reverse=descending)
    return [task.pk for task in dated + undated]


def ids_of(r):
    assert r.status_code == 200
    return [task["id"] for task in r.json()["data"]]


def given_only(**parameters):
    return {name: value for name, value in parameters.items() if value is not None}


def draw_filters(data, world, most):
    """Some filters, each with a value that exists or one that does not, or with several."""

    def values(name):
        one = st.sampled_from(world.values[name])
        return one if name == "search" else one | st.lists(one, min_size=1, max_size=6)

    names = data.draw(st.lists(st.sampled_from(sorted(MATCHES)), unique=True, max_size=most))
    return {name: data.draw(values(name), name) for name in names}


@settings(in_one_transaction, max_examples=300)
@given(
    data=st.data(),
    sort=st.sampled_from([None, *SORTS]),
    order=st.sampled_from([None, *ORDERS]),
    limit=st.sampled_from([None, 1, 2, 3, 7, 25, 59, 60, 61, 100, 101]),
    page=st.sampled_from([None, 1, 2, 3, 4, 9, 60, 61]),
    far=st.sampled_from([0, 1000]),
)
def test_list_with_any_parameters_equals_the_oracle(
    *, world, api, data, sort, order, limit, page, far
):
    filters = draw_filters(data, world, most=4)
    asked = given_only(sort=sort, order=order, limit=limit, page=page)
    with pytest.MonkeyPatch.context() as patched:
        # Far pages are read otherwise, from the nearer end; here any page may be far.
        patched.setattr(pages, "FAR", far)
        r = api.get("/tasks", **query(filters), **asked)
    ids = expected_ids(world, filters, sort, order)
    size, number = min(limit or 25, 100), page or 1
    assert ids_of(r) == ids[size * (number - 1) : size * number]
    assert r.json()["meta"] == {
        "current_page": number,
        "per_page": size,
        "total": len(ids),
        "last_page": max(1, (len(ids) + size - 1) // size),
    }


@pytest.mark.parametrize(("sort", "order"), [*itertools.product(SORTS, ORDERS)])
def test_list_in_each_order_equals_the_oracle_whatever_the_filter(world, api, sort, order):
    for name, values in world.values.items():
        for value in values:
            r = api.get("/tasks", **{name: value}, sort=sort, order=order, limit=100)
            assert ids_of(r) == expected_ids(world, {name: value}, sort, order), (name, value)


@pytest.mark.parametrize("pair", [*itertools.combinations(sorted(MATCHES), 2)], ids="-".join)
def test_list_with_two_filters_equals_the_oracle(world, api, pair):
    one, other = pair
    for values in itertools.product(world.values[one], world.values[other]):
        filters = dict(zip(pair, values, strict=True))
        ids = expected_ids(world, filters, "task_created", "desc")
        assert ids_of(api.get("/tasks", **filters, limit=100)) == ids, filters


@pytest.mark.parametrize("name", sorted(MATCHES.keys() - {"search"}))
@pytest.mark.parametrize(("sort", "order"), [*itertools.product(SORTS, ORDERS)])
def test_list_with_any_of_two_values_equals_the_oracle(*, world, api, name, sort, order):
    for pair in itertools.combinations(world.values[name], 2):
        r = api.get("/tasks", **{f"{name}[]": pair}, sort=sort, order=order, limit=100)
        ids = expected_ids(world, {name: [*pair]}, sort, order)
        assert (ids_of(r), r.json()["meta"]["total"]) == (ids, len(ids)), pair


@settings(in_one_transaction, max_examples=15)
@given(
    data=st.data(),
    sort=st.sampled_from(SORTS),
    order=st.sampled_from(ORDERS),
    limit=st.sampled_from([3, 7, 13, 25, 60]),
)
def test_walking_all_pages_lists_each_task_once(*, world, api, data, sort, order, limit):
    filters = draw_filters(data, world, most=1)
    walked, page, last_page = [], 0, 1
    while page < last_page:
        page += 1
        r = api.get("/tasks", **query(filters), sort=sort, order=order, limit=limit, page=page)
        walked += ids_of(r)
        last_page = r.json()["meta"]["last_page"]
    assert walked == expected_ids(world, filters, sort, order)


def test_listed_task_equals_the_task_alone(world, api):
    listed = api.get("/tasks", limit=100).json()["data"]
    assert len(listed) == len(world.tasks)
    for task in listed:
        assert api.get(f"/tasks/{task['id']}").json()["data"] == task


def test_world_has_what_orders_stumble_over(world, db):
    """The oracle is worth something only where there are ties, nulls and empty answers."""
    for column in ("created_at", "due_date", "position", "title"):
        values = [getattr(task, column) for task in world.tasks]
        assert len(set(values)) < len(values)
    assert any(task.due_date is None for task in world.tasks)
    assert any(task.project.client_id is None for task in world.tasks)
    assert {task.assignees.count() for task in world.tasks} >= {0, 1, 2}
    assert any(task.is_archived for task in world.tasks)
