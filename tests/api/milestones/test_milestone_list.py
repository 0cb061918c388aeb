"""``GET /milestones`` and ``GET /milestones/{id}``: objects, filters, sorting, pages, queries."""

import datetime as dt

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.models import Milestone
from tasks.people import users, wire_id
from tasks.services.milestones import create_milestone
from tasks.testing import make_actor, make_milestone, make_project, make_task
from tests.api.answers import expect, expect_errors
from tests.api.milestones.world import NOT_FOUND, many, one
from tests.api.path_ids import UNKNOWN
from tests.api.projects.values import CHARACTERS, INTEGER, REQUIRED, SELECTED, WRONG_IDS, worded
from tests.moments import utc

#: The key, the project, the ids of the page, its milestones.
QUERIES = 4
FIRST_DAY = utc(2026, 6, 1)
LONG_AGO = utc(2026, 1, 1, 9, 30)


def get(api, plan, **parameters):
    return api.get("/milestones", project_id=plan.project.pk, **parameters)


def test_retrieve_is_the_documented_object(api, plan):
    Milestone.objects.update(created_at=LONG_AGO, updated_at=LONG_AGO)
    dates = dict.fromkeys(("created", "updated"), "2026-01-01T09:30:00.000000Z")
    c = {
        "id": plan.c.pk,
        "title": "c",
        "project_id": plan.project.pk,
        "type": "categorised",
        "color": "success",
        "position": 4096,
        "creator_id": wire_id(plan.creator.pk),
        "tasks_count": 0,
        "dates": dates,
    }
    default = {
        "id": plan.default.pk,
        "title": "Uncategorised",
        "project_id": plan.project.pk,
        "type": "uncategorised",
        "color": "default",
        "position": 1024,
        "creator_id": None,
        "tasks_count": 1,
        "dates": dates,
    }
    for data in (c, default):
        for path in ("/milestones/{}", "/milestones/{}/", "/milestones/000{}"):
            expected = {"data": data, "message": "Milestone retrieved successfully."}
            expect(api.get(path.format(data["id"])), 200, expected)


def test_retrieve_counts_archived_tasks_too(api, plan):
    expect(api.get(f"/milestones/{plan.a.pk}"), 200, one(plan.a))
    assert one(plan.a)["data"]["tasks_count"] == 2


def test_retrieve_of_one_whose_creator_is_gone_says_nobody(api, plan):
    users().get(pk=plan.creator.pk).delete()
    assert api.get(f"/milestones/{plan.c.pk}").json()["data"]["creator_id"] is None


def test_retrieve_of_an_unknown_one_is_not_found(api, plan):
    for text in UNKNOWN.values():
        expect(api.get(f"/milestones/{text.format(id=plan.a.pk)}"), 404, NOT_FOUND)


def test_list_is_by_position_from_the_first(api, plan):
    expect(get(api, plan), 200, many(plan.named("default a b c")))
    r = api.get("/milestones", project_id=f"00{plan.other.pk}")
    expect(r, 200, many([plan.other.milestones.get(is_default=True), plan.stranger]))


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"type": "categorised"}, "a b c"),
        ({"type": "uncategorised"}, "default"),
        ({"type": ""}, "default a b c"),
        ({"search": "A"}, "default a"),
        ({"search": "UNCAT"}, "default"),
        ({"search": "%"}, ""),
        ({"search": "_"}, ""),
        ({"search": "x" * 1000}, ""),
        ({"search": "c", "type": "categorised"}, "c"),
        ({"order": "asc"}, "default a b c"),
        ({"order": "desc"}, "c b a default"),
        # Sorted by what was asked for, the last come first, as everywhere.
        ({"sort": "milestone_position"}, "c b a default"),
        ({"sort": "milestone_position", "order": "asc"}, "default a b c"),
        ({"sort": "milestone_position", "order": "desc"}, "c b a default"),
        ({"sort": "milestone_created"}, "b a default c"),
        ({"sort": "milestone_created", "order": "asc"}, "c default a b"),
        ({"sort": "", "order": ""}, "default a b c"),
        ({"whatever": "\x00"}, "default a b c"),
    ],
)
def test_list_with_parameters_holds_what_they_ask_for(api, plan, parameters, found):
    for place, milestone in enumerate(plan.named("c default a b")):
        row = Milestone.objects.filter(pk=milestone.pk)
        row.update(created_at=FIRST_DAY + place * dt.timedelta(days=1))
    expect(get(api, plan, **parameters), 200, many(plan.named(found)))


def test_list_searches_beyond_ascii_and_takes_wildcards_literally(api, db):
    project = make_project()
    rows = [make_milestone(project, title) for title in ("Straße 100%", "a_b", "ΟΔΟΣ É")]
    for text, place in [("STRASSE", 0), ("0%", 0), ("_", 1), ("οδος", 2), ("é", 2)]:
        r = api.get("/milestones", project_id=project.pk, search=text)
        expect(r, 200, many([rows[place]]))


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_list_by_title_is_as_the_database_sorts_text(api, plan, order):
    make_milestone(plan.project, "Éclair")
    column = "title" if order == "asc" else "-title"
    rows = [*plan.project.milestones.order_by(column)]
    expect(get(api, plan, sort="milestone_title", order=order), 200, many(rows))
    if order == "desc":
        expect(get(api, plan, sort="milestone_title"), 200, many(rows))


@pytest.mark.parametrize("sort", [None, "milestone_position", "milestone_created"])
@pytest.mark.parametrize(("order", "found"), [("asc", "default a b c"), ("desc", "c b a default")])
def test_list_with_ties_is_sorted_by_id_in_the_same_direction(api, plan, sort, order, found):
    Milestone.objects.update(position=7, created_at=FIRST_DAY)
    parameters = {"order": order} if sort is None else {"order": order, "sort": sort}
    expect(get(api, plan, **parameters), 200, many(plan.named(found)))


@pytest.mark.parametrize(
    ("parameters", "found", "page", "limit"),
    [
        ({"limit": "3"}, "default a b", 1, 3),
        ({"limit": "3", "page": "2"}, "c", 2, 3),
        ({"limit": "3", "page": "3"}, "", 3, 3),
        ({"limit": "1000"}, "default a b c", 1, 100),
        ({"page": str(2**63)}, "", 2**63, 25),
    ],
)
def test_list_with_page_holds_that_page(*, api, plan, parameters, found, page, limit):
    expected = many(plan.named(found), total=4, page=page, limit=limit)
    expect(get(api, plan, **parameters), 200, expected)


@pytest.mark.parametrize("query", ["", "?project_id=", "?project=1", "?projectid=1&search=a"])
def test_list_without_project_is_invalid(api, plan, query):
    r = api.request("GET", f"/milestones{query}")
    expect_errors(r, {"project_id": ["The project id field is required."]})


def test_list_of_a_project_that_is_none_is_invalid(api, plan):
    for value, template in WRONG_IDS:
        if not isinstance(value, str) or value == "\ud800":
            continue
        r = api.get("/milestones", project_id=value)
        expect_errors(r, {"project_id": [worded(template, "project_id")]})
    r = api.request("GET", f"/milestones?project_id[]={plan.project.pk}&project_id[]=1")
    expect_errors(r, {"project_id": [worded(INTEGER, "project_id")]})


def test_list_counts_the_last_of_a_repeated_project(api, plan):
    r = api.request("GET", f"/milestones?project_id=0&project_id={plan.project.pk}")
    expect(r, 200, many(plan.named("default a b c")))


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        *((f"type={text}", {"type": SELECTED}) for text in ("default", "Categorised", "1", "%00")),
        *((f"sort={text}", {"sort": SELECTED}) for text in ("title", "position", "task_title")),
        *((f"order={text}", {"order": SELECTED}) for text in ("up", "ASC")),
        ("search=%00", {"search": CHARACTERS}),
        ("page=0", {"page": "The {} must be at least 1."}),
        ("limit=x", {"limit": INTEGER}),
        (
            "project_id=x&type=x&search=%00&sort=x&order=x&page=x&limit=x",
            {
                "project_id": INTEGER,
                "type": SELECTED,
                "search": CHARACTERS,
                "sort": SELECTED,
                "order": SELECTED,
                "page": INTEGER,
                "limit": INTEGER,
            },
        ),
        ("project_id=&type=x", {"project_id": REQUIRED, "type": SELECTED}),
    ],
)
def test_list_with_wrong_parameters_is_invalid(api, plan, query, wrong):
    r = api.request("GET", f"/milestones?project_id={plan.project.pk}&{query}")
    expect_errors(r, {name: [worded(text, name)] for name, text in wrong.items()})


def test_list_of_any_length_takes_the_same_queries(api, db):
    project = make_project()
    parameters = {"project_id": project.pk}
    api.get("/milestones", **parameters)  # the first use of a key is written down

    def count(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get("/milestones", **parameters)
        assert len(r.json()["data"]) == rows
        return len(captured)

    assert count(1) == QUERIES
    for _ in range(24):
        milestone = make_milestone(project)
        make_task(project=project, milestone_id=milestone.pk)
    assert count(25) == QUERIES
    with CaptureQueriesContext(connection()) as captured:
        api.get(f"/milestones/{milestone.pk}")
    assert len(captured) == 2


def test_list_shows_milestones_of_archived_projects(api, plan):
    assert api.put(f"/projects/{plan.project.pk}/archive").status_code == 200
    expect(get(api, plan), 200, many(plan.named("default a b c")))


def test_list_shows_who_made_each(api, plan):
    create_milestone(actor=make_actor(plan.creator), project=plan.project, title="d")
    creators = [row["creator_id"] for row in get(api, plan).json()["data"]]
    assert creators == [None, None, None, *[wire_id(plan.creator.pk)] * 2]
