"""Bodies that are complete before a request runs, and those that are refused."""

import io

import pytest

from config.bodies import MAX_IN_MEMORY, Bodies, Refused

LIMIT = 300_000


class Dropped(io.BytesIO):
    """The stream of a client that goes away."""

    def read(self, size=-1):
        raise OSError("gone")


def bodies(**options):
    return Bodies(**{"max_size": LIMIT, "max_waiting": 1, "timeout": 20, **options})


def environ_of(content, **others):
    """What a server passes on of a request with this body."""
    return {"CONTENT_LENGTH": str(len(content)), "wsgi.input": io.BytesIO(content)} | others


def chunked(content):
    environ = environ_of(content, HTTP_TRANSFER_ENCODING="chunked")
    del environ["CONTENT_LENGTH"]
    return environ


@pytest.mark.parametrize("make", [environ_of, chunked])
@pytest.mark.parametrize("size", [1, 7, 8, 9, 1000, MAX_IN_MEMORY, MAX_IN_MEMORY + 1, LIMIT])
def test_body_is_read_to_its_end_and_put_in_its_place(make, size):
    content = bytes(index % 251 for index in range(size))
    environ = make(content)
    source = environ["wsgi.input"]
    bodies().complete(environ)
    assert source.read() == b""
    assert environ["wsgi.input"] is not source
    assert environ["wsgi.input"].read() == content
    assert environ["CONTENT_LENGTH"] == str(size)
    assert "HTTP_TRANSFER_ENCODING" not in environ
    # A long one waits on the disk.
    assert isinstance(environ["wsgi.input"], io.BytesIO) == (size <= MAX_IN_MEMORY)
    environ["wsgi.input"].close()


def test_next_request_of_a_connection_is_left_alone():
    environ = environ_of(b"body") | {"wsgi.input": io.BytesIO(b"bodyGET / HTTP/1.1")}
    source = environ["wsgi.input"]
    bodies().complete(environ)
    assert environ["wsgi.input"].read() == b"body"
    assert source.read() == b"GET / HTTP/1.1"


@pytest.mark.parametrize("length", [None, "", "0"])
def test_request_without_a_body_is_not_touched(length):
    source = Dropped()
    environ = {"wsgi.input": source} | ({} if length is None else {"CONTENT_LENGTH": length})
    before = dict(environ)
    bodies(max_waiting=0, timeout=-1).complete(environ)
    assert environ == before


@pytest.mark.parametrize(
    ("environ", "options", "status"),
    [
        (environ_of(b"x" * (LIMIT + 1)), {}, "413 Content Too Large"),
        (chunked(b"x" * (LIMIT + 1)), {}, "413 Content Too Large"),
        (
            environ_of(b"", CONTENT_LENGTH=str(LIMIT + 1), HTTP_EXPECT="100-Continue"),
            {},
            "413 Content Too Large",
        ),
        (environ_of(b"x", CONTENT_LENGTH="-1"), {}, "400 Bad Request"),
        (environ_of(b"x", CONTENT_LENGTH="one"), {}, "400 Bad Request"),
        (environ_of(b"x", CONTENT_LENGTH="²"), {}, "400 Bad Request"),
        (environ_of(b"x", CONTENT_LENGTH="2"), {}, "400 Bad Request"),
        ({"CONTENT_LENGTH": "5", "wsgi.input": Dropped()}, {}, "400 Bad Request"),
        (environ_of(b"x" * 100), {"timeout": -1}, "408 Request Timeout"),
        (chunked(b"x" * 100), {"timeout": -1}, "408 Request Timeout"),
        (environ_of(b"x"), {"max_waiting": 0}, "503 Service Unavailable"),
    ],
)
def test_body_is_refused(environ, options, status):
    reader = bodies(**options)
    with pytest.raises(Refused) as refused:
        reader.complete(environ)
    assert refused.value.status == status
    assert (refused.value.retry_after is not None) == status.startswith("503")


def test_body_too_large_is_read_first_so_that_its_client_hears_the_answer():
    environ = environ_of(b"x" * (LIMIT + 100_000))
    with pytest.raises(Refused):
        bodies().complete(environ)
    assert environ["wsgi.input"].read() == b""


def test_clients_that_have_gone_do_not_count_as_waiting():
    reader = bodies(max_waiting=1)
    for _ in range(3):
        with pytest.raises(Refused, match="incomplete"):
            reader.complete({"CONTENT_LENGTH": "5", "wsgi.input": Dropped()})
    reader.complete(environ_of(b"body"))
