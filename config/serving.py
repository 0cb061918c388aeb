"""Listening: whether an address is free, and the server that takes it."""

import contextlib
import errno
import os
import socket
import sys
from typing import NoReturn

from config.local import BASE_DIR

#: More workers than that are a matter of deploying, not of trying out.
_MOST_WORKERS = 4
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


def serve(address: str, port: int) -> NoReturn:
    """Become the server: what is sent to this process to stop it then stops the server."""
    search = [str(BASE_DIR), *filter(None, [os.environ.get("PYTHONPATH")])]
    os.environ["PYTHONPATH"] = os.pathsep.join(search)
    workers = min(os.cpu_count() or 1, _MOST_WORKERS)
    options = {
        "--interface": "wsgi",
        "--host": address,
        "--port": str(port),
        "--workers": str(workers),
        "--blocking-threads": "1",
        # A worker that is told to stop while it still loads the site does not hear it.
        "--workers-kill-timeout": "2",
    }
    arguments = ["--no-ws", *(text for option in options.items() for text in option)]
    os.execv(  # noqa: S606 (no shell is wanted)
        sys.executable,
        [sys.executable, "-m", "granian", *arguments, "config.wsgi:application"],
    )
