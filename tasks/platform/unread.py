"""What an early response leaves unread of a request's body.

A key that is not valid, a task that does not exist: the response is there before the body is read.
Servers that keep a connection open then take the rest of the body for the next request, or close
the connection without a word, and the client's next request is lost.
"""

import contextlib
import time
from typing import Any

from django.http import HttpRequest

#: Bytes and seconds up to which a body is read and discarded; a client that sends more, or more
#: slowly, loses its connection.
MAX_DISCARDED, MAX_SECONDS = 16 * 1024 * 1024, 5.0
#: Bytes of the first read and of the longest. A read waits for all its bytes, and each is longer
#: than the one before, so that a slow client is known after a few of them.
_FIRST_CHUNK, _LONGEST_CHUNK = 64, 64 * 1024


def discard_unread_body(request: HttpRequest) -> None:
    """Read the body of a request to its end, within ``MAX_DISCARDED`` and ``MAX_SECONDS``.

    A body that has been read costs one call. A client that goes away is not an error.
    """
    started, size = time.monotonic(), _FIRST_CHUNK
    # The server's own errors for a client that has gone differ, and nothing depends on them.
    with contextlib.suppress(Exception):
        source = _source(request)
        left = MAX_DISCARDED
        while left > 0 and (chunk := source.read(min(size, left))):
            left -= len(chunk)
            size = min(size * 2, _LONGEST_CHUNK)
            if time.monotonic() - started > MAX_SECONDS:
                return


def _source(request: HttpRequest) -> Any:
    """Where unread bytes come from. Raises ``AttributeError`` where that is not known."""
    environ: Any = request.META
    if "HTTP_TRANSFER_ENCODING" in environ:
        # Django reads nothing of a body without a length; the server knows where it ends.
        if not environ.get("wsgi.input_terminated"):
            raise AttributeError
        return environ["wsgi.input"]
    # Bounded by the length of the body: it never waits for more.
    return request._stream
