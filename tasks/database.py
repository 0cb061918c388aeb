"""Where our rows live, and transactions over them.

A host may send our models to a database of their own, so nothing here assumes ``default``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def alias() -> str:
    """The name of the database that the site's routers choose for our writes."""
    from tasks.models import Task

    return router.db_for_write(Task)


def connection() -> BaseDatabaseWrapper:
    """The connection that our writes go through."""
    return connections[alias()]


def of_self() -> tuple[str, ...]:
    """What ``select_for_update`` is to lock where a queryset joins: its own rows alone."""
    return ("self",) if connection().features.has_select_for_update_of else ()


#: What is to be undone if the outermost block of ours that is open fails.
_undoing: ContextVar[list[Callable[[], object]] | None] = ContextVar("undoing", default=None)


@contextmanager
def atomic(*, tries_again: bool = False) -> Iterator[None]:
    """``transaction.atomic`` on our database; nests inside whatever is open.

    Inside a block of ours there is no savepoint, which would cost each write two more round trips:
    what fails here fails the whole, unless its caller ``tries_again``.
    """
    if _undoing.get() is not None:
        with transaction.atomic(using=alias(), savepoint=tries_again):
            yield
        return
    undoing: list[Callable[[], object]] = []
    token = _undoing.set(undoing)
    try:
        with transaction.atomic(using=alias()):
            yield
    except BaseException:
        for undo in undoing:
            undo()
        raise
    finally:
        _undoing.reset(token)


def on_failure(function: Callable[[], object]) -> None:
    """Call ``function``, which must not raise, if what is being written fails, its commit included.

    Call it inside ``atomic``. Nothing is heard of a transaction around ours that a host rolls back
    afterwards, nor of a process that is killed.
    """
    undoing = _undoing.get()
    if undoing is None:
        raise RuntimeError("Nothing is being written.")
    undoing.append(function)


def on_commit(function: Callable[[], object]) -> None:
    """Call ``function`` once what is being written is really there.

    What it writes itself is a write of its own, and fails alone.
    """
    transaction.on_commit(partial(_afterwards, function), using=alias())


def _afterwards(function: Callable[[], object]) -> None:
    # The block of ours that commits is still open while this runs.
    token = _undoing.set(None)
    try:
        function()
    finally:
        _undoing.reset(token)
