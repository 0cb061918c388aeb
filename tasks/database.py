"""Where our rows live, and transactions over them.

A host may send our models to a database of their own, so nothing here assumes ``default``.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import IntegrityError, connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import ProtectedError, RestrictedError

from tasks.database_errors import Kind, violation_of
from tasks.exceptions import StillReferredTo


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


@dataclass
class _Write:
    """What the outermost open block of ours knows of itself.

    ``undoing`` is what to call if it fails; ``deletes`` whether it deletes rows that tables of the
    site's can refer to.
    """

    undoing: list[Callable[[], object]] = field(default_factory=list)
    deletes: bool = False


_open: ContextVar[_Write | None] = ContextVar("open_write", default=None)


@contextmanager
def atomic(*, tries_again: bool = False) -> Iterator[None]:
    """``transaction.atomic`` on our database; nests inside whatever is open.

    Inside a block of ours there is no savepoint, which would cost each write two more round trips:
    what fails here fails the whole, unless its caller ``tries_again``. Raises ``StillReferredTo``
    where rows of the site's refer to what the block deletes.
    """
    write = _open.get()
    if write is not None:
        with _refusals_named(write), transaction.atomic(using=alias(), savepoint=tries_again):
            yield
        return
    write = _Write()
    token = _open.set(write)
    try:
        with _refusals_named(write), transaction.atomic(using=alias()):
            yield
    except BaseException:
        for undo in write.undoing:
            undo()
        raise
    finally:
        _open.reset(token)


@contextmanager
def _refusals_named(write: _Write) -> Iterator[None]:
    """Raise ``StillReferredTo`` for what Django and the database call a deletion they refuse."""
    try:
        yield
    except ProtectedError as error:
        raise StillReferredTo(error.protected_objects) from error
    except RestrictedError as error:
        raise StillReferredTo(error.restricted_objects) from error
    except IntegrityError as error:
        violation = violation_of(error)
        if violation is None or violation.is_ours:
            # Of ours Django takes along what refers to a row: somebody has just added some.
            raise
        # SQLite does not tell from which side a foreign key is broken.
        is_of_deletion = violation.kind is Kind.FOREIGN_KEY and write.deletes
        if violation.kind is Kind.REFERRED_TO or is_of_deletion:
            raise StillReferredTo(table=violation.table) from error
        raise


def deletes_rows() -> None:
    """Note that the open block deletes rows that tables of the site's can refer to."""
    write = _open.get()
    if write is not None:
        write.deletes = True


def on_failure(function: Callable[[], object]) -> None:
    """Call ``function``, which must not raise, if what is being written fails, its commit included.

    Call it inside ``atomic``. Nothing is heard of a transaction around ours that a host rolls back
    afterwards, nor of a process that is killed.
    """
    write = _open.get()
    if write is None:
        raise RuntimeError("Nothing is being written.")
    write.undoing.append(function)


def on_commit(function: Callable[[], object]) -> None:
    """Call ``function`` once what is being written is really there.

    What it writes itself is a write of its own, and fails alone.
    """
    transaction.on_commit(partial(_afterwards, function), using=alias())


def isolate_commit_hooks() -> None:
    """Log what functions raise that wait for the commit of the open transaction; run all of them.

    As if each were registered with ``transaction.on_commit(..., robust=True)``. Call it at the end
    of an outermost block: an error of a site's hook comes after the commit, when the write can
    neither fail nor be run again, and Django would drop the hooks behind it.
    """
    waiting: Any = connection()
    waiting.run_on_commit = [
        (savepoints, function, True) for savepoints, function, _ in waiting.run_on_commit
    ]


def _afterwards(function: Callable[[], object]) -> None:
    # The block of ours that commits is still open while this runs.
    token = _open.set(None)
    try:
        function()
    finally:
        _open.reset(token)
