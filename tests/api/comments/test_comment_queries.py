"""The list takes as many queries for 25 comments as for one."""

import pytest
from django.test.utils import CaptureQueriesContext

from comments.models import Comment
from comments.testing import make_comment
from tasks.database import connection
from tests.api.comments.world import KINDS

#: The key, the subject, the ids (with the total, for a page), the comments, their creators.
QUERIES = 5


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("parameters", "queries"), [({}, QUERIES), ({"limit": 25}, QUERIES)])
def test_list_of_any_length_takes_the_same_queries(api, talk, kind, parameters, queries):
    Comment.objects.all().delete()
    path = talk.path(kind)
    api.get(path)  # the first use of a key within a minute is written down

    def count(rows):
        with CaptureQueriesContext(connection()) as captured:
            r = api.get(path, **parameters)
        assert len(r.json()["data"]) == rows
        return len(captured)

    make_comment(talk.subjects[kind])
    assert count(1) == queries
    for _ in range(24):
        make_comment(talk.subjects[kind])
    assert count(25) == queries
