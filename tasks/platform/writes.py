"""The write runner: one transaction around an unsafe request, run again where another got in."""

import logging
import random
import time
from collections.abc import Callable
from typing import TypeVar

from django.db import DatabaseError, transaction

from tasks.database import alias, atomic, connection, isolate_commit_hooks
from tasks.database_errors import Kind, Violation, is_collision, violation_of
from tasks.exceptions import DatabaseRefused
from tasks.platform.errors import ConflictingWrite

logger = logging.getLogger("tasks.api")

#: InnoDB ends whichever has written less, so one may have to give way to many.
ATTEMPTS = 10
#: Where the database does not tell whether another writer is to blame.
ATTEMPTS_IN_DOUBT = 3
#: Seconds: the longest pause before another try.
_LONGEST_PAUSE = 0.5
#: Seconds after which a write on a locked SQLite file is not tried again.
MAX_LOCK_WAIT = 3.0

T = TypeVar("T")


def run_write(write: Callable[[], T]) -> T:
    """Run ``write`` in a transaction of its own and return what it returns.

    Deadlocks, serialization failures and broken constraints of ours (also those that only the
    commit finds: a row referred to was deleted meanwhile) mean that somebody else wrote at the same
    time. The request is run again then, from its validation on, against what is there now. Raises
    ``ConflictingWrite`` where that never settles, ``OperationalError`` where a SQLite file stays
    locked.

    A constraint or a trigger of the site's own refuses the same write each time: raises
    ``DatabaseRefused`` at once. Every other error is raised as it is.

    What is committed is never run again: errors of the site's ``transaction.on_commit`` functions
    are logged, and the others are called all the same.

    Inside a transaction of the host's there is no second try, since what came before us can't be
    repeated: it is marked for rollback instead.
    """
    if connection().in_atomic_block:
        try:
            with atomic():
                return write()
        except DatabaseError as error:
            if violation_of(error) is None:
                transaction.set_rollback(True, using=alias())
            _raise_named(error)
            raise
    started = time.monotonic()
    attempt = 0
    while True:
        attempt += 1
        try:
            with atomic():
                result = write()
                isolate_commit_hooks()
                return result
        except DatabaseError as error:
            if _has_waited(error, time.monotonic() - started):
                raise
            attempts = _attempts(error, violation_of(error))
            if attempt >= attempts:
                if attempts > 1:
                    # Either a very busy row or a mistake of ours: somebody should look.
                    logger.exception("Gave up a write after %d attempts", attempt)
                _raise_named(error)
                raise
            pause = min(0.01 * 2**attempt, _LONGEST_PAUSE)
            time.sleep(random.uniform(0, pause))  # noqa: S311 (no secret)


def _has_waited(error: DatabaseError, seconds: float) -> bool:
    """Whether a write has waited long enough for a locked SQLite file.

    SQLite itself waits, as long as the option ``timeout`` says, before it calls the file locked.
    """
    return seconds > MAX_LOCK_WAIT and "database is locked" in str(error)


def _raise_named(error: DatabaseError) -> None:
    """Raise what an error is called here; return where it has no name and is to stay as it is."""
    if _attempts(error, violation_of(error)) > 1:
        raise ConflictingWrite from error
    refusal = refusal_for(error)
    if refusal is not None:
        raise refusal from error


def _attempts(error: DatabaseError, violation: Violation | None) -> int:
    """How often a write that ends like this is run before it is given up; 1: never again."""
    if violation is None:
        return ATTEMPTS if is_collision(error) else 1
    match violation.kind:
        case Kind.RAISED:
            return 1
        case Kind.UNKNOWN:
            # What code in Python has raised has no cause in a driver.
            return 1 if error.__cause__ is None else ATTEMPTS_IN_DOUBT
        case Kind.FOREIGN_KEY:
            return ATTEMPTS_IN_DOUBT
        case Kind.CHECK | Kind.NOT_NULL:
            return ATTEMPTS_IN_DOUBT if violation.is_ours else 1
    return ATTEMPTS if violation.is_ours else 1


def refusal_for(error: DatabaseError) -> DatabaseRefused | None:
    """The refusal that a rule of the site's own in our tables stands for; None for other errors.

    A rule of ours is none: validation has found it kept, and another writer has broken it since.
    """
    violation = violation_of(error)
    if violation is None or _attempts(error, violation) > 1:
        return None
    logger.warning("A rule that is not Taskdock's refused a write: %s", error, exc_info=error)
    return DatabaseRefused(violation.reason)
