"""Runs granian with the options of this site, and runs it again when it ends by itself.

Granian replaces a worker that dies. It ends, by design, when a worker dies twice within 5.5
seconds, and tries for ever to load a site that takes longer to fail. Here a server whose workers
something kills is started again, and one whose site can't be loaded ends.
"""

import contextlib
import logging
import os
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from granian.cli import cli

#: What the site needs of granian. An option, or the variable of this name, overrides it.
DEFAULTS = {
    "GRANIAN_INTERFACE": "wsgi",
    "GRANIAN_WEBSOCKETS": "false",
    "GRANIAN_RESPAWN_FAILED_WORKERS": "true",
    # Threads wait for clients that send slowly; requests run in few of them, see config.wsgi.
    "GRANIAN_BLOCKING_THREADS": "640",
    "GRANIAN_BACKLOG": "2048",
    "GRANIAN_BACKPRESSURE": "1024",
    # Seconds for requests under way when the server is told to stop.
    "GRANIAN_WORKERS_KILL_TIMEOUT": "30",
    "GRANIAN_FACTORY": "true",
}
TARGET = "config.supervisor:load"
#: The variable that names a folder in which workers note what became of loading the site.
STATE = "TASKDOCK_SERVE_STATE"
#: Failures in a row to load a site that has been loaded before.
MAX_FAILURES = 10
#: Seconds between a failure and the next try; more than granian's 5.5.
PAUSE = 6


def main(arguments: list[str]) -> int:
    """Serve until this process is told to stop, by SIGTERM or SIGINT. Returns the exit status.

    A site that can't be loaded ends it with 1.
    """
    for name, value in DEFAULTS.items():
        os.environ.setdefault(name, value)
    logging.getLogger("_granian").addFilter(_is_no_advice_on_threads)
    with tempfile.TemporaryDirectory(prefix="taskdock-") as folder, _signals() as signals:
        os.environ[STATE] = folder
        while True:
            status = _serve(arguments)
            if Path(folder, "given_up").exists():
                print("The site can't be loaded: see above.", file=sys.stderr)  # noqa: T201 (a command)
                return 1
            if _read(signals):
                return 0
            if status in {0, 2} or not Path(folder, "loaded").exists():
                return status
            print("The server has ended and is started again.", file=sys.stderr)  # noqa: T201 (a command)


def load() -> Any:
    """The WSGI application; called by granian in a new worker."""
    # What granian's main process does on a signal means nothing here, and its own way to stop a
    # worker begins when the application is there.
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    folder = Path(os.environ[STATE])
    try:
        from config.wsgi import application
    except BaseException:
        traceback.print_exc()
        _fail(folder)
        raise
    (folder / "loaded").touch()
    (folder / "failures").unlink(missing_ok=True)
    return application


def _fail(folder: Path) -> None:
    """Note that the site can't be loaded; end the server, or wait for the next try.

    A site that has never been loaded is not tried again. Another may serve still, by the workers
    that have loaded it.
    """
    with (folder / "failures").open("ab") as file:
        file.write(b".")
        failures = file.tell()
    if failures >= MAX_FAILURES or not (folder / "loaded").exists():
        (folder / "given_up").touch()
        os.kill(os.getppid(), signal.SIGTERM)
    time.sleep(PAUSE)


def _serve(arguments: list[str]) -> int:
    """The exit status of granian, 2 where it does not know an option."""
    try:
        status = cli.main(
            [*arguments, TARGET],
            prog_name="granian",
            standalone_mode=False,
            auto_envvar_prefix="GRANIAN",
        )
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except click.ClickException as error:
        error.show()
        return error.exit_code
    return status if isinstance(status, int) else 0


@contextlib.contextmanager
def _signals() -> Iterator[int]:
    """A file descriptor with a byte for each signal to stop, whoever handles the signal."""
    reading, writing = os.pipe()
    for descriptor in (reading, writing):
        os.set_blocking(descriptor, False)
    for number in (signal.SIGINT, signal.SIGTERM):
        # Between two runs of granian nobody else does.
        signal.signal(number, lambda *_: sys.exit(0))
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    try:
        yield reading
    finally:
        signal.set_wakeup_fd(-1)
        os.close(reading)
        os.close(writing)


def _read(descriptor: int) -> bool:
    """Whether there was a signal to stop."""
    try:
        numbers = os.read(descriptor, 1024)
    except BlockingIOError:
        return False
    return signal.SIGTERM in numbers or signal.SIGINT in numbers


def _is_no_advice_on_threads(record: logging.LogRecord) -> bool:
    return "allows spawning up to" not in record.getMessage()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
