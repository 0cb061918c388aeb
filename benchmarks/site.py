"""What every tool begins with: the options that they share, and a site that can be served."""

import argparse
import contextlib
import datetime as dt
import os
import secrets
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.databases import copied, manage, seeded

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Site:
    """A copy of a seeded database, what serves it, and a key that opens it."""

    database: str
    environment: Mapping[str, str]
    token: str


@contextlib.contextmanager
def site(server: str, tasks: int, purpose: str) -> Iterator[Site]:
    """A site with so many tasks, whose database is dropped in the end.

    The purpose is a part of the copy's name, so that two tools can run at once.
    """
    # Being told to stop stops the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    os.chdir(HERE.parent)
    with tempfile.TemporaryDirectory() as state:
        environment = {
            **os.environ,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "STATE_DIR": state,
            "PYTHONPATH": str(HERE.parent),
        }
        say(f"Database with {tasks:,} tasks")
        template = seeded(server, tasks, environment)
        with copied(server, template, purpose, environment) as database:
            environment["DATABASE_URL"] = database
            token = manage(environment, "taskdock_key", "benchmarks").strip()
            yield Site(database, environment, token)


def options(module: str, doc: str | None) -> argparse.ArgumentParser:
    """A parser for ``python -m MODULE``, with where PostgreSQL is."""
    parser = argparse.ArgumentParser(
        prog=f"python -m {module}",
        description=(doc or "").partition(":")[0] + ".",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument(
        "--server",
        default="postgres://postgres@127.0.0.1:5432",
        metavar="URL",
        help="PostgreSQL, without a database; its user may make databases",
    )
    return parser


def add_output(parser: argparse.ArgumentParser, name: str) -> None:
    """``--output``, a file of ``results/`` unless told otherwise; ``{date}`` in it is today."""
    today = dt.datetime.now(dt.UTC).date().isoformat()
    default = HERE / "results" / name.format(date=today)
    parser.add_argument("--output", type=absolute, default=default, metavar="FILE")


def absolute(path: str) -> Path:
    """What a path means where the command was given: a site works in the checkout's root."""
    return Path(path).absolute()


def write(path: Path, text: str) -> None:
    """Print the text and keep it, in a folder that is made where it is missing."""
    print(text)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{text}\n", encoding="utf-8")


def say(text: str) -> None:
    """Tell how far it is, beside what is printed as the result."""
    print(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)
