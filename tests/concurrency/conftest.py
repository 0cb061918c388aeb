from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from tasks.database import connection
from tasks.platform.writes import run_write

THREADS = 8
TIMEOUT = 60

Call = Callable[[], Any]
Together = Callable[..., list[Any]]


def unless_mariadb_ends_it(call: Call) -> Any:
    """Call it: on MariaDB in the write runner, as the API would.

    An index of a foreign key that changes asks for the row behind it there, in whatever order.
    """
    return run_write(call) if connection().vendor == "mysql" else call()


@pytest.fixture
def together(committed_db: None) -> Iterator[Together]:
    """Runs calls at the same instant, each in a thread with a connection of its own.

    ``together(one, other)`` returns what they returned, in that order.
    """
    with ThreadPoolExecutor(THREADS) as pool:

        def run(*calls: Call) -> list[Any]:
            start = Barrier(len(calls), timeout=TIMEOUT)

            def call_at_start(call: Call) -> Any:
                start.wait()
                return call()

            running = [pool.submit(call_at_start, call) for call in calls]
            return [future.result(TIMEOUT) for future in running]

        yield run
        # The barrier makes sure that each thread closes its own connections.
        run(*[connections.close_all] * THREADS)
