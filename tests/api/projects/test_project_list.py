"""``GET /projects``: filters, search, sorting and pages."""

import datetime as dt

import pytest

from tasks.models import Project
from tasks.testing import make_client, make_project, make_task
from tests.api.answers import expect, expect_errors
from tests.api.projects.values import CHARACTERS, INTEGER, SELECTED, worded
from tests.api.projects.world import make_done, many
from tests.moments import utc

FIRST_DAY = utc(2026, 6, 1)
DAY = dt.timedelta(days=1)
SORTS = (
    "project_title",
    "project_status",
    "project_date_start",
    "project_date_due",
    "project_created",
    "project_progress",
)


@pytest.fixture
def shelf(db):
    """Four projects, in the order in which they were made; ``d`` belongs to nobody.

    Their progress: a 50 of tasks, b 33 of tasks, c 40 by hand, d nothing.
    """
    acme, globex = make_client("Acme"), make_client("Globex")
    first = FIRST_DAY.date()
    made = {
        "a": make_project("alpha 100%", client=acme, status="completed", start_date=first),
        "b": make_project(
            "Beta_Straße", client=acme, status="on_hold", start_date=first - DAY, due_date=first
        ),
        "c": make_project(
            "Café ΟΔΟΣ",
            client=globex,
            status="not_started",
            manual_progress=40,
            due_date=first + DAY,
        ),
        "d": make_project("delta 1000", client=None, status="on_hold", is_archived=True),
    }
    make_done(made["a"])
    make_task(project=made["a"])
    make_done(made["b"])
    for _ in range(2):
        make_task(project=made["b"])
    for _ in range(3):
        make_done(made["c"])
    for number, project in enumerate(made.values()):
        Project.objects.filter(pk=project.pk).update(created_at=FIRST_DAY + number * DAY)
    return made


def named(shelf, names):
    return [shelf[name] for name in names.split()]


def test_list_holds_all_newest_first(api, shelf):
    expect(api.get("/projects"), 200, many(named(shelf, "d c b a")))


def test_list_without_projects_is_one_empty_page(api, db):
    expect(api.get("/projects"), 200, many([]))


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"status": "on_hold"}, "d b"),
        ({"status": "in_progress"}, ""),
        ({"status": "cancelled"}, ""),
        ({"status": ""}, "d c b a"),
        ({"active_state": "active"}, "c b a"),
        ({"active_state": "archived"}, "d"),
        ({"active_state": "archived", "status": "on_hold"}, "d"),
        ({"active_state": "active", "status": "on_hold", "search": "BETA"}, "b"),
        ({"client_id": "0"}, ""),
        ({"client_id": "987654321"}, ""),
        ({"client_id": str(2**63)}, ""),
        ({"client_id": str(2**64)}, ""),
        ({"search": "BETA"}, "b"),
        ({"search": "strasse"}, "b"),
        ({"search": "STRASSE"}, "b"),
        ({"search": "ß"}, "b"),
        ({"search": "CAFÉ"}, "c"),
        ({"search": "οδος"}, "c"),
        ({"search": "100%"}, "a"),
        ({"search": "%"}, "a"),
        ({"search": "_"}, "b"),
        ({"search": "a%"}, ""),
        ({"search": "\\"}, ""),
        ({"search": "'"}, ""),
        ({"search": "a"}, "d c b a"),
        ({"search": " "}, "d c a"),
        ({"search": "x" * 1000}, ""),
        ({"search": ""}, "d c b a"),
        ({"category_id": "x", "whatever": "\x00"}, "d c b a"),
        ({"order": "asc"}, "a b c d"),
        ({"order": "desc"}, "d c b a"),
        ({"sort": ""}, "d c b a"),
        ({"sort": "project_created"}, "d c b a"),
        ({"sort": "project_created", "order": "asc"}, "a b c d"),
        ({"sort": "project_status"}, "d b c a"),
        ({"sort": "project_status", "order": "asc"}, "a c b d"),
        # Days that are not there come last in both directions, by id in the same.
        ({"sort": "project_date_start"}, "a b d c"),
        ({"sort": "project_date_start", "order": "asc"}, "b a c d"),
        ({"sort": "project_date_due"}, "c b d a"),
        ({"sort": "project_date_due", "order": "asc"}, "b c a d"),
        ({"sort": "project_progress"}, "a c b d"),
        ({"sort": "project_progress", "order": "asc"}, "d b c a"),
        ({"sort": "project_progress", "search": "alpha"}, "a"),
        ({"sort": "project_progress", "limit": "2"}, "a c"),
    ],
)
def test_list_with_parameters_holds_what_they_ask_for(api, shelf, parameters, found):
    r = api.get("/projects", **parameters)
    rows = named(shelf, found)
    limit = int(parameters.get("limit", 25))
    expect(r, 200, many(rows, total=4 if limit < 25 else None, limit=limit))


def test_list_of_a_client_holds_the_projects_of_it(api, shelf):
    for name, found in [("a", "b a"), ("c", "c")]:
        r = api.get("/projects", client_id=shelf[name].client_id)
        expect(r, 200, many(named(shelf, found)))
        r = api.get("/projects", client_id=f"00{shelf[name].client_id}")
        expect(r, 200, many(named(shelf, found)))


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_list_by_title_is_as_the_database_sorts_text(api, shelf, order):
    rows = list(Project.objects.order_by("title" if order == "asc" else "-title"))
    expect(api.get("/projects", sort="project_title", order=order), 200, many(rows))


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(("order", "found"), [("asc", "a b c d"), ("desc", "d c b a")])
def test_list_with_ties_is_sorted_by_id_in_the_same_direction(api, shelf, sort, order, found):
    Project.objects.update(
        title="x",
        status="on_hold",
        start_date=FIRST_DAY,
        due_date=None,
        created_at=FIRST_DAY,
        manual_progress=33,
    )
    # Of tasks, where the others say so by hand.
    Project.objects.filter(pk=shelf["b"].pk).update(manual_progress=None)
    assert api.get(f"/projects/{shelf['b'].pk}").json()["data"]["progress"] == 33
    rows = named(shelf, found)
    expect(api.get("/projects", sort=sort, order=order), 200, many(rows))
    pages = [
        api.get("/projects", sort=sort, order=order, limit=1, page=page).json()["data"][0]["id"]
        for page in range(1, 5)
    ]
    assert pages == [row.pk for row in rows]


@pytest.mark.parametrize(
    ("parameters", "found", "page", "limit"),
    [
        ({"limit": "3"}, "d c b", 1, 3),
        ({"limit": "3", "page": "2"}, "a", 2, 3),
        ({"limit": "3", "page": "3"}, "", 3, 3),
        ({"limit": "100"}, "d c b a", 1, 100),
        ({"limit": "101"}, "d c b a", 1, 100),
        ({"limit": str(2**64), "page": "1"}, "d c b a", 1, 100),
        ({"limit": "", "page": ""}, "d c b a", 1, 25),
        ({"page": str(2**63)}, "", 2**63, 25),
    ],
)
def test_list_with_page_holds_that_page(*, api, shelf, parameters, found, page, limit):
    expected = many(named(shelf, found), total=4, page=page, limit=limit)
    expect(api.get("/projects", **parameters), 200, expected)


POSITIVE = "The {} must be at least 1."


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        *((f"status={text}", {"status": SELECTED}) for text in ("dead", "Completed", "1", "%00")),
        *((f"active_state={text}", {"active_state": SELECTED}) for text in ("dead", "on", "%00")),
        *((f"sort={text}", {"sort": SELECTED}) for text in ("title", "pk", "task_title", "%00")),
        ("sort=progress", {"sort": SELECTED}),
        *((f"order={text}", {"order": SELECTED}) for text in ("up", "ASC", "-")),
        *((f"client_id={text}", {"client_id": INTEGER}) for text in ("x", "-1", "1.0", "%00")),
        ("search=a%00", {"search": CHARACTERS}),
        *((f"page={text}", {"page": INTEGER}) for text in ("-1", "x", "1.0", "%D9%A3")),
        *((f"{name}=0", {name: POSITIVE}) for name in ("page", "limit")),
        ("status=on_hold&status=dead", {"status": SELECTED}),
        (
            "status=x&active_state=x&client_id=x&search=%00&sort=x&order=x&page=x&limit=0",
            {
                "status": SELECTED,
                "client_id": INTEGER,
                "active_state": SELECTED,
                "search": CHARACTERS,
                "sort": SELECTED,
                "order": SELECTED,
                "page": INTEGER,
                "limit": POSITIVE,
            },
        ),
    ],
)
def test_list_with_wrong_parameters_is_invalid(api, shelf, query, wrong):
    r = api.request("GET", f"/projects?{query}")
    expect_errors(r, {name: [worded(text, name)] for name, text in wrong.items()})


@pytest.mark.parametrize("query", ["search=%FF", "search=%ED%A0%80", "a[b", "=", "status"])
def test_list_with_odd_bytes_answers(api, shelf, query):
    assert api.request("GET", f"/projects?{query}").status_code == 200


def test_list_counts_what_matches_and_not_what_there_is(api, shelf):
    r = api.get("/projects", active_state="active", limit=2, page=2)
    expect(r, 200, many(named(shelf, "a"), total=3, page=2, limit=2))
