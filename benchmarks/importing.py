"""What importing takes, in fresh interpreters."""

import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

REPEATS = 5
TOLD = """
import sys, time
started = time.perf_counter()
{code}
seconds = time.perf_counter() - started
with open("/proc/self/smaps_rollup") as rollup:
    resident = next(line.split()[1] for line in rollup if line.startswith("Rss:"))
print(seconds * 1000, int(resident) / 1024, len(sys.modules))
"""


@dataclass(frozen=True)
class Import:
    """How long some code takes, and what the process then has."""

    milliseconds: float
    megabytes: float
    modules: int


def imported(code: str, environment: Mapping[str, str]) -> Import:
    """Medians over some interpreters that run it. Their own start is not in the time."""
    rows = [_run(["-c", TOLD.format(code=code)], environment)[0].split() for _ in range(REPEATS)]
    milliseconds, megabytes, modules = (
        median(map(float, column)) for column in zip(*rows, strict=True)
    )
    return Import(milliseconds, megabytes, int(modules))


def by_package(code: str, environment: Mapping[str, str]) -> list[tuple[str, float, int]]:
    """Top-level packages, their modules' own milliseconds and number; the slowest first.

    What one module's import makes others import is theirs.
    """
    microseconds: Counter[str] = Counter()
    modules: Counter[str] = Counter()
    for line in _run(["-X", "importtime", "-c", code], environment)[1].splitlines():
        own, _, name = line.removeprefix("import time:").split("|")
        if own.strip().isdigit():
            package = name.strip().partition(".")[0]
            microseconds[package] += int(own)
            modules[package] += 1
    return [
        (package, total / 1000, modules[package]) for package, total in microseconds.most_common()
    ]


def _run(arguments: list[str], environment: Mapping[str, str]) -> tuple[str, str]:
    done = subprocess.run(
        [sys.executable, *arguments],
        env=environment,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout, done.stderr
