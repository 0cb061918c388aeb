"""Slots: which connection a request runs on, in whatever thread it is."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any, ClassVar

import pytest
from django.db import connection, connections
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from config.slots import PREFERRED, SlottedHandler

pytestmark = pytest.mark.django_db(transaction=True)

NUMBER = PREFERRED + 2
#: Seconds after which a test gives up on threads that wait for each other.
PATIENCE = 30


class Handler:
    """In place of Django's: notes the connection that each request runs on."""

    used: ClassVar[set[Any]] = set()

    def __init__(self, make=HttpResponse):
        self.make, self.seen = make, []

    def __call__(self, environ, start_response):
        connection.ensure_connection()
        self.seen.append(connections["default"])
        Handler.used.add(connections["default"])
        environ.get("meet", lambda: None)()
        return self.make(b"content")


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    """More threads than slots; their connections are closed in the end."""
    with ThreadPoolExecutor(4 * NUMBER) as pool:
        yield pool
    while Handler.used:
        Handler.used.pop().close()


def serve(slotted, **environ):
    response = slotted(environ, None)
    content = b"".join(response)
    if hasattr(response, "close"):
        response.close()
    return content


def at_once(pool, slotted):
    """As many requests as there are slots, which wait for each other."""
    barrier = Barrier(NUMBER)
    environ = {"meet": lambda: barrier.wait(PATIENCE)}
    return [*pool.map(lambda _number: serve(slotted, **environ), range(NUMBER))]


@pytest.mark.parametrize("make", [HttpResponse, StreamingHttpResponse, FileResponse])
def test_connections_are_as_many_as_slots_whatever_the_threads(threads, make):
    handler = Handler(
        lambda content: make([content]) if make is not HttpResponse else make(content)
    )
    slotted = SlottedHandler(handler, NUMBER)
    for _round in range(3):
        assert at_once(threads, slotted) == [b"content"] * NUMBER
        assert [*threads.map(lambda _number: serve(slotted), range(50))] == [b"content"] * 50
    assert len({id(used) for used in handler.seen}) == NUMBER


def test_requests_at_once_never_share_a_connection(threads):
    handler = Handler()
    slotted = SlottedHandler(handler, NUMBER)
    # Threads that have run in one slot run in another, which has no connection yet.
    serve_in_threads = [threads.submit(serve, slotted) for _number in range(4 * NUMBER)]
    assert [done.result() for done in serve_in_threads] == [b"content"] * 4 * NUMBER
    handler.seen.clear()
    at_once(threads, slotted)
    assert len({id(used) for used in handler.seen}) == NUMBER


def test_response_that_is_streamed_holds_its_slot_until_it_is_closed(threads):
    slotted = SlottedHandler(Handler(lambda content: StreamingHttpResponse([content])), 1)
    response = threads.submit(slotted, {}, None).result()
    waiting = threads.submit(serve, slotted)
    assert b"".join(response) == b"content"
    assert not waiting.done()
    response.close()
    assert waiting.result(PATIENCE) == b"content"


def test_request_that_fails_frees_its_slot(threads):
    def fail(content):
        raise ZeroDivisionError

    handler = Handler(fail)
    slotted = SlottedHandler(handler, 1)
    for _time in range(2):
        with pytest.raises(ZeroDivisionError):
            threads.submit(slotted, {}, None).result()
    assert len({id(used) for used in handler.seen}) == 1
