"""When a key was last used: noted where the database takes it at once, else with a later request.

A read of the API is to succeed on a hot standby, and must not wait for somebody who is changing
the key, or on SQLite for whoever is writing anything.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import Error, connections, router, transaction
from django.db.models import Q

from tasks.models import APIKey

logger = logging.getLogger("tasks.api")


def note_use(*, key_id: int, now: dt.datetime, lately: dt.datetime) -> None:
    """Write that a key was used ``now``, unless it was used after ``lately``; never fails."""
    using = router.db_for_write(APIKey)
    rows = APIKey.objects.using(using).filter(
        Q(last_used_at=None) | Q(last_used_at__lte=lately), pk=key_id
    )
    features = connections[using].features
    try:
        with _without_waiting(using):
            if features.has_select_for_update_skip_locked:
                no_key = features.has_select_for_no_key_update
                free = rows.select_for_update(skip_locked=True, no_key=no_key).order_by()
                if not free.values_list("pk"):
                    return
            rows.update(last_used_at=now)
    except Error as error:
        logger.info("The last use of key %d is not noted: %s", key_id, error)


@contextmanager
def _without_waiting(using: str) -> Iterator[None]:
    connection: Any = connections[using]
    if connection.vendor != "sqlite":
        with transaction.atomic(using=using):
            yield
        return
    connection.ensure_connection()
    raw = connection.connection
    (timeout,) = raw.execute("PRAGMA busy_timeout").fetchone()
    raw.execute("PRAGMA busy_timeout = 0")
    try:
        if connection.in_atomic_block:
            with transaction.atomic(using=using):
                yield
        else:
            # One statement: a transaction of its own would take the lock to begin.
            yield
    finally:
        raw.execute(f"PRAGMA busy_timeout = {timeout}")
