"""Request bodies are complete before a request runs.

WSGI servers call the application as soon as they have the headers, and its first ``read`` waits for
the client. A client that sends a login form a byte at a time then occupies what runs requests: a
slot and a connection to the database. Here only the server's thread waits for clients, so a server
with many threads (``config.supervisor``) has time for others. A body that is read also leaves
nothing behind that would be taken for the next request of a connection.
"""

import io
import time
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any

#: Bytes of the first read and of the longest. A read waits until all its bytes are there, and only
#: then a slow client is refused. A short body, which most are, is one read: each costs some tens of
#: microseconds. Each read is longer than the one before.
FIRST_CHUNK, LONGEST_CHUNK, GROWTH = 512, 64 * 1024, 4
#: Bytes of a body held in memory; a longer one is written to a temporary file.
MAX_IN_MEMORY = 256 * 1024


class Refused(Exception):
    """The body is not accepted. ``status`` is the response's, code and reason."""

    def __init__(self, status: str, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.retry_after = retry_after


class Bodies:
    """Reads the bodies of a process's requests.

    ``max_size`` is in bytes; a larger body is refused with 413. A body may take ``timeout``
    seconds, and one more for each ``min_rate`` bytes that have come; a slower one is refused with
    408. At most ``max_waiting`` bodies are read at once; the next is refused with 503.
    """

    def __init__(
        self, *, max_size: int, max_waiting: int, timeout: float, min_rate: int = 1000
    ) -> None:
        self.max_size = max_size
        self.max_waiting = max_waiting
        self.timeout = timeout
        self.min_rate = min_rate
        self._waiting = 0
        self._lock = Lock()

    def complete(self, environ: dict[str, Any]) -> None:
        """Read the body of the request, if it has one, into memory or a temporary file.

        Raises ``Refused``.
        """
        length = environ.get("CONTENT_LENGTH")
        is_chunked = "HTTP_TRANSFER_ENCODING" in environ
        if not is_chunked and (not length or length == "0"):
            return
        expected = None if is_chunked else _number(length)
        if (
            expected is not None
            and expected > self.max_size
            and environ.get("HTTP_EXPECT", "").lower() == "100-continue"
        ):
            # The client sends nothing until it is invited.
            raise self._too_large()
        with self._lock:
            if self._waiting >= self.max_waiting:
                raise Refused(
                    "503 Service Unavailable", "Too many requests at once.", retry_after=1
                )
            self._waiting += 1
        try:
            content, received = self._read(environ["wsgi.input"], expected)
        finally:
            with self._lock:
                self._waiting -= 1
        environ["wsgi.input"] = content
        environ["CONTENT_LENGTH"] = str(received)
        environ.pop("HTTP_TRANSFER_ENCODING", None)

    def _read(self, source: Any, expected: int | None) -> tuple[IO[bytes], int]:
        """The body from its beginning, and its length. ``expected`` is None for a chunked one."""
        content: IO[bytes] = io.BytesIO()
        started, received, size = time.monotonic(), 0, FIRST_CHUNK
        while expected is None or received < expected:
            wanted = size if expected is None else min(size, expected - received)
            try:
                chunk = source.read(wanted)
            except Exception as error:  # each server has its own for a client that has gone
                raise _incomplete() from error
            if not chunk:
                break
            received += len(chunk)
            if received <= self.max_size:
                if received > MAX_IN_MEMORY >= received - len(chunk):
                    content = _moved(content)
                content.write(chunk)
            if time.monotonic() - started > self.timeout + received / self.min_rate:
                raise Refused("408 Request Timeout", "The body came too slowly.")
            size = min(size * GROWTH, LONGEST_CHUNK)
        if received > self.max_size:
            # Only now, when it is read and discarded: who is still sending hears no answer.
            raise self._too_large()
        if expected is not None and received < expected:
            raise _incomplete()
        content.seek(0)
        return content, received

    def _too_large(self) -> Refused:
        return Refused("413 Content Too Large", f"The body is larger than {self.max_size:,} bytes.")


def _number(length: Any) -> int:
    if isinstance(length, str) and length.isascii() and length.isdigit():
        return int(length)
    raise Refused("400 Bad Request", "Content-Length is not a number.")


def _incomplete() -> Refused:
    return Refused("400 Bad Request", "The body is incomplete.")


def _moved(content: IO[bytes]) -> IO[bytes]:
    """A temporary file with the content, to be written on."""
    file = TemporaryFile(prefix="taskdock-body-")  # noqa: SIM115 (closed with the request)
    content.seek(0)
    file.write(content.read())
    return file
