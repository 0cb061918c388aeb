"""Each parameter of ``GET /tasks`` alone: what it finds, what it ignores, what it refuses."""

# ruff: noqa: RUF001 (letters that look alike are the point)

import uuid
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest

from tasks.models import TaskPriority, TaskStatus
from tasks.people import ids_are_integers, wire_id
from tasks.testing import make_milestone, make_project, make_task, make_user

ID_PARAMETERS = ["project_id", "client_id", "status", "priority", "milestone_id"]
NO_INTEGERS = [
    *("1.0", "1_0", "+7", " 7 ", "7\n", "-1", "-0", "1e3", "0x1", "1,000", "[1]", "1\x00"),
    *("abc", "true", "null", "None", "٣", "１", "²", "𝟏", "½", "📋"),
]
IDS_OF_NOTHING = ["0", str(2**31), str(2**63 - 1), str(2**63), str(2**64), str(10**40)]


@pytest.fixture
def board(db):
    """Four tasks, of which every filter finds some and leaves others."""
    acme = make_project("Acme's")
    inhouse = make_project("In-house", client=None)
    milestone = make_milestone(acme)
    ann, bob = make_user(), make_user()
    status = {status.pk: status for status in TaskStatus.objects.all()}
    priority = {priority.pk: priority for priority in TaskPriority.objects.all()}
    first = make_task("First", project=acme, priority=priority[2], assigned=[ann], tags=["b", "a"])
    second = make_task(
        "Second", project=acme, status=status[2], milestone_id=milestone.pk, assigned=[bob, ann]
    )
    third = make_task("Third", project=inhouse, status=status[3], priority=priority[3])
    fourth = make_task("Fourth", project=inhouse, status=status[3], is_archived=True)
    return SimpleNamespace(
        acme=acme, inhouse=inhouse, milestone=milestone, ann=ann, bob=bob,
        first=first, second=second, third=third, fourth=fourth,
    )  # fmt: skip


@pytest.fixture
def answer(api):
    """Makes the whole answer that a list of these tasks, in this order, must be."""

    def make(tasks, *, total=None, page=1, limit=25):
        total = len(tasks) if total is None else total
        return {
            "data": [api.get(f"/tasks/{task.pk}").json()["data"] for task in tasks],
            "meta": {
                "current_page": page,
                "per_page": limit,
                "total": total,
                "last_page": max(1, (total + limit - 1) // limit),
            },
            "message": "Tasks retrieved successfully.",
        }

    return make


def refusal(**errors):
    return {
        "message": "The given data was invalid.",
        "errors": {name: [text] for name, text in errors.items()},
    }


def newest_first(board):
    return [board.fourth, board.third, board.second, board.first]


def test_list_without_parameters_returns_all_tasks_newest_first(api, board, answer):
    r = api.get("/tasks")
    assert r.status_code == 200
    assert r.json() == answer(newest_first(board))


def test_list_without_tasks_has_one_empty_page(api, answer):
    r = api.get("/tasks")
    assert r.status_code == 200
    assert r.json() == answer([])
    assert r.json()["meta"] == {"current_page": 1, "per_page": 25, "total": 0, "last_page": 1}


@pytest.mark.parametrize(
    ("parameter", "value", "found"),
    [
        ("project_id", lambda board: board.acme.pk, ["second", "first"]),
        ("project_id", lambda board: f"000{board.inhouse.pk}", ["fourth", "third"]),
        ("client_id", lambda board: board.acme.client_id, ["second", "first"]),
        ("status", lambda _: 1, ["first"]),
        ("status", lambda _: 3, ["fourth", "third"]),
        ("priority", lambda _: 1, ["fourth", "second"]),
        ("priority", lambda _: 3, ["third"]),
        ("milestone_id", lambda board: board.milestone.pk, ["second"]),
        ("milestone_id", lambda board: board.third.milestone_id, ["fourth", "third"]),
        ("active_state", lambda _: "active", ["third", "second", "first"]),
        ("active_state", lambda _: "archived", ["fourth"]),
        ("assigned_user_id", lambda board: wire_id(board.ann.pk), ["second", "first"]),
        ("assigned_user_id", lambda board: wire_id(board.bob.pk), ["second"]),
        ("search", lambda _: "ir", ["third", "first"]),
    ],
)
def test_list_with_filter_returns_what_matches(*, api, board, answer, parameter, value, found):
    r = api.get("/tasks", **{parameter: value(board)})
    assert r.status_code == 200
    assert r.json() == answer([getattr(board, name) for name in found])


def test_list_with_several_filters_returns_what_matches_all(api, board, answer):
    filters = {"project_id": board.acme.pk, "assigned_user_id": wire_id(board.ann.pk)}
    assert api.get("/tasks", **filters, status=2).json() == answer([board.second])
    assert api.get("/tasks", **filters, status=3).json() == answer([])


@pytest.mark.parametrize(
    ("sort", "order", "found"),
    [
        ("task_created", "asc", ["first", "second", "third", "fourth"]),
        ("task_created", "desc", ["fourth", "third", "second", "first"]),
        ("task_title", "asc", ["first", "fourth", "second", "third"]),
        ("task_title", "desc", ["third", "second", "fourth", "first"]),
        ("task_title", "", ["third", "second", "fourth", "first"]),
        ("", "asc", ["first", "second", "third", "fourth"]),
        # Positions: all are the first of their column but the fourth, after the third.
        ("task_position", "asc", ["first", "second", "third", "fourth"]),
        ("task_position", "desc", ["fourth", "third", "second", "first"]),
        # No due dates at all: what remains is the id.
        ("task_date_due", "asc", ["first", "second", "third", "fourth"]),
        ("task_date_due", "desc", ["fourth", "third", "second", "first"]),
    ],
)
def test_list_with_sort_and_order_returns_that_order(*, api, board, answer, sort, order, found):
    r = api.get("/tasks", sort=sort, order=order)
    assert r.status_code == 200
    assert r.json() == answer([getattr(board, name) for name in found])


@pytest.mark.parametrize(
    ("query", "found", "page", "limit"),
    [
        ({"limit": 3}, ["fourth", "third", "second"], 1, 3),
        ({"limit": 3, "page": 2}, ["first"], 2, 3),
        ({"limit": 3, "page": 3}, [], 3, 3),
        ({"limit": 1, "page": "0004"}, ["first"], 4, 1),
        ({"limit": 4, "page": 2}, [], 2, 4),
        ({"limit": 100}, ["fourth", "third", "second", "first"], 1, 100),
        ({"limit": 101}, ["fourth", "third", "second", "first"], 1, 100),
        ({"limit": 10**20}, ["fourth", "third", "second", "first"], 1, 100),
        ({"limit": 10**20, "page": 2}, [], 2, 100),
        ({"page": 2**31}, [], 2**31, 25),
        ({"page": 2**63 - 1}, [], 2**63 - 1, 25),
        ({"page": 2**63}, [], 2**63, 25),
        ({"page": 2**64}, [], 2**64, 25),
        ({"page": 10**40}, [], 10**40, 25),
    ],
)
def test_list_with_page_and_limit_returns_that_page(
    *, api, board, answer, query, found, page, limit
):
    r = api.get("/tasks", **query)
    assert r.status_code == 200
    expected = answer([getattr(board, name) for name in found], total=4, page=page, limit=limit)
    assert r.json() == expected


@pytest.mark.parametrize(
    "name",
    [
        *ID_PARAMETERS,
        *("active_state", "assigned_user_id", "search", "sort", "order", "limit", "page"),
    ],
)
def test_list_with_empty_parameter_takes_it_as_absent(api, board, answer, name):
    r = api.get("/tasks", **{name: ""})
    assert r.status_code == 200
    assert r.json() == answer(newest_first(board))


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("status=3&status=1", ["first"]),
        ("status=abc&status=1", ["first"]),
        ("status=1&priority=2&status=2&priority=1", ["second"]),
        ("status=1&status=", ["fourth", "third", "second", "first"]),
        ("active_state=dead&active_state=archived", ["fourth"]),
        ("search=First&search=Second", ["second"]),
        ("sort=title&sort=task_title&order=up&order=asc", ["first", "fourth", "second", "third"]),
        ("limit=1&limit=0&limit=25&page=9&page=1", ["fourth", "third", "second", "first"]),
    ],
)
def test_list_with_repeated_parameter_counts_the_last(api, board, answer, query, found):
    r = api.get(f"/tasks?{query}")
    assert r.status_code == 200
    assert r.json() == answer([getattr(board, name) for name in found])


def test_list_with_repeated_parameter_refuses_a_wrong_last(api):
    r = api.get("/tasks?status=1&status=abc&limit=5&limit=0")
    assert r.status_code == 422
    assert r.json() == refusal(
        status="The status must be an integer.", limit="The limit must be at least 1."
    )


@pytest.mark.parametrize(
    "query",
    [
        *("colour=red", "status[=1", "[status]=1", "status[0]x=abc", "Status=1", "STATUS=abc"),
        *("task_status=1", "offset=3", "page[=9", "per_page=1", "format=xml", "_=1", "=1", "&&"),
        *("id=1", "project=1", "project__client=1", "version=9", "%FF=%FF"),
    ],
)
def test_list_with_unknown_parameter_ignores_it(api, board, answer, query):
    r = api.get(f"/tasks?{query}")
    assert r.status_code == 200
    assert r.json() == answer(newest_first(board))


@pytest.mark.parametrize("value", NO_INTEGERS)
@pytest.mark.parametrize("name", [*ID_PARAMETERS, "limit", "page"])
def test_list_with_no_integer_is_refused(api, name, value):
    r = api.get("/tasks", **{name: value})
    assert r.status_code == 422
    spoken = name.replace("_", " ")
    assert r.json() == refusal(**{name: f"The {spoken} must be an integer."})


@pytest.mark.parametrize("value", NO_INTEGERS)
def test_list_with_no_user_id_is_refused(api, value):
    r = api.get("/tasks", assigned_user_id=value)
    assert r.status_code == 422
    form = "an integer" if ids_are_integers() else "a valid user id"
    assert r.json() == refusal(assigned_user_id=f"The assigned user id must be {form}.")


def test_list_with_user_id_of_another_form_is_refused(api):
    """Where people have integers a UUID is no id, and the other way round."""
    number = ids_are_integers()
    r = api.get("/tasks", assigned_user_id=str(uuid.uuid4()) if number else "5")
    assert r.status_code == 422
    form = "an integer" if number else "a valid user id"
    assert r.json() == refusal(assigned_user_id=f"The assigned user id must be {form}.")


@pytest.mark.parametrize("value", IDS_OF_NOTHING)
@pytest.mark.parametrize("name", ID_PARAMETERS)
def test_list_with_id_of_nothing_is_empty(api, board, answer, name, value):
    r = api.get("/tasks", **{name: value})
    assert r.status_code == 200
    assert r.json() == answer([])


def test_list_with_id_of_nobody_is_empty(api, board, answer):
    for value in IDS_OF_NOTHING if ids_are_integers() else [str(uuid.uuid4())]:
        r = api.get("/tasks", assigned_user_id=value)
        assert r.status_code == 200
        assert r.json() == answer([])


def test_list_with_id_of_nothing_beside_a_wrong_parameter_is_refused(api):
    r = api.get("/tasks", project_id=10**40, order="up")
    assert r.status_code == 422
    assert r.json() == refusal(order="The selected order is invalid.")


@pytest.mark.parametrize("name", ["limit", "page"])
@pytest.mark.parametrize("value", ["0", "000"])
def test_list_with_page_or_limit_of_zero_is_refused(api, name, value):
    r = api.get("/tasks", **{name: value})
    assert r.status_code == 422
    assert r.json() == refusal(**{name: f"The {name} must be at least 1."})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("active_state", value)
            for value in ("dead", "Active", "ACTIVE", "active ", "0", "\x00")
        ),
        *(("sort", value) for value in ("title", "task_status", "-task_title", "id", "pk", "?")),
        *(("sort", value) for value in ("task_title,task_created", "TASK_TITLE", "task_title\x00")),
        *(("order", value) for value in ("up", "ASC", "Desc", "ascending", "1", "desc ", "\x00")),
    ],
)
def test_list_with_undocumented_word_is_refused(api, name, value):
    r = api.get("/tasks", **{name: value})
    assert r.status_code == 422
    spoken = name.replace("_", " ")
    assert r.json() == refusal(**{name: f"The selected {spoken} is invalid."})


def test_list_with_everything_wrong_reports_all_errors_together(api):
    parameters = dict.fromkeys([*ID_PARAMETERS, "assigned_user_id", "limit"], "+")
    words = {"active_state": "dead", "search": "\x00", "sort": "id", "order": "up", "page": "0"}
    r = api.get(f"/tasks?{urlencode(parameters | words)}")
    assert r.status_code == 422
    form = "an integer" if ids_are_integers() else "a valid user id"
    assert r.json() == refusal(
        project_id="The project id must be an integer.",
        client_id="The client id must be an integer.",
        status="The status must be an integer.",
        priority="The priority must be an integer.",
        milestone_id="The milestone id must be an integer.",
        assigned_user_id=f"The assigned user id must be {form}.",
        active_state="The selected active state is invalid.",
        search="The search contains characters that can't be stored.",
        sort="The selected sort is invalid.",
        order="The selected order is invalid.",
        limit="The limit must be an integer.",
        page="The page must be at least 1.",
    )
