"""What it takes to run, in memory and in time to start: ``python -m benchmarks.footprint``."""

import datetime as dt
import platform
from pathlib import Path
from statistics import median
from time import perf_counter

import psycopg

from benchmarks.footprint_load import CONNECTIONS, mixed
from benchmarks.growth_draws import draws
from benchmarks.importing import REPEATS, by_package, imported
from benchmarks.report import machine
from benchmarks.servers import CONTENDERS, WORKERS, serving
from benchmarks.site import Site, add_output, options, say, site, write
from benchmarks.skew import comment

STARTS = 5
TOP = 10
#: Kilobytes, by how the kernel counts: all that is mapped, a share of what others map as well, and
#: what no other has.
KINDS = ("Rss", "Pss", "Uss")
OUR_SETUP = "import django, os\nos.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings'\n"
ALL_URLS = "\nfrom django.urls import get_resolver\nget_resolver().url_patterns"
STAGES = {
    "Python": "",
    "a Django site with the admin alone": f"import benchmarks.bare_site{ALL_URLS}",
    "Taskdock: `django.setup()`": f"{OUR_SETUP}django.setup()",
    "Taskdock: `config.wsgi`": "import config.wsgi",
    "Taskdock: `config.wsgi`, and what its URLs lead to": f"import config.wsgi{ALL_URLS}",
}


def main() -> None:
    """Everything, from the database to the report."""
    parser = options("benchmarks.footprint", __doc__)
    parser.add_argument("--tasks", type=int, default=10_000, help="rows of the task table")
    parser.add_argument("--early", type=int, default=1_000, help="requests before the first look")
    parser.add_argument("--requests", type=int, default=100_000, help="before the last look")
    add_output(parser, "footprint-{date}.md")
    told = parser.parse_args()
    with site(told.server, told.tasks, "footprint") as stand_alone:
        sections = [
            _conditions(told.tasks),
            _starts(stand_alone),
            _imports(stand_alone),
            _memory(stand_alone, told.early, told.requests),
        ]
    write(told.output, "\n\n".join(sections))


def _conditions(tasks: int) -> str:
    return "\n".join(
        [
            f"# Footprint, {dt.datetime.now(dt.UTC).date().isoformat()}",
            "",
            f"- {machine('the client')}",
            f"- Python {platform.python_version()}; {tasks:,} tasks, {WORKERS} workers",
        ]
    )


def _starts(stand_alone: Site) -> str:
    """How long a site takes from its start to its first answer."""
    seconds = []
    for number in range(STARTS):
        say(f"Start {number + 1} of {STARTS}")
        started = perf_counter()
        with serving(CONTENDERS["taskdock"], stand_alone.token, stand_alone.environment):
            seconds.append(perf_counter() - started)
    return (
        "## Start\n\nFrom the start of the server's process to its first answer, which reads a"
        f" task: {median(seconds):.2f} s, the median of {STARTS} from {min(seconds):.2f} to"
        f" {max(seconds):.2f}."
    )


def _imports(stand_alone: Site) -> str:
    lines = [
        "## Import",
        "",
        f"Medians of {REPEATS} fresh interpreters; their own start is not in the time.",
        "",
        "| | ms | MB resident | modules |",
        "|---|---:|---:|---:|",
    ]
    for name, code in STAGES.items():
        say(f"Import: {name}")
        row = imported(code, stand_alone.environment)
        lines.append(f"| {name} | {row.milliseconds:.0f} | {row.megabytes:.1f} | {row.modules:,} |")
    *_, code = STAGES.values()
    lines += [
        "",
        "Where the last one's time goes, by `-X importtime`; each module's own:",
        "",
        "| package | ms | modules |",
        "|---|---:|---:|",
    ]
    for package, milliseconds, modules in by_package(code, stand_alone.environment)[:TOP]:
        lines.append(f"| {package} | {milliseconds:.0f} | {modules} |")
    return "\n".join(lines)


def _memory(stand_alone: Site, early: int, requests: int) -> str:
    """Each worker's memory after so many requests of all kinds, and how it has changed."""
    with psycopg.connect(stand_alone.database) as connection:
        comment(connection)
    drawn = draws(stand_alone.database, seed=1)
    looks: dict[int, list[dict[str, int]]] = {}
    taskdock, token = CONTENDERS["taskdock"], stand_alone.token
    with serving(taskdock, token, stand_alone.environment, is_quiet=True) as server:
        workers = _workers(server.pid)
        done = 0
        for wanted in (early, requests):
            say(f"Memory: {wanted:,} requests")
            mixed(server, drawn, done, wanted)
            done = wanted
            looks[wanted] = [_kilobytes(worker) for worker in workers]
    lines = [
        "## Memory",
        "",
        (
            "Requests to both workers: lists with all filters, sorts, searches, limits and pages,"
            f" single rows, writes and errors, over {CONNECTIONS} connections at a time. RSS is"
            " what is resident, PSS counts what several map by shares, USS is the worker's own."
        ),
        "",
        f"| | after {early:,}, MB | after {requests:,}, MB | change |",
        "|---|---:|---:|---:|",
    ]
    for number, (before, after) in enumerate(zip(looks[early], looks[requests], strict=True), 1):
        for kind in KINDS:
            change = after[kind] / before[kind] - 1
            cells = f"{before[kind] / 1024:.1f} | {after[kind] / 1024:.1f} | {change:+.1%}"
            lines.append(f"| worker {number}, {kind.upper()} | {cells} |")
    return "\n".join(lines)


def _workers(server: int) -> list[int]:
    """The processes that the server has started, but for Python's own, which tracks resources."""
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    commands = {int(pid): Path(f"/proc/{pid}/cmdline").read_bytes() for pid in children}
    return [pid for pid, command in commands.items() if b"resource_tracker" not in command]


def _kilobytes(pid: int) -> dict[str, int]:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    read = {line.split(":")[0]: int(line.split()[1]) for line in rollup[1:]}
    return {**read, "Uss": read["Private_Clean"] + read["Private_Dirty"]}


if __name__ == "__main__":
    main()
