"""Bodies sent in chunks: no length is announced, and Django by itself would take them for none."""

from io import BytesIO

import pytest
from django.core.handlers.asgi import ASGIRequest
from django.urls import resolve

from tests.api.answers import MEDIA_TYPE, UNPARSABLE, expect, expect_invalid, shown
from tests.api.encodings import ENCODINGS, FORM, JSON, MERGE_PATCH
from tests.api.endpoints import IN_EVERY_ENCODING, WITH_BODY

MAX_BODY = 10 * 1024 * 1024


def send(api, write, body, content_type, *, is_terminated=True):
    """As a server passes such a request on."""
    environ = {
        "wsgi.input": BytesIO(body.encode() if isinstance(body, str) else body),
        "wsgi.input_terminated": is_terminated,
        "HTTP_TRANSFER_ENCODING": "chunked",
        "CONTENT_LENGTH": "",
    }
    return api.client.generic(
        write.method, api.prefix + write.path, body, content_type=content_type, **environ
    )


@pytest.mark.parametrize("endpoint", IN_EVERY_ENCODING)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_in_chunks_is_read_like_any_other(api, world, endpoint, encoding):
    write = world.write(endpoint)
    response = send(api, write, *write.body(encoding))
    data = shown(response.json()["data"]["id"])
    expect(response, write.status, {"data": data, "message": write.message})


def test_merge_patch_in_chunks_is_read_like_any_other(api, world):
    send(api, world.write("merge"), '{"task_title": "In chunks"}', MERGE_PATCH)
    assert world.reload().title == "In chunks"


@pytest.mark.parametrize("content_type", [FORM, JSON, "multipart/form-data", "text/plain", ""])
def test_write_in_chunks_without_any_is_an_empty_one(api, world, unchanged, content_type):
    with unchanged():
        response = send(api, world.write("tags"), "", content_type)
    expect_invalid(response, tags="The tags field is required.")


def test_broken_write_in_chunks_is_refused_like_any_other(api, world, unchanged):
    write = world.write("update")
    with unchanged():
        expect(send(api, write, "{", JSON), 400, UNPARSABLE)
        expect(send(api, write, "x", "text/plain"), 415, MEDIA_TYPE)
        expect(send(api, write, "x=" + "x" * MAX_BODY, FORM), 400, UNPARSABLE)


def test_write_in_chunks_that_the_server_does_not_end_is_unparsable(api, world, unchanged):
    with unchanged():
        for endpoint in WITH_BODY:
            write = world.write(endpoint)
            response = send(api, write, *write.body(), is_terminated=False)
            expect(response, 400, UNPARSABLE)


def send_to_asgi(api, write, body, content_type):
    """As Django passes on what an ASGI server gave it, straight to the view."""
    path = api.prefix + write.path
    headers = {
        "host": "testserver",
        "authorization": api.client.defaults["HTTP_AUTHORIZATION"],
        "content-type": content_type,
        "transfer-encoding": "chunked",
    }
    scope = {
        "type": "http",
        "method": write.method,
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    request = ASGIRequest(scope, BytesIO(body.encode() if isinstance(body, str) else body))
    view = resolve(path)
    return view.func(request, *view.args, **view.kwargs)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_write_in_chunks_to_an_asgi_server_is_read_like_any_other(api, world, encoding):
    write = world.write("update")
    response = send_to_asgi(api, write, *write.body(encoding))
    expect(response, 200, {"data": shown(world.task), "message": write.message})
    assert world.reload().title == "Plan"


def test_write_without_body_to_an_asgi_server_is_an_empty_one(api, world, unchanged):
    with unchanged():
        response = send_to_asgi(api, world.write("tags"), "", FORM)
    expect_invalid(response, tags="The tags field is required.")
