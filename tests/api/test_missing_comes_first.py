"""A task that is not there is a 404, whatever is wrong with the body; where it is, that is told."""

import pytest

from tasks.testing import make_task

JSON, TEXT = "application/json", "text/plain"
WRONG = [
    (b'{"status": null}', JSON, 422),
    (b'{"status": []}', JSON, 422),
    (b'{"status": 18446744073709551616}', JSON, 422),
    (b'{"status": "\\u0000"}', JSON, 422),
    (b"[]", JSON, 400),
    (b"{", JSON, 400),
    (b"status=2", TEXT, 415),
]


@pytest.mark.parametrize("action", ["status", "tags"])
@pytest.mark.parametrize("wrong", WRONG)
def test_wrong_body_is_told_where_the_task_is_there(api, unchanged, action, wrong):
    body, content_type, status = wrong
    task = make_task()

    with unchanged():
        there = api.request("PUT", f"/tasks/{task.pk}/{action}", body, content_type)
        gone = api.request("PUT", f"/tasks/{task.pk + 1}/{action}", body, content_type)

    assert there.status_code == status
    assert (gone.status_code, gone.json()) == (404, {"message": "Task not found."})


@pytest.mark.parametrize("task_id", [2**64, 0, "x", "%00"])
@pytest.mark.parametrize(
    ("method", "action"), [("PUT", "/archive"), ("PUT", "/tags"), ("DELETE", "")]
)
def test_id_that_no_task_can_have_is_a_404(api, task_id, method, action):
    assert api.request(method, f"/tasks/{task_id}{action}", {"tags": ["a\0"]}).status_code == 404
