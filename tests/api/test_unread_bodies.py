"""An early answer leaves nothing of a body in a connection that a server keeps open."""

from io import BytesIO
from urllib.parse import urlsplit

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from tasks.platform.unread import MAX_DISCARDED

SIZES = [1, 1000, 60_000, 200_000, 3_000_000]
NEXT = b"GET /next HTTP/1.1\r\n"


@pytest.fixture(autouse=True)
def keep_alive_connection():
    """As Django's test client has it: the transaction of a test is not closed with a request."""
    for sent in (request_started, request_finished):
        sent.disconnect(close_old_connections)
    yield
    for sent in (request_started, request_finished):
        sent.connect(close_old_connections)


def answer(method, url, *, headers, body, is_chunked):
    """The status of a whole request through Django's handler, and what it leaves unread."""
    parts = urlsplit(url)
    source = BytesIO(body if is_chunked else body + NEXT)
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": parts.path,
        "QUERY_STRING": parts.query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": source,
        "wsgi.input_terminated": is_chunked,
        "wsgi.errors": None,
        **headers,
        **({"HTTP_TRANSFER_ENCODING": "chunked"} if is_chunked else {}),
    }
    if not is_chunked:
        environ["CONTENT_LENGTH"] = str(len(body))
    started = []
    response = WSGIHandler()(environ, lambda status, _headers, *_: started.append(status))
    b"".join(response)
    return int(started[0][:3]), source.read()


CASES = {
    "no key": ("POST", "/tasks", {}, "application/json", 401),
    "bad key": (
        *("POST", "/tasks", {"HTTP_AUTHORIZATION": "Bearer nothing"}),
        *("application/json", 401),
    ),
    "no such task": ("POST", "/tasks/9999999/comments", None, "application/json", 404),
    "no such id": ("DELETE", "/tasks/first", None, "application/json", 404),
    "method": ("POST", "/tasks/1/status", None, "application/json", 405),
    "media type": ("POST", "/tasks", None, "text/x-unknown", 415),
    "a GET with a body": ("GET", "/tasks", None, "application/json", 200),
}


@pytest.mark.parametrize("is_chunked", [False, True])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("case", CASES)
def test_early_answer_leaves_nothing_of_the_body(api, case, size, is_chunked):
    method, path, headers, content_type, status = CASES[case]
    if headers is None:
        headers = {"HTTP_AUTHORIZATION": api.client.defaults["HTTP_AUTHORIZATION"]}
    answered = answer(
        method,
        api.prefix + path,
        headers={**headers, "CONTENT_TYPE": content_type},
        body=b"x" * size,
        is_chunked=is_chunked,
    )
    assert answered == (status, b"" if is_chunked else NEXT)


def test_body_without_end_is_read_up_to_a_bound(api):
    class Endless(BytesIO):
        count = 0

        def read(self, size=-1):
            self.count += size
            return b"x" * size

    source = Endless()
    environ = {
        "HTTP_TRANSFER_ENCODING": "chunked",
        "wsgi.input": source,
        "wsgi.input_terminated": True,
    }
    response = api.client.generic("DELETE", f"{api.prefix}/tasks/first", "", **environ)
    assert response.status_code == 404
    assert source.count == MAX_DISCARDED
