"""Where our rows live, and transactions over them.

A host may send our models to a database of their own, so nothing here assumes ``default``.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from django.db import connections, router, transaction
from django.db.backends.base.base import BaseDatabaseWrapper


def alias() -> str:
    """The name of the database that the site's routers choose for our writes."""
    from tasks.models import Task

    return router.db_for_write(Task)


def connection() -> BaseDatabaseWrapper:
    """The connection that our writes go through."""
    return connections[alias()]


def atomic() -> AbstractContextManager[None]:
    """``transaction.atomic`` on our database; nests inside whatever is open."""
    return transaction.atomic(using=alias())


def on_commit(function: Callable[[], object]) -> None:
    """Call ``function`` once what is being written is really there."""
    transaction.on_commit(function, using=alias())
