"""How many requests run at once, and the connections to the database that they run on.

Django gives each thread connections of its own, and they outlive the thread: whoever starts and
ends threads with the load leaves connections behind until the server has none left. Here they
belong to a *slot* instead, whose number is fixed. A request takes a slot, runs on its connections
in whatever thread it is, and puts it back.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, cast

from django.core.handlers.wsgi import WSGIHandler
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.http import FileResponse
from django.http.response import HttpResponseBase

StartResponse = Callable[..., Any]

#: Slots that are taken at once. Threads that compute hinder each other in one Python process, and a
#: request that waits for its turn ends sooner than one that shares it.
PREFERRED = 2
#: Seconds that a request waits for one of those, behind requests that take long, before it takes
#: one of the others.
TURN = 0.02


class Slot:
    """What one request runs on: a connection to each database, made by the first that needs it."""

    def __init__(self) -> None:
        self.connections: dict[str, BaseDatabaseWrapper] = {}

    def enter(self) -> None:
        """Lend the connections to this thread, in place of those that it ran on before."""
        for alias in connections:
            if alias in self.connections:
                connections[alias] = self.connections[alias]
            else:
                with contextlib.suppress(AttributeError):
                    del connections[alias]

    def collect(self) -> None:
        """Take the connections that this thread has made."""
        if len(self.connections) == len(connections.settings):
            return
        for connection in connections.all(initialized_only=True):
            if connection.alias not in self.connections:
                # The next request may run in another thread.
                connection.inc_thread_sharing()
                self.connections[connection.alias] = connection

    def forget(self) -> None:
        """Take the connections away from this thread, which goes on without a slot."""
        for alias in self.connections:
            del connections[alias]


class Slots:
    """A fixed number of slots. The one that was freed last is taken first: its data is cached."""

    def __init__(self, number: int) -> None:
        self._free = [Slot() for _number in range(number)]
        # Counting semaphores: a turn stands for a slot that is free.
        self._preferred: SimpleQueue[None] = SimpleQueue()
        self._others: SimpleQueue[None] = SimpleQueue()
        for index in range(number):
            (self._preferred if index < PREFERRED else self._others).put(None)
        self._has_others = number > PREFERRED

    def take(self) -> tuple[Slot, "SimpleQueue[None]"]:
        """A slot, once one is free, and the turn to give back with it."""
        turns = self._preferred
        try:
            turns.get(timeout=TURN if self._has_others else None)
        except Empty:
            turns = self._others
            turns.get()
        return self._free.pop(), turns

    def give_back(self, slot: Slot, turns: "SimpleQueue[None]") -> None:
        """Free the slot."""
        try:
            slot.collect()
        finally:
            self._free.append(slot)
            turns.put(None)


class _Streamed:
    """A response that is made while it is sent: the slot is held until the server closes it."""

    def __init__(self, response: HttpResponseBase, free: Callable[[], None]) -> None:
        self._response = response
        self._free: Callable[[], None] | None = free

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._response)

    def close(self) -> None:
        free, self._free = self._free, None
        try:
            self._response.close()
        finally:
            if free is not None:
                free()


class SlottedHandler:
    """Django's handler, run in a slot."""

    def __init__(self, handler: WSGIHandler, number: int) -> None:
        self._handler = handler
        self._slots = Slots(number)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        slot, turns = self._slots.take()
        is_held = False
        try:
            slot.enter()
            response: Any = self._handler(environ, start_response)
            if getattr(response, "streaming", True) is False:
                content = response.content
                response.close()
                # As a list it is complete: no thread waits until the client has read it.
                return [content]
            slot.collect()
            if isinstance(response, HttpResponseBase) and not isinstance(response, FileResponse):
                is_held = True
                return _Streamed(response, partial(self._slots.give_back, slot, turns))
            # A file needs no database, and a client may read it slowly; at its end Django looks
            # after the connections of the thread, which are another's then.
            slot.forget()
            return cast("Iterable[bytes]", response)
        finally:
            if not is_held:
                self._slots.give_back(slot, turns)
