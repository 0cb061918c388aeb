"""The API under two prefixes of one host."""

import pytest
from django.conf import settings

from tasks.models import Task
from tasks.testing import make_task
from timers.testing import make_time

PREFIXES = ("/v1", "/v2/api")
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

pytestmark = pytest.mark.skipif(
    settings.ROOT_URLCONF != "tests.hostile.two_prefixes", reason="this host mounts the API once"
)


def send(api, prefix, method, path, body="", content_type=FORM, **headers):  # noqa: PLR0917 (as HTTP)
    return api.client.generic(
        method, f"{prefix}{path}", body, content_type=content_type, headers=headers
    )


def told(response):
    return response.status_code, response["Content-Type"], response.json()


@pytest.mark.parametrize(
    ("method", "path", "body", "content_type", "status"),
    [
        ("GET", "/tasks", "", FORM, 200),
        ("GET", "/tasks?page=2&limit=1&format=xml", "", FORM, 200),
        ("GET", "/tasks?limit=0", "", FORM, 422),
        ("GET", "/tasks/{pk}", "", FORM, 200),
        ("GET", "/tasks/{pk}/", "", FORM, 200),
        ("GET", "/tasks/{pk}/timers", "", FORM, 200),
        ("GET", "/tasks/{pk}/comments", "", FORM, 200),
        ("GET", "/timesheets", "", FORM, 200),
        ("GET", "/tasks/999999", "", FORM, 404),
        ("PUT", "/tasks", "", FORM, 405),
        ("POST", "/tasks", "{", JSON, 400),
        ("POST", "/tasks", "<a/>", "application/xml", 415),
        ("PUT", "/tasks/{pk}/status", "status=99", FORM, 422),
        ("GET", "/schema", "", FORM, 200),
    ],
)
def test_prefixes_answer_alike(api, method, path, body, content_type, status):  # noqa: PLR0917 (a table's columns)
    task = make_task()
    make_time(task)
    path = path.format(pk=task.pk)
    one, other = (told(send(api, prefix, method, path, body, content_type)) for prefix in PREFIXES)
    assert one[0] == status
    if path == "/schema":
        assert one[2].pop("servers") == [{"url": "/v1"}]
        assert other[2].pop("servers") == [{"url": "/v2/api"}]
    assert one == other


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("slash", ["", "/"])
def test_what_one_prefix_writes_the_other_tells(api, prefix, slash):
    task = make_task(title="Before")
    changed = '{"task_title": "After"}'
    path, kind = f"/tasks/{task.pk}{slash}", "application/merge-patch+json"
    assert send(api, prefix, "PATCH", path, changed, kind).status_code == 200
    titles = {
        send(api, each, "GET", f"/tasks/{task.pk}").json()["data"]["title"] for each in PREFIXES
    }
    assert titles == {"After"} == {Task.objects.get().title}


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("path", ["/tasks", "/tasks/", "/tasks/1", "/timesheets", "/projects"])
def test_no_key_is_401_under_each_prefix(anonymous, prefix, path):
    for headers in ({}, {"Authorization": "Bearer tdk_wrong", "Accept": "text/html"}):
        response = send(anonymous, prefix, "GET", path, **headers)
        assert response.status_code == 401
        assert response.json() == {"message": "Unauthorized. A valid API key is required."}


@pytest.mark.parametrize("prefix", PREFIXES)
def test_answer_is_in_no_cache_of_the_site(api, anonymous, prefix):
    response = send(api, prefix, "GET", "/tasks")
    assert response["Cache-Control"] == "private, no-cache"
    assert send(anonymous, prefix, "GET", "/tasks").status_code == 401
    assert send(api, prefix, "GET", "/tasks").json()["meta"]["total"] == 0
    make_task()
    assert send(api, prefix, "GET", "/tasks").json()["meta"]["total"] == 1
