"""What holds answers to the reference does hold them."""

import json

import pytest
from django.http import HttpResponse

from tasks.testing import make_task
from tests.conftest import API
from tests.reference.validation import check_answer


@pytest.fixture
def good(api):
    return api.get(f"/tasks/{make_task().pk}").json()


def answer(body, status=200, content_type="application/json", **headers):
    content = body if isinstance(body, str) else json.dumps(body)
    return HttpResponse(content, status=status, content_type=content_type, headers=headers)


def check(response, method="GET", path="/tasks/1"):
    check_answer(API.prefix, method, f"{API.prefix}{path}", response)


def test_answer_as_documented_is_taken(good):
    check(answer(good))
    check(answer(good), path="/tasks/1/")
    check(answer("", status=405), method="PUT")
    check(answer("", status=404), path="/nowhere")


def change(data, *path, to=...):
    """A copy of an answer that differs at one place; without ``to``, it lacks that place."""
    changed = json.loads(json.dumps(data))
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    if to is ...:
        del inner[path[-1]]
    else:
        inner[path[-1]] = to
    return changed


@pytest.mark.parametrize(
    ("path", "to"),
    [
        pytest.param(["data", "cover"], None, id="a key too many"),
        pytest.param(["data", "dates", "seen"], None, id="a key too many inside"),
        pytest.param(["meta"], {}, id="a key too many outside"),
        pytest.param(["data", "tags"], ..., id="a key too few"),
        pytest.param(["data", "id"], "1", id="another type"),
        pytest.param(["data"], [], id="no object"),
        pytest.param(["data", "title"], None, id="null"),
        pytest.param(["data", "billable"], "on", id="another word"),
        pytest.param(["message"], "Done.", id="another message"),
        pytest.param(["data", "dates", "created"], "2026-06-17T09:30:00Z", id="another moment"),
        pytest.param(["data", "dates", "due"], "2026-02-30", id="no day"),
    ],
)
def test_answer_of_another_form_is_not_taken(good, path, to):
    with pytest.raises(AssertionError):
        check(answer(change(good, *path, to=to)))


@pytest.mark.parametrize(
    ("body", "said", "path"),
    [
        pytest.param(None, {"status": 202}, "/tasks/1", id="another status"),
        pytest.param(None, {"content_type": "text/html"}, "/tasks/1", id="another type"),
        pytest.param(None, {}, "/nowhere", id="a path that is not there"),
        pytest.param({"message": "x"}, {"status": 401}, "/tasks/1", id="no WWW-Authenticate"),
        pytest.param({"message": "x"}, {"status": 503}, "/tasks/1", id="no Retry-After"),
        pytest.param({"message": "x"}, {"status": 409}, "/tasks/1", id="an error of writes"),
        pytest.param({"message": "x", "errors": {}}, {"status": 422}, "/tasks", id="no errors"),
    ],
)
def test_answer_that_is_not_in_the_reference_is_not_taken(good, body, said, path):
    with pytest.raises(AssertionError):
        check(answer(body or good, **said), path=path)
