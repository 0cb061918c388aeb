"""``GET .../comments``: oldest first, whole or in pages."""

import datetime as dt

import pytest

from comments.models import Comment
from comments.testing import make_comment
from tests.api.answers import expect, expect_errors
from tests.api.comments.world import KINDS, message, shown
from tests.moments import utc

FIRST_DAY = utc(2026, 6, 1)
OF_EACH_KIND = pytest.mark.parametrize("kind", KINDS)


def answer(kind, comments, *, total=None, page=1, limit=None):
    total = len(comments) if total is None else total
    limit = max(1, total) if limit is None else limit
    return {
        "data": [shown(comment) for comment in comments],
        "meta": {
            "current_page": page,
            "per_page": limit,
            "total": total,
            "last_page": max(1, -(-total // limit)),
        },
        "message": message(kind, "comments retrieved"),
    }


@OF_EACH_KIND
def test_list_is_whole_and_oldest_first(api, talk, kind):
    expect(api.get(talk.path(kind)), 200, answer(kind, talk.comments[kind]))


@OF_EACH_KIND
def test_list_is_sorted_by_date_and_then_by_id(api, talk, kind):
    first, second, third = talk.comments[kind]
    Comment.objects.update(created_at=FIRST_DAY)
    expect(api.get(talk.path(kind)), 200, answer(kind, [first, second, third]))
    later = FIRST_DAY + dt.timedelta(microseconds=1)
    Comment.objects.filter(pk=first.pk).update(created_at=later)
    expect(api.get(talk.path(kind)), 200, answer(kind, [second, third, first]))


@OF_EACH_KIND
def test_list_without_comments_is_one_page_of_one(api, talk, kind):
    Comment.objects.all().delete()
    expected = answer(kind, [])
    assert expected["meta"] == {"current_page": 1, "per_page": 1, "total": 0, "last_page": 1}
    expect(api.get(talk.path(kind)), 200, expected)


def test_list_of_many_is_whole_where_neither_page_nor_limit_is_sent(api, talk):
    subject = talk.others["task"]
    comments = [talk.strangers["task"], *(make_comment(subject, str(n)) for n in range(120))]
    path = f"/tasks/{subject.pk}/comments"
    expected = answer("task", comments, limit=121)
    expect(api.get(path), 200, expected)
    expect(api.get(path, page="", limit=""), 200, expected)
    expect(api.get(path, limit="", sort="x", order="x"), 200, expected)
    expect(api.get(path, limit=500), 200, answer("task", comments[:100], total=121, limit=100))
    page = answer("task", comments[100:], total=121, limit=100, page=2)
    expect(api.get(path, limit=100, page=2), 200, page)
    expect(api.get(path, page=1), 200, answer("task", comments[:25], total=121, limit=25))


@OF_EACH_KIND
@pytest.mark.parametrize(
    ("parameters", "held"),
    [
        ({"limit": "2"}, ([0, 1], 1, 2)),
        ({"limit": "2", "page": "2"}, ([2], 2, 2)),
        ({"limit": "2", "page": "3"}, ([], 3, 2)),
        ({"limit": "1", "page": "2"}, ([1], 2, 1)),
        ({"limit": "3"}, ([0, 1, 2], 1, 3)),
        ({"page": "1"}, ([0, 1, 2], 1, 25)),
        ({"page": "2"}, ([], 2, 25)),
        ({"limit": "101"}, ([0, 1, 2], 1, 100)),
        ({"limit": str(2**64)}, ([0, 1, 2], 1, 100)),
        ({"page": str(2**64)}, ([], 2**64, 25)),
    ],
)
def test_list_with_page_or_limit_holds_that_page(api, talk, kind, parameters, held):
    found, page, limit = held
    comments = [talk.comments[kind][index] for index in found]
    expected = answer(kind, comments, total=3, page=page, limit=limit)
    expect(api.get(talk.path(kind), **parameters), 200, expected)


@OF_EACH_KIND
@pytest.mark.parametrize(
    ("query", "errors"),
    [
        ("page=0", {"page": "The page must be at least 1."}),
        ("page=-1", {"page": "The page must be an integer."}),
        ("page=1.0", {"page": "The page must be an integer."}),
        ("page=%D9%A3", {"page": "The page must be an integer."}),
        ("page=1%00", {"page": "The page must be an integer."}),
        ("limit=0", {"limit": "The limit must be at least 1."}),
        ("limit=ten", {"limit": "The limit must be an integer."}),
        ("limit=10&limit=x", {"limit": "The limit must be an integer."}),
        (
            "limit=x&page=0",
            {"limit": "The limit must be an integer.", "page": "The page must be at least 1."},
        ),
    ],
)
def test_list_with_wrong_page_or_limit_is_invalid(api, talk, kind, query, errors):
    r = api.request("GET", f"{talk.path(kind)}?{query}")
    expect_errors(r, {name: [text] for name, text in errors.items()})


@OF_EACH_KIND
def test_comment_of_somebody_deleted_stays_without_creator(api, talk, kind):
    talk.people[0].delete()
    first, second, third = talk.comments[kind]
    assert [shown(comment)["creator"] is None for comment in (first, second, third)] == [
        True,
        False,
        True,
    ]
    expect(api.get(talk.path(kind)), 200, answer(kind, [first, second, third]))
