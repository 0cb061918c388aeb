"""``GET /team``: who is on it, filters, sorting, pages, and how many queries that takes."""

# ruff: noqa: RUF001 (letters that look alike are the point)

import datetime as dt
from itertools import product

import pytest
from django.test.utils import CaptureQueriesContext

from tasks.database import connection
from tasks.people import has_field, person_name, user_model, users, wire_id
from tasks.testing import make_user
from tests.api.answers import METHOD, UNAUTHORIZED, expect, expect_errors
from tests.api.team.world import answer, shown, sorted_by
from tests.moments import utc

#: The key, the ids of the page with the total, its people.
QUERIES = 3
FIRST_DAY = utc(2026, 6, 1)
LOGIN = user_model().USERNAME_FIELD


@pytest.fixture
def team(api):
    """The key's user (a superuser) and four more, and three who are not on the team."""
    people = {"key": api.key.user}
    for number, (name, flags) in enumerate(
        {
            "ann": {},
            "bob": {"is_active": False},
            "cyd": {"is_superuser": True},
            "dan": {"is_superuser": True, "is_active": False},
        }.items()
    ):
        people[name] = make_user(
            first_name=name,
            last_name="xyz"[number % 3],
            **{"email": f"{name}@example.com", LOGIN: f"{name}@example.com", **flags},
        )
    for flags in ({}, {"is_superuser": True}, {"is_active": False}):
        make_user(is_staff=False, first_name="ann", **flags)
    if has_field("date_joined"):
        for day, user in enumerate(people.values()):
            user.date_joined = FIRST_DAY + dt.timedelta(days=day)
            user.save()
    return people


def by_created(people):
    return sorted_by("date_joined", list(people), descending=True)


def test_list_holds_all_staff_active_or_not_newest_first(api, team):
    expect(api.get("/team"), 200, answer(by_created(team.values())))
    expect(api.get("/team/"), 200, answer(by_created(team.values())))


@pytest.mark.parametrize(
    ("parameters", "found"),
    [
        ({"status": "active"}, "key ann cyd"),
        ({"status": "suspended"}, "bob dan"),
        ({"status": ""}, "key ann bob cyd dan"),
        ({"role_id": "1"}, "key cyd dan"),
        ({"role_id": "3"}, "ann bob"),
        ({"role_id": "003"}, "ann bob"),
        ({"role_id": "0"}, ""),
        ({"role_id": "2"}, ""),
        ({"role_id": str(2**64)}, ""),
        ({"role_id": "1", "status": "suspended"}, "dan"),
        ({"role_id": "3", "status": "active", "search": "ANN"}, "ann"),
        ({"role_id": "3", "status": "suspended", "search": "ann"}, ""),
        ({"search": "dan@EXAMPLE"}, "dan"),
        ({"search": "@example.com"}, None),
        ({"search": "nobody of the kind"}, ""),
        ({"search": "%"}, ""),
        ({"search": "_"}, ""),
        ({"search": "x" * 70_000}, ""),
        ({"search": ""}, "key ann bob cyd dan"),
        ({"whatever": "\x00", "is_staff": "0"}, "key ann bob cyd dan"),
    ],
)
def test_list_with_filters_holds_who_matches_all(api, team, parameters, found):
    if found is None:
        people = [user for user in team.values() if "@example.com" in users().get(pk=user.pk).email]
    else:
        people = [team[name] for name in found.split()]
    expect(api.get("/team", **parameters), 200, answer(by_created(people)))


@pytest.mark.parametrize(
    ("login", "term", "matches"),
    [
        ("müller@example.com", "MÜLLER", True),
        ("straße@example.com", "STRASSE@", True),
        ("οδος@example.com", "ΟΔΟΣ", True),
        ("a_b%@example.com", "_b%", True),
        ("a-b@example.com", "a_b", False),
        ("a\\b@example.com", "\\b", True),
        ("izmir@example.com", "ı", False),
    ],
)
def test_search_of_usernames_knows_every_alphabet_and_no_patterns(api, login, term, matches):
    user = make_user(**{LOGIN: login})
    expect(api.get("/team", search=term), 200, answer([user] if matches else []))


@pytest.mark.skipif(not has_field("first_name"), reason="the user model stores no names")
@pytest.mark.parametrize(
    ("names", "term", "matches"),
    [
        (("Zoë", "Łuk"), "ZOË łuk", True),
        (("Zoë", "Łuk"), "ë Ł", True),
        (("Zoë", "Łuk"), "łuk zoë", False),
        (("Zoë", "Łuk"), "zoe", False),
        (("", "100%"), "0%", True),
        (("", "100%"), "1%0", False),
    ],
)
def test_search_of_names_finds_what_is_shown(api, names, term, matches):
    user = make_user(first_name=names[0], last_name=names[1])
    expect(api.get("/team", search=term), 200, answer([user] if matches else []))


@pytest.mark.parametrize("order", ["asc", "desc", ""])
@pytest.mark.parametrize(
    ("sort", "column"),
    [
        ("first_name", "first_name"),
        ("last_name", "last_name"),
        ("email", "email"),
        ("created", "date_joined"),
        ("", "date_joined"),
        # No model has such a column: that is to sort by name.
        ("name", "full_name_of_everybody"),
    ],
)
def test_list_with_sort_is_in_that_order(api, team, sort, column, order):
    people = [team[name] for name in ("ann", "bob", "cyd", "dan")]
    r = api.get("/team", sort=sort, order=order, search="@example.com")
    people += [user for user in [team["key"]] if "@example.com" in (users().get(pk=user.pk).email)]
    expected = sorted_by(column, people, descending=order != "asc")
    expect(r, 200, answer(expected))


@pytest.mark.skipif(not has_field("first_name"), reason="the user model stores no names")
def test_list_by_name_sorts_by_what_is_shown(api):
    people = [
        make_user(first_name="bea", last_name="a"),
        make_user(first_name="", last_name="cleo"),
        make_user(first_name=" ", last_name="", **{LOGIN: "dora"}),
        make_user(first_name="bea", last_name="b"),
        make_user(first_name="", last_name="", **{LOGIN: "adam"}),
    ]
    users().filter(pk=api.key.user.pk).update(is_staff=False)
    found = api.get("/team", sort="name", order="asc").json()["data"]
    assert [user["name"] for user in found] == ["adam", "bea a", "bea b", "cleo", "dora"]
    assert {user["id"] for user in found} == {wire_id(user.pk) for user in people}
    down = api.get("/team", sort="name").json()["data"]
    assert down == found[::-1]


@pytest.mark.skipif(not has_field("first_name"), reason="the user model stores no names")
@pytest.mark.parametrize("sort", ["first_name", "last_name", "email", "created", "name"])
@pytest.mark.parametrize("order", ["asc", "desc"])
def test_list_with_ties_is_sorted_by_id_in_the_same_direction(api, team, sort, order):
    people = [team[name] for name in ("ann", "bob", "cyd", "dan")]
    users().filter(pk__in=[user.pk for user in people]).update(
        first_name="same", last_name="x", email="same@x", date_joined=FIRST_DAY
    )
    found = api.get("/team", sort=sort, order=order, search="same").json()["data"]
    ids = sorted(wire_id(user.pk) for user in people)
    assert [user["id"] for user in found] == (ids if order == "asc" else ids[::-1])


def test_pages_neither_overlap_nor_skip(api, team):
    walked = [
        user["id"]
        for page in (1, 2, 3, 4)
        for user in api.get("/team", limit=2, page=page).json()["data"]
    ]
    assert walked == [wire_id(user.pk) for user in by_created(team.values())]
    expected = answer([], total=5, page=2**63, limit=100)
    expect(api.get("/team", limit=2**64, page=2**63), 200, expected)


SELECTED = "The selected {} is invalid."
INTEGER = "The {} must be an integer."
CHARACTERS = "The {} contains characters that can't be stored."


@pytest.mark.parametrize(
    ("query", "wrong"),
    [
        *((f"status={text}", {"status": SELECTED}) for text in ("dead", "Active", "1", "%00")),
        *(
            (f"role_id={text}", {"role_id": INTEGER})
            for text in ("x", "-1", "1.0", "%2B1", "%201", "1%00", "%D9%A3", "true", "[1]")
        ),
        *((f"sort={text}", {"sort": SELECTED}) for text in ("id", "username", "password", "%00")),
        *((f"order={text}", {"order": SELECTED}) for text in ("up", "ASC")),
        ("search=a%00", {"search": CHARACTERS}),
        ("page=0", {"page": "The {} must be at least 1."}),
        ("limit=1e2", {"limit": INTEGER}),
        (
            "status=x&role_id=x&search=%00&sort=x&order=x&page=x&limit=x",
            {
                "status": SELECTED,
                "role_id": INTEGER,
                "search": CHARACTERS,
                "sort": SELECTED,
                "order": SELECTED,
                "page": INTEGER,
                "limit": INTEGER,
            },
        ),
    ],
)
def test_list_with_wrong_parameters_is_invalid(api, query, wrong):
    r = api.request("GET", f"/team?{query}")
    errors = {name: [text.format(name.replace("_", " "))] for name, text in wrong.items()}
    expect_errors(r, errors)


@pytest.mark.parametrize("query", ["search=%FF", "search=%ED%A0%80", "role_id[=x", "[search]=x"])
def test_list_with_odd_bytes_answers(api, query):
    assert api.request("GET", f"/team?{query}").status_code == 200


def test_list_of_any_length_takes_the_same_queries(api):
    api.get("/team")  # the first use of a key within a minute is written down

    def count(rows, **parameters):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get("/team", **parameters)
        assert len(r.json()["data"]) == rows
        return len(captured)

    term = api.key.user.get_username()[0]
    # A search reads the team once more.
    assert (count(1), count(1, search=term)) == (QUERIES, QUERIES + 1)
    for number in range(24):
        make_user(**{LOGIN: f"{term}{number}@example.com"})
    assert (count(25), count(25, search=term)) == (QUERIES, QUERIES + 1)


@pytest.mark.parametrize("is_read_only", [False, True])
def test_method_that_writes_is_not_allowed(make_api, unchanged, is_read_only):
    api = make_api(is_read_only=is_read_only)
    paths = ["/team", f"/team/{wire_id(api.key.user.pk)}"]
    with unchanged():
        for path, method in product(paths, ["POST", "PUT", "PATCH", "DELETE", "OPTIONS"]):
            r = api.request(method, path)
            expect(r, 405, METHOD)
            assert set(r["Allow"].split(", ")) == {"GET", "HEAD"}


def test_read_only_key_reads(make_api):
    api = make_api(is_read_only=True)
    user = api.key.user
    expect(api.get("/team"), 200, answer([user]))
    assert api.get(f"/team/{wire_id(user.pk)}").json()["data"] == shown(user)


def test_request_without_key_is_unauthorized(anonymous):
    user = make_user()
    for path in ("/team", f"/team/{wire_id(user.pk)}", "/team/x"):
        expect(anonymous.get(path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


def test_every_member_of_the_list_is_named(api, team):
    for user in api.get("/team").json()["data"]:
        found = users().get(pk=user["id"])
        assert user["name"] == person_name(found) != ""
