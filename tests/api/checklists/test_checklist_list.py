"""``GET /checklists``: whose items, in which order, on which page, and the progress."""

import datetime as dt

import pytest

from comments.services.comments import delete_comment
from comments.testing import make_comment
from tasks.models import ChecklistItem, Project
from tasks.services.bulk import add_tasks
from tasks.services.checklists import sort_checklist
from tasks.services.new_tasks import NewTask
from tasks.testing import make_actor, make_project, make_task
from tests.api.answers import expect, expect_errors
from tests.api.checklists.world import make_item, shown
from tests.moments import utc

MESSAGE = "Checklists retrieved successfully."
HALF = {"total": 4, "completed": 2, "percentage": 50}
FIRST_DAY = utc(2026, 6, 1)


def get(api, parent, **parameters):
    kind = "project" if isinstance(parent, Project) else "task"
    return api.get("/checklists", resource_type=kind, resource_id=parent.pk, **parameters)


def answer(items, progress, *, total=None, page=1, limit=25):
    total = len(items) if total is None else total
    return {
        "data": [shown(item) for item in items],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
            "progress": progress,
        },
        "message": MESSAGE,
    }


def test_list_of_a_task_holds_its_items_in_order(api, lists):
    items = lists.named("a b c d")
    assert [shown(item)["comments_count"] for item in items] == [0, 2, 1, 0]
    expect(get(api, lists.task), 200, answer(items, HALF))


def test_list_of_a_project_holds_its_own_items(api, lists):
    progress = {"total": 2, "completed": 0, "percentage": 0}
    items = lists.named("of_project last_of_project")
    expect(get(api, lists.project), 200, answer(items, progress))


@pytest.mark.parametrize("make_parent", [make_task, make_project])
def test_list_without_items_is_an_empty_page_with_no_progress(api, lists, make_parent):
    nothing = {"total": 0, "completed": 0, "percentage": 0}
    expect(get(api, make_parent()), 200, answer([], nothing))


def test_list_tells_a_task_from_the_project_of_the_same_id(api, lists):
    project = Project.objects.create(pk=900_001, title="Same")
    new = NewTask(
        id=project.pk,
        project_id=lists.project.pk,
        title="Same",
        status_id=1,
        priority_id=1,
    )
    add_tasks(actor=make_actor(), tasks=[new])
    of_project = make_item(project, "of the project")
    of_task = make_item(lists.task, "of the task")
    ChecklistItem.objects.filter(pk=of_task.pk).update(task_id=project.pk)
    pending = {"total": 1, "completed": 0, "percentage": 0}
    for kind, item in [("project", of_project), ("task", of_task)]:
        r = api.get("/checklists", resource_type=kind, resource_id=900_001)
        expect(r, 200, answer([item], pending))


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({}, "d a b c"),
        ({"sort": ""}, "d a b c"),
        ({"sort": "", "order": ""}, "d a b c"),
        ({"order": "asc"}, "d a b c"),
        ({"order": "desc"}, "c b a d"),
        ({"sort": "checklist_position"}, "d a b c"),
        ({"sort": "checklist_position", "order": "asc"}, "d a b c"),
        ({"sort": "checklist_position", "order": "desc"}, "c b a d"),
        ({"sort": "checklist_status"}, "a c b d"),
        ({"sort": "checklist_status", "order": "desc"}, "d b c a"),
        ({"sort": "checklist_created"}, "c d b a"),
        ({"sort": "checklist_created", "order": "asc"}, "c d b a"),
        ({"sort": "checklist_created", "order": "desc"}, "a b d c"),
        ({"sort": "checklist_created", "whatever": "x"}, "c d b a"),
    ],
)
def test_list_with_sort_is_in_that_order(api, lists, parameters, found):
    sort_checklist(actor=make_actor(), item_ids=[lists.d.pk, lists.a.pk])
    for day, name in enumerate("cdba"):
        ChecklistItem.objects.filter(pk=getattr(lists, name).pk).update(
            created_at=FIRST_DAY + dt.timedelta(days=day)
        )
    expect(get(api, lists.task, **parameters), 200, answer(lists.named(found), HALF))


@pytest.mark.parametrize("sort", ["checklist_position", "checklist_created"])
@pytest.mark.parametrize(("order", "found"), [("asc", "a b c d"), ("desc", "d c b a")])
def test_list_with_ties_is_sorted_by_id_in_the_same_direction(api, lists, sort, order, found):
    ChecklistItem.objects.update(position=7, created_at=FIRST_DAY)
    r = get(api, lists.task, sort=sort, order=order)
    expect(r, 200, answer(lists.named(found), HALF))


@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        ({"limit": "3"}, ("a b c", 1, 3)),
        ({"limit": "3", "page": "1"}, ("a b c", 1, 3)),
        ({"limit": "3", "page": "2"}, ("d", 2, 3)),
        ({"limit": "2", "page": "2"}, ("c d", 2, 2)),
        ({"limit": "1", "page": "4", "order": "desc"}, ("a", 4, 1)),
        ({"limit": "4"}, ("a b c d", 1, 4)),
        ({"limit": "3", "page": "3"}, ("", 3, 3)),
        ({"page": "2"}, ("", 2, 25)),
        ({"page": "", "limit": ""}, ("a b c d", 1, 25)),
        ({"limit": "100"}, ("a b c d", 1, 100)),
        ({"limit": "101"}, ("a b c d", 1, 100)),
        ({"limit": str(2**64)}, ("a b c d", 1, 100)),
        ({"page": str(2**63)}, ("", 2**63, 25)),
    ],
)
def test_list_with_page_holds_that_page_and_the_progress_of_all(api, lists, parameters, held):
    found, page, limit = held
    expected = answer(lists.named(found), HALF, total=4, page=page, limit=limit)
    expect(get(api, lists.task, **parameters), 200, expected)


def test_pages_neither_overlap_nor_skip(api, lists):
    items = [make_item(lists.other_task, str(number)) for number in range(30)]
    ChecklistItem.objects.update(position=7)
    walked = [
        item["id"]
        for page in range(1, 9)
        for item in get(api, lists.other_task, limit=4, page=page).json()["data"]
    ]
    assert walked == [lists.stranger.pk, *(item.pk for item in items)]


def test_list_without_page_and_limit_has_25_a_page(api, lists):
    for number in range(30):
        make_item(lists.other_task, str(number))
    body = get(api, lists.other_task).json()
    assert len(body["data"]) == 25
    assert body["meta"] == {
        "current_page": 1,
        "per_page": 25,
        "total": 31,
        "last_page": 2,
        "progress": {"total": 31, "completed": 0, "percentage": 0},
    }


@pytest.mark.parametrize(
    ("completed", "total", "percentage"),
    [
        (0, 1, 0),
        (1, 1, 100),
        (1, 3, 33),
        (2, 3, 66),
        (1, 7, 14),
        (6, 7, 85),
        (29, 100, 29),
        (58, 100, 58),
        (1, 101, 0),
        (199, 200, 99),
        (200, 200, 100),
    ],
)
def test_progress_is_that_of_the_whole_list_rounded_down(api, db, completed, total, percentage):
    task = make_task()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(task=task, text=str(number), position=number, is_completed=number < completed)
        for number in range(total)
    )
    meta = get(api, task, limit=1, page=2).json()["meta"]
    assert meta["progress"] == {"total": total, "completed": completed, "percentage": percentage}
    assert type(meta["progress"]["percentage"]) is int


def test_comments_count_follows_every_comment(api, lists):
    def count():
        return get(api, lists.task).json()["data"][0]["comments_count"]

    assert count() == 0
    comments = [make_comment(lists.a) for _ in range(3)]
    assert count() == 3
    delete_comment(actor=make_actor(), comment_id=comments[1].pk)
    assert count() == 2
    assert api.get(f"/checklists/{lists.a.pk}").json()["data"]["comments_count"] == 2


TYPE, ID = "resource_type", "resource_id"
REQUIRED = {
    TYPE: "The resource type field is required.",
    ID: "The resource id field is required.",
}
SELECTED = {
    TYPE: "The selected resource type is invalid.",
    ID: "The selected resource id is invalid.",
}
NO_INTEGER = "The resource id must be an integer."


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        ("", REQUIRED),
        ("resource_type=&resource_id=", REQUIRED),
        ("resource_id={task}", {TYPE: REQUIRED[TYPE]}),
        ("resource_type=&resource_id={task}", {TYPE: REQUIRED[TYPE]}),
        ("resource_type=task", {ID: REQUIRED[ID]}),
        ("resource_type=task&resource_id=", {ID: REQUIRED[ID]}),
        ("resource_type=client&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=tasks&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=Task&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=%20task&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=task%00&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=%F0%9F%93%8B&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=1&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type[]=task&resource_type[]=task&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=client&resource_id=abc", {TYPE: SELECTED[TYPE], ID: NO_INTEGER}),
        ("resource_type=task&resource_id=abc", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id={task}.0", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id=-1", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id=%2B{task}", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id=%20{task}", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id={task}%00", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id=%D9%A3", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id=true", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id[]={task}&resource_id[]=1", {ID: NO_INTEGER}),
        ("resource_type=task&resource_id=0", {ID: SELECTED[ID]}),
        ("resource_type=task&resource_id=987654321", {ID: SELECTED[ID]}),
        ("resource_type=project&resource_id=987654321", {ID: SELECTED[ID]}),
        (f"resource_type=task&resource_id={2**31}", {ID: SELECTED[ID]}),
        (f"resource_type=task&resource_id={2**63 - 1}", {ID: SELECTED[ID]}),
        (f"resource_type=task&resource_id={2**63}", {ID: SELECTED[ID]}),
        (f"resource_type=project&resource_id={2**64}", {ID: SELECTED[ID]}),
        (f"resource_type=task&resource_id={10**40}", {ID: SELECTED[ID]}),
        # Of a parameter sent twice the last counts.
        ("resource_type=task&resource_type=client&resource_id={task}", {TYPE: SELECTED[TYPE]}),
        ("resource_type=task&resource_id={task}&resource_id=0", {ID: SELECTED[ID]}),
        # As on every list.
        ("{good}&sort=checklist_text", {"sort": "The selected sort is invalid."}),
        ("{good}&sort=position", {"sort": "The selected sort is invalid."}),
        ("{good}&sort=task_title", {"sort": "The selected sort is invalid."}),
        ("{good}&sort=%00", {"sort": "The selected sort is invalid."}),
        ("{good}&order=up", {"order": "The selected order is invalid."}),
        ("{good}&order=ASC", {"order": "The selected order is invalid."}),
        ("{good}&page=0", {"page": "The page must be at least 1."}),
        ("{good}&page=-1", {"page": "The page must be an integer."}),
        ("{good}&page=abc", {"page": "The page must be an integer."}),
        ("{good}&limit=0", {"limit": "The limit must be at least 1."}),
        ("{good}&limit=1.5", {"limit": "The limit must be an integer."}),
        (
            "sort=x&order=x&page=x&limit=x",
            REQUIRED
            | {
                "sort": "The selected sort is invalid.",
                "order": "The selected order is invalid.",
                "page": "The page must be an integer.",
                "limit": "The limit must be an integer.",
            },
        ),
        (
            "resource_type=task&resource_id=0&page=0",
            {ID: SELECTED[ID], "page": "The page must be at least 1."},
        ),
    ],
)
def test_list_with_wrong_parameters_is_invalid(api, lists, query, wrong):
    good = f"resource_type=task&resource_id={lists.task.pk}"
    query = query.format(task=lists.task.pk, good=good)
    r = api.request("GET", f"/checklists?{query}")
    expect_errors(r, {name: [text] for name, text in wrong.items()})


def test_list_of_a_parameter_sent_twice_takes_the_last(api, lists):
    r = api.request(
        "GET",
        f"/checklists?resource_type=project&resource_id=0&resource_type=task"
        f"&resource_id={lists.task.pk}",
    )
    expect(r, 200, answer(lists.named("a b c d"), HALF))


def test_list_with_leading_zeros_in_the_id_finds_it(api, lists):
    r = api.get("/checklists", resource_type="task", resource_id=f"000{lists.task.pk}")
    expect(r, 200, answer(lists.named("a b c d"), HALF))
