import json

import pytest
from django.conf import settings

from tests.api.answers import (
    METHOD,
    NOT_FOUND,
    TASK_NOT_FOUND,
    UNAUTHORIZED,
    expect,
    expect_invalid,
    shown,
)
from tests.api.endpoints import WRITES

RETRIEVED = "Task retrieved successfully."

#: Every path, and the methods that it takes.
PATHS = {
    "/tasks": "GET, POST, HEAD",
    "/tasks/{id}": "GET, PATCH, DELETE, HEAD",
    "/tasks/{id}/status": "PUT",
    "/tasks/{id}/assigned": "PUT",
    "/tasks/{id}/tags": "PUT",
    "/tasks/{id}/archive": "PUT",
    "/tasks/{id}/activate": "PUT",
    "/tasks/{id}/clone": "POST",
}
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO"]
#: Django's own paths below ours could answer anything else; only the plain host has none.
plain_host_only = pytest.mark.skipif(
    settings.ROOT_URLCONF != "config.urls",
    reason="what lies beside our paths is the host's to answer",
)


@pytest.mark.parametrize(("path", "allowed"), PATHS.items())
@pytest.mark.parametrize("slash", ["", "/"])
def test_request_with_another_method_is_refused_and_told_what_is_allowed(  # noqa: PLR0917 (a table's columns)
    api, world, unchanged, path, allowed, slash
):
    with unchanged():
        for method in METHODS:
            if method in allowed.split(", "):
                continue
            response = api.request(method, path.format(id=world.task.pk) + slash)
            if method == "HEAD":
                assert (response.status_code, response["Allow"]) == (405, allowed)
                assert response.content == b""
            else:
                expect(response, 405, METHOD, Allow=allowed)


@pytest.mark.parametrize("header", ["X-HTTP-Method-Override", "X-Method-Override"])
def test_method_override_changes_nothing(api, world, unchanged, header):
    with unchanged():
        response = api.request(
            "POST", f"/tasks/{world.task.pk}?_method=DELETE", "_method=DELETE", **{header: "DELETE"}
        )
    expect(response, 405, METHOD)


@pytest.mark.parametrize("endpoint", ["retrieve", *WRITES])
def test_path_with_trailing_slash_is_served_without_redirect(api, world, endpoint):
    if endpoint == "retrieve":
        response = api.get(f"/tasks/{world.task.pk}/")
        expect(response, 200, {"data": shown(world.task), "message": RETRIEVED})
        return
    write = world.write(endpoint)
    response = api.request(write.method, write.path + "/", *write.body())
    data = response.json()["data"]
    expect(response, write.status, {"data": data, "message": write.message})


def test_list_with_trailing_slash_is_served_without_redirect(api, world):
    assert api.get("/tasks/").json() == api.get("/tasks").json()
    assert api.get("/tasks/").status_code == 200


BAD_IDS = [
    "abc",
    "-1",
    "0",
    "+{id}",
    "%2B{id}",
    "{id}.0",
    "{id}.json",
    "{id}_0",
    "0x1",
    "{id}e0",
    "%20{id}",
    "{id}%20",
    "{id}%0A",
    "%0A{id}",
    "{id}%0D",
    "{id}%00",
    "%00",
    "%FF",
    "%D9%A1",
    "%EF%BC%91",
    "%C2%B2",
    "%F0%9F%98%80",
    "null",
    "None",
    "true",
    "..;",
    "{id};x=1",
    "{id},{id}",
    "987654321",
    str(2**31),
    str(2**63 - 1),
    str(2**63),
    str(2**64),
    str(2**64 + 1),
    str(10**30),
    "9" * 2000,
]


@pytest.mark.parametrize("text", BAD_IDS)
def test_path_with_an_id_that_is_none_is_not_found(api, world, unchanged, text):
    good = f"/tasks/{world.task.pk}"
    bad = "/tasks/" + text.format(id=world.task.pk)
    with unchanged():
        expect(api.request("GET", bad), 404, TASK_NOT_FOUND)
        for endpoint in WRITES:
            write = world.write(endpoint)
            if endpoint == "create":
                continue
            path = write.path.replace(good, bad)
            expect(api.request(write.method, path, *write.body()), 404, TASK_NOT_FOUND)


@pytest.mark.parametrize("text", ["{id}", "0{id}", "000000000000000000000000{id}"])
def test_path_with_digits_finds_the_task(api, world, text):
    response = api.get("/tasks/" + text.format(id=world.task.pk))
    expect(response, 200, {"data": shown(world.task), "message": RETRIEVED})


UNKNOWN_PATHS = [
    "",
    "/",
    "/task",
    "/Tasks",
    "/TASKS",
    "/tasksx",
    "/tasks//",
    "//tasks",
    "/tasks/1//",
    "/tasks/1/Status",
    "/tasks/1/statuses",
    "/tasks/1/status/2",
    "/tasks/1/status//",
    "/tasks/1/2",
    "/tasks/1/cover",
    "/tasks/1/notes",
    "/tasks.json",
    "/v1/tasks",
    "/invoices",
    "/users",
    "/schemas",
    "/tasks%0A",
    "/%0A",
    "/tasks/1/status%0A",
    "/tasks/1/%00",
    "/%FF",
    "/☃",
]


@plain_host_only
@pytest.mark.parametrize("path", UNKNOWN_PATHS)
def test_unknown_path_is_not_found(api, anonymous, unchanged, path):
    with unchanged():
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]:
            expect(api.request(method, path), 404, NOT_FOUND)
            expect(anonymous.request(method, path), 401, UNAUTHORIZED, WWW_Authenticate="Bearer")


@plain_host_only
@pytest.mark.parametrize("path", ["/", "/apitasks", "/tasks", "/api.json"])
def test_path_outside_the_prefix_is_the_sites(api, path):
    response = api.client.get(path)
    assert response["Content-Type"].startswith("text/html")


@pytest.mark.parametrize("path", ["/tasks", "/tasks/{id}", "/tasks/{id}/"])
def test_head_answers_as_get_without_a_body(api, world, path):
    path = path.format(id=world.task.pk)
    get, head = api.request("GET", path), api.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head["Content-Type"] == get["Content-Type"] == "application/json"
    assert head["Allow"] == get["Allow"]
    assert head["Content-Length"] == get["Content-Length"] == str(len(get.content))


def test_head_of_an_unknown_task_is_not_found(api):
    response = api.request("HEAD", "/tasks/987654321")
    assert (response.status_code, response.content) == (404, b"")


ACCEPTS = ["text/html", "application/xml", "*/*", "text/*;q=0.1", "application/json; q=0", "x", ""]


@pytest.mark.parametrize("accept", ACCEPTS)
def test_accept_changes_nothing(api, world, accept):
    path = f"/tasks/{world.task.pk}"
    response = api.request("GET", path, Accept=accept)
    expect(response, 200, {"data": shown(world.task), "message": RETRIEVED})
    assert response.content == api.get(path).content
    expect(api.request("GET", "/tasks/abc", Accept=accept), 404, TASK_NOT_FOUND)
    expect(api.request("OPTIONS", path, Accept=accept), 405, METHOD)


@pytest.mark.parametrize(
    "query", ["format=api", "format=json", "format=xml", "_accept=text/html", "indent=4", "v=2"]
)
def test_query_of_a_task_changes_nothing(api, world, unchanged, query):
    path = f"/tasks/{world.task.pk}"
    assert api.request("GET", f"{path}?{query}").content == api.get(path).content
    with unchanged():
        response = api.put(f"{path}/status?status=3&{query}")
    expect_invalid(response, status="The status field is required.")


@pytest.mark.parametrize("language", ["de", "fr-CH, fr;q=0.9", "xx"])
def test_accept_language_changes_nothing(api, world, unchanged, language):
    with unchanged():
        response = api.request("PUT", f"/tasks/{world.task.pk}/status", Accept_Language=language)
    expect_invalid(response, status="The status field is required.")


def test_answer_is_utf8_json_with_characters_as_they_are(api, world):
    response = world.write("update").send(api, task_title="Größe 😀 <b>&amp;</b>")
    assert "Größe 😀 <b>&amp;</b>".encode() in response.content
    assert json.loads(response.content)["data"]["title"] == "Größe 😀 <b>&amp;</b>"
