"""The write runner: one transaction around an unsafe request, run again where another got in."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from tasks.database import alias, atomic, connection
from tasks.platform.errors import ConflictingWrite

logger = logging.getLogger("tasks.api")

#: InnoDB ends whichever has written less, so one may have to give way to many.
ATTEMPTS = 10
#: Seconds: the longest pause before another try.
_LONGEST_PAUSE = 0.5
#: Seconds after which a write on a locked SQLite file is not tried again.
MAX_LOCK_WAIT = 3.0
#: PostgreSQL's serialization failure, deadlock and lock timeout; MariaDB's lock timeout, deadlock.
_SQLSTATES = frozenset({"40001", "40P01", "55P03"})
_MYSQL_CODES = frozenset({1205, 1213, 1020})

T = TypeVar("T")


def run_write(write: Callable[[], T]) -> T:
    """Run ``write`` in a transaction of its own and return what it returns.

    Deadlocks, serialization failures and integrity errors (also those that only the commit finds:
    a row referred to was deleted meanwhile) mean that somebody else wrote at the same time. The
    request is run again then, from its validation on, against what is there now. Raises
    ``ConflictingWrite`` where that never settles, ``OperationalError`` where a SQLite file stays
    locked.

    Inside a transaction of the host's there is no second try, since what came before us can't be
    repeated: it is marked for rollback instead.
    """
    if connection().in_atomic_block:
        try:
            with atomic():
                return write()
        except DatabaseError as error:
            if not isinstance(error, IntegrityError):
                transaction.set_rollback(True, using=alias())
            if not _is_collision(error):
                raise
            raise ConflictingWrite from error
    started = time.monotonic()
    for attempt in range(1, ATTEMPTS + 1):
        try:
            with atomic():
                return write()
        except DatabaseError as error:
            if not _is_collision(error) or _has_waited(error, time.monotonic() - started):
                raise
            if attempt == ATTEMPTS:
                # Either a very busy row or a mistake of ours: somebody should look.
                logger.exception("Gave up a write after %d attempts", ATTEMPTS)
                raise ConflictingWrite from error
            pause = min(0.01 * 2**attempt, _LONGEST_PAUSE)
            time.sleep(random.uniform(0, pause))  # noqa: S311 (no secret)
    raise AssertionError("unreachable")


def _has_waited(error: DatabaseError, seconds: float) -> bool:
    """Whether a write has waited long enough for a locked SQLite file.

    SQLite itself waits, as long as the option ``timeout`` says, before it calls the file locked.
    """
    return seconds > MAX_LOCK_WAIT and "database is locked" in str(error)


def _is_collision(error: DatabaseError) -> bool:
    if isinstance(error, IntegrityError):
        return True
    cause = error.__cause__
    if getattr(cause, "sqlstate", None) in _SQLSTATES:
        return True
    code = error.args[0] if error.args else None
    return isinstance(error, OperationalError) and (
        code in _MYSQL_CODES or "database is locked" in str(error)
    )
