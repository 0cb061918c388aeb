"""``GET /clients``: filters, sorting, pages, and how many queries that takes."""

import datetime as dt
from itertools import product

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.models import Client
from tasks.testing import make_user
from tests.api.answers import METHOD, UNAUTHORIZED, expect, expect_errors
from tests.api.clients.world import answer, make
from tests.moments import utc

#: The key, the ids of the page with the total, its clients, their owners, their tags.
QUERIES = 5
FIRST_DAY = utc(2026, 6, 1)


@pytest.fixture
def book(db):
    """Three clients, in the order in which they were made."""
    owner = make_user()
    made = {
        "b": make("Beta GmbH", owner=owner, tags=["x", "shared"]),
        "c": make("Café Straße", status="suspended", tags=["shared"]),
        "a": make("alpha 100%", owner=owner, description="Beta's"),
    }
    for day, client in enumerate(made.values()):
        Client.objects.filter(pk=client.pk).update(
            created_at=FIRST_DAY + dt.timedelta(days=day),
            updated_at=FIRST_DAY - dt.timedelta(days=day),
        )
    return made


def named(book, names):
    return [book[name] for name in names.split()]


def test_list_holds_all_newest_first(api, book):
    expect(api.get("/clients"), 200, answer(named(book, "a c b")))


def test_list_without_clients_is_one_empty_page(api, db):
    expect(api.get("/clients"), 200, answer([]))


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"status": "active"}, "a b"),
        ({"status": "suspended"}, "c"),
        ({"status": ""}, "a c b"),
        ({"search": "BETA"}, "b"),
        ({"search": "strasse"}, "c"),
        ({"search": "É"}, "c"),
        ({"search": "0%"}, "a"),
        ({"search": "_"}, ""),
        ({"search": "a"}, "a c b"),
        ({"search": "x" * 766}, ""),
        ({"search": "a", "status": "active"}, "a b"),
        ({"category_id": "x", "whatever": "\x00"}, "a c b"),
        ({"order": "asc"}, "b c a"),
        ({"sort": "client_status"}, "c a b"),
        ({"sort": "client_status", "order": "asc"}, "b a c"),
        ({"sort": "client_created"}, "a c b"),
        ({"sort": "client_created", "order": "asc"}, "b c a"),
        ({"sort": "client_updated"}, "b c a"),
        ({"sort": "client_updated", "order": "asc"}, "a c b"),
    ],
)
def test_list_with_parameters_holds_what_they_ask_for(api, book, parameters, found):
    expect(api.get("/clients", **parameters), 200, answer(named(book, found)))


@pytest.mark.parametrize("order", ["asc", "desc"])
def test_list_by_name_is_as_the_database_sorts_text(api, book, order):
    column = "name" if order == "asc" else "-name"
    rows = list(Client.objects.order_by(column))
    expect(api.get("/clients", sort="client_company_name", order=order), 200, answer(rows))


@pytest.mark.parametrize(
    "sort", ["client_company_name", "client_status", "client_created", "client_updated"]
)
@pytest.mark.parametrize(("order", "found"), [("asc", "b c a"), ("desc", "a c b")])
def test_list_with_ties_is_sorted_by_id_in_the_same_direction(api, book, sort, order, found):
    Client.objects.update(name="x", status="active", created_at=FIRST_DAY, updated_at=FIRST_DAY)
    r = api.get("/clients", sort=sort, order=order)
    expect(r, 200, answer(named(book, found)))


@pytest.mark.parametrize(
    ("parameters", "found", "page", "limit"),
    [
        ({"limit": "2"}, "a c", 1, 2),
        ({"limit": "2", "page": "2"}, "b", 2, 2),
        ({"limit": "2", "page": "3"}, "", 3, 2),
        ({"limit": str(2**64), "page": "1"}, "a c b", 1, 100),
        ({"page": str(2**63)}, "", 2**63, 25),
    ],
)
def test_list_with_page_holds_that_page(*, api, book, parameters, found, page, limit):
    expected = answer(named(book, found), total=3, page=page, limit=limit)
    expect(api.get("/clients", **parameters), 200, expected)


SELECTED = "The selected {} is invalid."


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        *((f"status={text}", {"status": SELECTED}) for text in ("dead", "Active", "1", "%00")),
        *((f"sort={text}", {"sort": SELECTED}) for text in ("name", "pk", "task_title", "%00")),
        *((f"order={text}", {"order": SELECTED}) for text in ("up", "ASC", "-")),
        ("search=a%00", {"search": "The {} contains characters that can't be stored."}),
        ("page=0", {"page": "The {} must be at least 1."}),
        ("limit=-1", {"limit": "The {} must be an integer."}),
        ("status=active&status=dead", {"status": SELECTED}),
        (
            "status=x&search=%00&sort=x&order=x&page=x&limit=x",
            {
                "status": SELECTED,
                "search": "The {} contains characters that can't be stored.",
                "sort": SELECTED,
                "order": SELECTED,
                "page": "The {} must be an integer.",
                "limit": "The {} must be an integer.",
            },
        ),
    ],
)
def test_list_with_wrong_parameters_is_invalid(api, book, query, wrong):
    r = api.request("GET", f"/clients?{query}")
    expect_errors(r, {name: [text.format(name)] for name, text in wrong.items()})


@pytest.mark.parametrize("query", ["search=%FF", "search=%ED%A0%80"])
def test_list_with_odd_bytes_answers(api, book, query):
    assert api.request("GET", f"/clients?{query}").status_code == 200


def test_list_of_any_length_takes_the_same_queries(api):
    api.get("/clients")  # the first use of a key within a minute is written down

    def count(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get("/clients")
        assert len(r.json()["data"]) == rows
        return len(captured)

    make(owner=make_user(), tags=["a", "b"])
    assert count(1) == QUERIES
    for number in range(24):
        make(f"{number}", owner=make_user(), tags=["a", f"{number}"])
    assert count(25) == QUERIES


@pytest.mark.parametrize("is_read_only", [False, True])
def test_method_that_writes_is_not_allowed(make_api, book, unchanged, is_read_only):
    api = make_api(is_read_only=is_read_only)
    paths = ["/clients", f"/clients/{book['a'].pk}"]
    with unchanged():
        for path, method in product(paths, ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]):
            r = api.request(method, path)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == {"GET", "HEAD"}


def test_read_only_key_reads(make_api, book):
    api = make_api(is_read_only=True)
    expect(api.get("/clients"), 200, answer(named(book, "a c b")))
    assert api.get(f"/clients/{book['a'].pk}").status_code == 200


def test_request_without_key_is_unauthorized(anonymous, book):
    for path in ("/clients", f"/clients/{book['a'].pk}", "/clients/0"):
        expect(anonymous.get(path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")
