"""How many requests run at once, and the connections to the database that they run on.

Django gives each thread connections of its own, and they outlive the thread: whoever starts and
ends threads with the load leaves connections behind until the server has none left. Here they
belong to a *slot* instead, whose number is fixed. A request takes a slot, runs on its connections
in whatever thread it is, and puts it back.
"""

from collections.abc import Callable, Iterable, Iterator
from queue import Empty, SimpleQueue
from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import FileResponse
from django.http.response import HttpResponseBase

StartResponse = Callable[..., Any]

#: Slots that are taken first. Threads that compute hinder each other in one Python process, and a
#: request that waits for its turn ends sooner than one that shares it.
PREFERRED = 2
#: Seconds that a request waits for one of those, behind requests that take long, before it takes
#: one of the others.
TURN = 0.02


class Slot:
    """What one request runs on: a connection to each database, made by the first that needs it."""

    __slots__ = ("connections", "home")

    def __init__(self, home: "SimpleQueue[Slot]") -> None:
        self.home = home
        self.connections: dict[str, BaseDatabaseWrapper] = {}

    def enter(self) -> None:
        """Lend the connections to this thread."""
        for alias, connection in self.connections.items():
            connections[alias] = connection

    def leave(self) -> None:
        """Take the connections back, with those made meanwhile, and free the slot."""
        try:
            for connection in connections.all(initialized_only=True):
                if connection.alias not in self.connections:
                    # The next request may run in another thread.
                    connection.inc_thread_sharing()
                    self.connections[connection.alias] = connection
                del connections[connection.alias]
        finally:
            self.home.put(self)


class Slots:
    """A fixed number of slots."""

    def __init__(self, number: int) -> None:
        self._preferred: SimpleQueue[Slot] = SimpleQueue()
        self._others: SimpleQueue[Slot] = SimpleQueue()
        for index in range(number):
            home = self._preferred if index < PREFERRED else self._others
            home.put(Slot(home))
        self._has_others = number > PREFERRED

    def take(self) -> Slot:
        """A slot, once one is free."""
        if not self._has_others:
            return self._preferred.get()
        try:
            return self._preferred.get(timeout=TURN)
        except Empty:
            return self._others.get()


class _Streamed:
    """A response that is made while it is sent: the slot is held until the server closes it."""

    def __init__(self, response: HttpResponseBase, slot: Slot) -> None:
        self._response = response
        self._slot: Slot | None = slot

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        slot, self._slot = self._slot, None
        try:
            self._response.close()
        finally:
            if slot is not None:
                slot.leave()


class SlottedHandler:
    """Django's handler, run in a slot."""

    def __init__(self, handler: WSGIHandler, number: int) -> None:
        self._handler = handler
        self._slots = Slots(number)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        slot = self._slots.take()
        is_held = False
        try:
            slot.enter()
            response: Any = self._handler(environ, start_response)
            if not isinstance(response, HttpResponseBase):
                # The server sends a file by means of its own.
                return cast("Iterable[bytes]", response)
            if not response.streaming:
                content = response.content  # type: ignore[attr-defined]
                response.close()
                # As a list it is complete: no thread waits until the client has read it.
                return [content]
            if isinstance(response, FileResponse):
                # A file needs no database, and a client may read it slowly.
                return response
            is_held = True
            return _Streamed(response, slot)
        finally:
            if not is_held:
                slot.leave()
