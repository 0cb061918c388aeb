"""Whether a connection that was kept is still good, found out without asking the server."""

import select
from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Django asks ``SELECT 1`` before each request, which is a fifth of what a short one takes."""

    connection: Any

    def is_usable(self) -> bool:
        """As Django's, but the server is asked only where it has something to say.

        A server that ends a connection closes its socket, and what is closed can be read: the end.
        """
        if self.connection is None or self.connection.closed:
            return False
        return super().is_usable() if _can_be_read(self.connection.fileno()) else True


def _can_be_read(socket: int) -> bool:
    if not hasattr(select, "poll"):  # on Windows
        return True
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
