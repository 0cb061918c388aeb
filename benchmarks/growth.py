"""How answers grow with the table, in a report and a picture: ``python -m benchmarks.growth``."""

import argparse
import contextlib
import http.client
from collections.abc import Mapping, Sequence
from random import Random
from time import perf_counter

import psycopg

from benchmarks.growth_cases import Case, cases
from benchmarks.growth_draws import draws
from benchmarks.growth_plot import plot
from benchmarks.growth_report import Growth, Timings, conditions, report
from benchmarks.servers import CONTENDERS, PATIENCE, Server, serving
from benchmarks.site import HERE, Site, absolute, add_output, options, say, site, write
from benchmarks.skew import comment, skew


class Failed(Exception):
    """An answer was an error, so nothing was measured."""


def main() -> None:
    """Everything, from the databases to the picture."""
    told = _options()
    chosen = cases(skewed=told.skewed)
    growth: Growth = {case: {} for case in chosen}
    heads = conditions(told.requests, skewed=told.skewed)
    for tasks in sorted(told.sizes):
        with site(told.server, tasks, "growth") as stand_alone:
            _prepare(stand_alone, skewed=told.skewed)
            drawn = draws(stand_alone.database, seed=tasks)
            taskdock = CONTENDERS["taskdock"]
            with serving(taskdock, stand_alone.token, stand_alone.environment) as server:
                for case in chosen:
                    say(f"{tasks:,} tasks: {case.group}, {case.name}")
                    growth[case][tasks] = _timed(server, case, drawn, told.warm_up, told.requests)
    write(told.output, f"{heads}\n\n{report(growth)}")
    plot(growth, told.plot)


def _prepare(stand_alone: Site, *, skewed: bool) -> None:
    """Rows that the seed does not have; then as a database that has run for a while."""
    with psycopg.connect(stand_alone.database, autocommit=True) as connection:
        say("Comments" + (", skew" if skewed else ""))
        comment(connection)
        if skewed:
            skew(connection)
        connection.execute("VACUUM ANALYZE")


def _timed(
    server: Server,
    case: Case,
    drawn: Sequence[Mapping[str, object]],
    warm_up: int,
    requests: int,
) -> Timings:
    """Ask one after the other, through one connection; a request a drawn task. Raises ``Failed``.

    An answer is timed from before its request is sent until all of it is read.
    """
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    milliseconds = []
    chosen = Random(case.name).sample(drawn, min(len(drawn), warm_up + requests))
    with contextlib.closing(connection):
        for values in chosen:
            method, path, body = case.request(values)
            started = perf_counter()
            connection.request(method, path, body, headers)
            response = connection.getresponse()
            answer = response.read()
            milliseconds.append((perf_counter() - started) * 1000)
            if response.status not in {http.client.OK, http.client.CREATED}:
                raise Failed(f"{method} {path}: {response.status} {answer[:500]!r}")
    return Timings(milliseconds[warm_up:])


def _options() -> argparse.Namespace:
    parser = options("benchmarks.growth", __doc__)
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=[10_000, 100_000, 1_000_000],
        metavar="TASKS",
        help="rows of the task table",
    )
    parser.add_argument("--requests", type=int, default=100, help="that are timed, of each case")
    parser.add_argument("--warm-up", type=int, default=20, help="requests before, of each case")
    parser.add_argument("--skewed", action="store_true", help="few have very much; more cases")
    add_output(parser, "growth-{date}.md")
    parser.add_argument(
        "--plot",
        type=absolute,
        default=HERE.parent / "docs" / "images" / "growth.svg",
        metavar="FILE",
        help="the picture, an SVG",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
