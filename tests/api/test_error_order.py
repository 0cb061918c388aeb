"""Where several errors apply, the first of 401, 405, 403, 404, 415, 400, 422, 409 is the answer."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.api.answers import (
    FOREIGN_MILESTONE,
    INVALID,
    MEDIA_TYPE,
    METHOD,
    READ_ONLY,
    TASK_NOT_FOUND,
    UNAUTHORIZED,
    UNPARSABLE,
    expect,
)
from tests.api.encodings import FORM, JSON
from tests.conftest import API

UNKNOWN = 987_654_321

NO_TITLE = {
    "message": INVALID,
    "errors": {"task_title": ["The task title field is required."]},
}


@dataclass(frozen=True)
class Case:
    """A request with two mistakes or more, and the one that is answered."""

    key: str
    method: str
    path: str
    body: str
    content_type: str
    status: int
    answer: Any


GARBAGE = '{"task_title": '
#: Good but for the title, which is missing, and the milestone, which is another project's.
NO_TITLE_FOREIGN_MILESTONE = (
    "task_projectid={project}&task_status=1&task_priority=1&task_milestoneid={foreign}"
)
FOREIGN = NO_TITLE_FOREIGN_MILESTONE + "&task_title=A"

CASES = {
    "401 before 405": Case("none", "PUT", "/tasks", "", FORM, 401, UNAUTHORIZED),
    "401 before 405 of options": Case("none", "OPTIONS", "/tasks", "", FORM, 401, UNAUTHORIZED),
    "401 before 404": Case("none", "PATCH", "/tasks/{unknown}", "", FORM, 401, UNAUTHORIZED),
    "401 before 415": Case("none", "POST", "/tasks", "x", "text/plain", 401, UNAUTHORIZED),
    "401 before 400": Case("none", "POST", "/tasks", GARBAGE, JSON, 401, UNAUTHORIZED),
    "401 before 422": Case("none", "POST", "/tasks", "", FORM, 401, UNAUTHORIZED),
    "401 before 409": Case("none", "POST", "/tasks", FOREIGN, FORM, 401, UNAUTHORIZED),
    "405 before 403": Case("read-only", "PUT", "/tasks", "", FORM, 405, METHOD),
    "405 before 403 of options": Case("read-only", "OPTIONS", "/tasks", "", FORM, 405, METHOD),
    "405 before 404": Case("good", "POST", "/tasks/{unknown}", "", FORM, 405, METHOD),
    "405 before 404 of a word": Case("good", "PUT", "/tasks/abc", "", FORM, 405, METHOD),
    "405 before 415": Case("good", "PUT", "/tasks", "x", "text/plain", 405, METHOD),
    "405 before 400": Case("good", "PUT", "/tasks", GARBAGE, JSON, 405, METHOD),
    "403 before 404": Case("read-only", "PATCH", "/tasks/{unknown}", "", FORM, 403, READ_ONLY),
    "403 before 404 of a word": Case("read-only", "DELETE", "/tasks/abc", "", FORM, 403, READ_ONLY),
    "403 before 415": Case("read-only", "POST", "/tasks", "x", "text/plain", 403, READ_ONLY),
    "403 before 400": Case("read-only", "POST", "/tasks", GARBAGE, JSON, 403, READ_ONLY),
    "403 before 422": Case("read-only", "POST", "/tasks", "", FORM, 403, READ_ONLY),
    "404 before 415": Case(
        "good", "PATCH", "/tasks/{unknown}", "x", "text/plain", 404, TASK_NOT_FOUND
    ),
    "404 before 415 of status": Case(
        "good", "PUT", "/tasks/{unknown}/status", "x", "text/plain", 404, TASK_NOT_FOUND
    ),
    "404 before 400": Case("good", "PATCH", "/tasks/{unknown}", GARBAGE, JSON, 404, TASK_NOT_FOUND),
    "404 before 400 of clone": Case(
        "good", "POST", "/tasks/{unknown}/clone", GARBAGE, JSON, 404, TASK_NOT_FOUND
    ),
    "404 before 422": Case("good", "PUT", "/tasks/{unknown}/tags", "", FORM, 404, TASK_NOT_FOUND),
    "404 before 422 of a word": Case(
        "good", "PUT", "/tasks/abc/assigned", "", FORM, 404, TASK_NOT_FOUND
    ),
    "415 before 400": Case("good", "POST", "/tasks", GARBAGE, "text/plain", 415, MEDIA_TYPE),
    "415 before 422": Case("good", "PATCH", "/tasks/{task}", "x=1", "text/plain", 415, MEDIA_TYPE),
    "400 before 422": Case("good", "POST", "/tasks", GARBAGE, JSON, 400, UNPARSABLE),
    "400 before 422 in a form": Case("good", "POST", "/tasks", "x=%ff", FORM, 400, UNPARSABLE),
    "422 before 409": Case(
        "good", "POST", "/tasks", NO_TITLE_FOREIGN_MILESTONE, FORM, 422, NO_TITLE
    ),
    "422 before 409 of update": Case(
        "good",
        "PATCH",
        "/tasks/{task}",
        "task_status=1&task_priority=1&task_milestoneid={foreign}",
        FORM,
        422,
        NO_TITLE,
    ),
    "409 at last": Case("good", "POST", "/tasks", FOREIGN, FORM, 409, FOREIGN_MILESTONE),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_request_with_several_errors_answers_the_first(make_api, world, unchanged, case):
    apis = {
        "none": lambda: API(None),
        "read-only": lambda: make_api(is_read_only=True),
        "good": make_api,
    }
    names = {
        "task": world.task.pk,
        "unknown": UNKNOWN,
        "project": world.project.pk,
        "foreign": world.foreign_milestone.pk,
    }
    api = apis[case.key]()
    body = case.body.format(**names) if case.content_type == FORM else case.body
    with unchanged():
        response = api.request(
            case.method, case.path.format(**names), body, content_type=case.content_type
        )
    expect(response, case.status, case.answer)
