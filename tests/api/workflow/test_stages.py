"""``GET /statuses`` and ``GET /priorities``: the objects, their order, their pages."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.models import TaskPriority, TaskStatus
from tasks.services import workflow
from tasks.testing import make_actor
from tests.api.answers import METHOD, UNAUTHORIZED, expect, expect_errors
from tests.api.path_ids import UNKNOWN

#: The key, the ids of the page with the total, its rows.
QUERIES = 3


@dataclass(frozen=True)
class Kind:
    path: str
    model: Any
    one: str
    many: str
    #: In the order of their positions, as a new workspace has them.
    first_rows: tuple[int, ...]

    def create(self, **fields: Any) -> Any:
        service = workflow.create_status if self.path == "/statuses" else workflow.create_priority
        return service(actor=make_actor(), **fields)

    def shown(self, pk: int) -> dict[str, Any]:
        row = self.model.objects.get(pk=pk)
        found = {
            "id": row.pk,
            "title": row.title,
            "color": row.color,
            "position": row.position,
            "is_default": row.is_default is True,
        }
        if self.model is TaskStatus:
            found["is_completed"] = row.is_completed is True
        return found

    def answer(self, pks: Any, *, total: int | None = None, page: int = 1, limit: int = 25) -> Any:
        total = len(pks) if total is None else total
        return {
            "data": [self.shown(pk) for pk in pks],
            "meta": {
                "current_page": page,
                "per_page": limit,
                "total": total,
                "last_page": max(1, -(-total // limit)),
            },
            "message": f"{self.many} retrieved successfully.",
        }


STATUSES = Kind("/statuses", TaskStatus, "Status", "Statuses", (1, 3, 4, 5, 2))
PRIORITIES = Kind("/priorities", TaskPriority, "Priority", "Priorities", (1, 2, 3))
KINDS = pytest.mark.parametrize("kind", [STATUSES, PRIORITIES], ids=lambda kind: kind.path)


def test_status_is_the_documented_object(api):
    data = {
        "id": 2,
        "title": "Completed",
        "color": "#2fb573",
        "position": 5120,
        "is_default": False,
        "is_completed": True,
    }
    expected = {"data": data, "message": "Status retrieved successfully."}
    expect(api.get("/statuses/2"), 200, expected)


def test_priority_is_the_documented_object(api):
    data = {
        "id": 1,
        "title": "Normal",
        "color": "#8a94a6",
        "position": 1024,
        "is_default": True,
    }
    expected = {"data": data, "message": "Priority retrieved successfully."}
    expect(api.get("/priorities/1"), 200, expected)


@KINDS
def test_list_is_sorted_by_position(api, kind):
    expect(api.get(kind.path), 200, kind.answer(kind.first_rows))
    expect(api.get(f"{kind.path}/"), 200, kind.answer(kind.first_rows))


@KINDS
def test_list_with_ties_is_sorted_by_id(api, kind):
    last = kind.create(title="Émigré 📋", color="#00ff00", position=7)
    kind.model.objects.update(position=7)
    expect(api.get(kind.path), 200, kind.answer([*sorted(kind.first_rows), last.pk]))


@KINDS
def test_flag_that_moves_shows_in_its_new_place(api, kind):
    new = kind.create(title="New", position=-5, is_default=True)
    data = api.get(kind.path).json()["data"]
    assert [row["id"] for row in data if row["is_default"]] == [new.pk]
    assert data[0] == kind.shown(new.pk)


@KINDS
@pytest.mark.parametrize(
    ("parameters", "part", "page", "limit"),
    [
        ({"limit": "2"}, slice(0, 2), 1, 2),
        ({"limit": "2", "page": "2"}, slice(2, 4), 2, 2),
        ({"limit": "2", "page": "9"}, slice(0, 0), 9, 2),
        ({"limit": "101"}, slice(None), 1, 100),
        ({"limit": str(2**64)}, slice(None), 1, 100),
        ({"page": str(2**64)}, slice(0, 0), 2**64, 25),
        ({"page": "", "limit": ""}, slice(None), 1, 25),
        # There is one order: these are no parameters of the list.
        ({"sort": "title", "order": "up", "search": "\x00", "status": "x"}, slice(None), 1, 25),
    ],
)
def test_list_with_page_holds_that_page(*, api, kind, parameters, part, page, limit):
    rows = kind.first_rows
    expected = kind.answer(rows[part], total=len(rows), page=page, limit=limit)
    expect(api.get(kind.path, **parameters), 200, expected)


@KINDS
@pytest.mark.parametrize("name", ["page", "limit"])
@pytest.mark.parametrize("value", ["0", "-1", "abc", "1.0", "+1", " 1", "1\x00", "٣"])
def test_list_with_wrong_page_is_invalid(api, kind, name, value):
    wrong = "must be at least 1" if value == "0" else "must be an integer"
    expect_errors(api.get(kind.path, **{name: value}), {name: [f"The {name} {wrong}."]})


@KINDS
def test_list_reports_all_wrong_parameters_together(api, kind):
    r = api.get(f"{kind.path}?page=x&limit=0")
    expect_errors(
        r, {"page": ["The page must be an integer."], "limit": ["The limit must be at least 1."]}
    )


@KINDS
def test_retrieve_finds_each(api, kind):
    for pk, slash in product(kind.first_rows, ["", "/"]):
        expected = {"data": kind.shown(pk), "message": f"{kind.one} retrieved successfully."}
        expect(api.get(f"{kind.path}/{pk}{slash}"), 200, expected)


@KINDS
def test_path_that_names_nothing_is_not_found(api, kind):
    for text in UNKNOWN.values():
        r = api.request("GET", f"{kind.path}/{text.format(id=1)}")
        expect(r, 404, {"message": f"{kind.one} not found."})


@KINDS
@pytest.mark.parametrize("is_read_only", [False, True])
@pytest.mark.parametrize("path", ["", "/1"])
def test_method_that_writes_is_not_allowed(*, make_api, unchanged, kind, is_read_only, path):
    api = make_api(is_read_only=is_read_only)
    with unchanged():
        for method in ("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            r = api.request(method, kind.path + path)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == {"GET", "HEAD"}


@KINDS
def test_read_only_key_reads(make_api, kind):
    api = make_api(is_read_only=True)
    expect(api.get(kind.path), 200, kind.answer(kind.first_rows))
    assert api.get(f"{kind.path}/1").status_code == 200


@KINDS
@pytest.mark.parametrize("path", ["", "/1", "/abc"])
def test_request_without_key_is_unauthorized(anonymous, kind, path):
    expect(anonymous.get(kind.path + path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@KINDS
def test_list_of_any_length_takes_the_same_queries(api, kind):
    api.get(kind.path)  # the first use of a key within a minute is written down

    def count(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get(kind.path, limit=rows)
        assert len(r.json()["data"]) == rows
        return len(captured)

    assert count(1) == QUERIES
    for number in range(25):
        kind.create(title=f"{number}")
    assert count(25) == QUERIES


def nothing_at_all(queryset, actor):
    return queryset.none()


@KINDS
def test_narrowing_does_not_hide_the_workflow(api, kind):
    """Statuses and priorities belong to the workspace, not to anybody."""
    with override_settings(TASKDOCK={"VISIBLE_TO": nothing_at_all}):
        expect(api.get(kind.path), 200, kind.answer(kind.first_rows))
