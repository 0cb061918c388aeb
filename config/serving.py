"""Listening: whether an address is free, and the server that takes it."""

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Sequence
from typing import NoReturn

from config.local import BASE_DIR

DEFAULT_PORT = 8000
#: Workers where ``GRANIAN_WORKERS`` does not say how many: one a core, up to this number.
MAX_DEFAULT_WORKERS = 4
_WHY_NOT = {
    errno.EADDRINUSE: "something else listens there already; try --port 0 for a free one",
    errno.EADDRNOTAVAIL: "this machine has no such address",
    errno.EACCES: "ports below 1024 need more rights",
}


class NotFree(Exception):
    """The address can't be listened on."""


def free_address(host: str, port: int) -> tuple[str, int]:
    """The IP address of the host, and the port or for 0 one that is free.

    Raises ``NotFree``, and says why: the server itself would share its port with whoever listens
    there already.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with contextlib.closing(socket.socket(family, kind, protocol)) as listener:
            # What a server that has just stopped leaves behind does not count.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
            ip, free = listener.getsockname()[:2]
    except (OSError, UnicodeError) as error:
        reason = _WHY_NOT.get(getattr(error, "errno", None) or 0, str(error))
        raise NotFree(f"Can't listen on port {port} of {host}: {reason}.") from error
    return ip, free


def serve(options: Sequence[str] = (), **environment: str) -> NoReturn:
    """Become the server: what is sent to this process to stop it then stops the server.

    ``options`` are granian's; ``environment`` has variables for it.
    """
    search = [str(BASE_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(search)
    os.environ.setdefault("GRANIAN_WORKERS", str(min(os.cpu_count() or 1, MAX_DEFAULT_WORKERS)))
    os.environ.update(environment)
    os.execv(  # noqa: S606 (no shell is wanted)
        sys.executable, [sys.executable, "-m", "config.supervisor", *options]
    )
