"""What growth tells: of each case how long the answers took, at every size, beside its target."""

import datetime as dt
import platform
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from math import ceil

from benchmarks.growth_cases import Case
from benchmarks.report import machine
from benchmarks.servers import WORKERS

PACKAGES = ("django", "djangorestframework", "psycopg", "orjson", "granian")
YES, TOTAL_ONLY, NO = "yes", "that of the total", "**no**"


class Timings:
    """Milliseconds that answers took, every one of them."""

    def __init__(self, milliseconds: Sequence[float]) -> None:
        self.milliseconds = sorted(milliseconds)

    def within(self, percent: int) -> float:
        """The time within which so many of 100 answers came."""
        return self.milliseconds[ceil(len(self.milliseconds) * percent / 100) - 1]

    def __str__(self) -> str:
        return " · ".join(f"{self.within(percent):.1f}" for percent in (50, 95, 99, 100))


#: By case and number of tasks.
Growth = Mapping[Case, dict[int, Timings]]


def conditions(requests: int, *, skewed: bool) -> str:
    """When, on what machine, with which versions, and how it was measured."""
    return "\n".join(
        [
            f"# Growth, {dt.datetime.now(dt.UTC).date().isoformat()}",
            "",
            f"- {machine('the client')}",
            (
                f"- Python {platform.python_version()}, "
                + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
            ),
            (
                f"- {WORKERS} workers, one connection that stays open, one request after the"
                f" other, {requests} of each case with values drawn by chance"
            ),
            (
                "- milliseconds at the client, on the same machine, from the request to the last"
                " byte of the answer; no answer is left out"
            ),
            *(["- skewed: few have very much, see `benchmarks/skew.py`"] if skewed else []),
        ]
    )


def report(growth: Growth) -> str:
    """Which targets were missed, and a table a group."""
    return "\n".join([*_missed(growth), *_tables(growth)])


def _missed(growth: Growth) -> Iterator[str]:
    verdicts = {case: _verdict(case, sizes) for case, sizes in growth.items() if case.target}
    counts = {word: [*verdicts.values()].count(word) for word in (YES, TOTAL_ONLY, NO)}
    yield (
        f"Of {len(verdicts)} cases that have a target {counts[YES]} meet it at every size,"
        f" {counts[TOTAL_ONLY]} meet that of an exact total alone, {counts[NO]} meet none."
    )
    for case, verdict in verdicts.items():
        if verdict == NO:
            yield f"- {case.group}: {case.name}"


def _tables(growth: Growth) -> Iterator[str]:
    yield "\nCells have the time within which 50, 95, 99 and 100 of 100 answers came."
    yield "The target is for 99 of 100, of the rows, and where there is one, of their exact total."
    for group in dict.fromkeys(case.group for case in growth):
        chosen = {case: sizes for case, sizes in growth.items() if case.group == group}
        sizes = sorted({tasks for timings in chosen.values() for tasks in timings})
        yield f"\n## {group.capitalize()}\n"
        yield f"| | {' | '.join(f'{tasks:,}' for tasks in sizes)} | target | met |"
        yield "|---" + "|---:" * (len(sizes) + 1) + "|---|"
        for case, timings in chosen.items():
            cells = " | ".join(str(timings[tasks]) for tasks in sizes)
            yield f"| {case.name} | {cells} | {_target(case)} | {_verdict(case, timings)} |"


def _target(case: Case) -> str:
    return ", ".join(str(limit) for limit in (case.target, case.total) if limit)


def _verdict(case: Case, timings: Mapping[int, Timings]) -> str:
    if case.target is None:
        return ""
    worst = max(timing.within(99) for timing in timings.values())
    if worst <= case.target:
        return YES
    return TOTAL_ONLY if case.total and worst <= case.total else NO
