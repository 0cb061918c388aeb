"""Reading many rows in bounded memory, on every database and behind every pool of connections.

``QuerySet.iterator()`` streams on PostgreSQL alone, by a server-side cursor. Outside a transaction
that is one ``WITH HOLD``, which a pool that hands out connections by transaction loses; and with
``DISABLE_SERVER_SIDE_CURSORS`` the whole result is sent at once, as always on MariaDB.
"""

from array import array
from collections.abc import Iterator
from typing import Any

from django.db import connections, transaction
from django.db.models import QuerySet

#: How many rows are in memory at a time.
BATCH = 500
#: How many keys are in one result: 8 bytes each, and some 60 in what the driver receives.
KEYS = 100_000


def by_key(rows: QuerySet[Any, Any], size: int = BATCH) -> Iterator[Any]:
    """These instances in the order of their keys, read ``size`` at a time, a query each.

    Needs no transaction: what is added or deleted meanwhile may be among them or not.
    """
    ordered = rows.order_by("pk")
    batch = list(ordered[:size])
    while batch:
        last = batch[-1].pk
        yield from batch
        batch = list(ordered.filter(pk__gt=last)[:size]) if len(batch) == size else []


def keys_in_order(rows: QuerySet[Any, Any]) -> "array[int]":
    """The integer keys of these rows in their order, which must be total; as of one moment.

    Takes 8 bytes a row, and no connection any longer than it reads.
    """
    keys, connection = rows.values_list("pk", flat=True), connections[rows.db]
    if connection.vendor == "sqlite":
        # Streams by itself; and a transaction may ask for the lock of writers.
        return array("q", keys.iterator(chunk_size=KEYS))
    is_first = not connection.in_atomic_block
    with transaction.atomic(using=rows.db):
        if connection.vendor == "postgresql" and _may_use_cursors(connection):
            # Inside a transaction the cursor is one without HOLD.
            return array("q", keys.iterator(chunk_size=KEYS))
        if is_first:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _in_windows(keys)


def _in_windows(keys: QuerySet[Any, Any]) -> "array[int]":
    found = array("q")
    while True:
        window = keys[len(found) : len(found) + KEYS]
        before = len(found)
        found.extend(window)
        if len(found) < before + KEYS:
            return found


def _may_use_cursors(connection: Any) -> bool:
    return not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
