"""The load: wrk, on one thread with eight connections, and what it measured."""

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.seed import Sizes
from benchmarks.servers import Server

CONNECTIONS = 8
READS = ("list 25", "list 100", "detail")
#: Only Taskdock answers these.
ALONE = ("projects 25", "timesheets 25")
WRITES = ("create", "status")


@dataclass(frozen=True)
class Plan:
    """What is measured, of whom, how often and for how many seconds."""

    contenders: Sequence[str]
    columns: Sequence[str]
    sizes: Sizes
    rounds: int
    seconds: int


@dataclass(frozen=True)
class Measured:
    """Requests a second; milliseconds within which 99 of 100 answers came; how many requests."""

    rate: float
    p99: float
    requests: int


class Failed(Exception):
    """Some answers were errors, so nothing was measured."""


def load(
    server: Server, column: str, sizes: Sizes, *, seconds: int, seed: int, start: int
) -> Measured:
    """Load the server for so long; ``load.lua`` tells what is sent. Raises ``Failed``."""
    command = [
        *("wrk", "--threads", "1", "--connections", str(CONNECTIONS)),
        *("--duration", f"{seconds}s", "--timeout", "10s"),
        *("--script", str(Path(__file__).with_name("load.lua"))),
        *(f"http://127.0.0.1:{server.port}", "--"),
        *(column, server.token, str(seed), str(start), str(sizes.projects), str(sizes.tasks)),
    ]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8")
    told = json.loads(done.stdout.splitlines()[-1])
    if told["failed"] or not told["requests"]:
        raise Failed(f"{column}: {done.stdout}")
    rate = told["requests"] / told["microseconds"] * 1_000_000
    return Measured(rate, told["p99"] / 1000, told["requests"])
