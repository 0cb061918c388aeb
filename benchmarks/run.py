"""Measure the API beside comparators, and tell it in a table: ``python -m benchmarks.run``."""

import argparse
import datetime as dt
import os
import secrets
import signal
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path

from benchmarks.checks import check
from benchmarks.databases import copied, drop, manage, seeded
from benchmarks.load import ALONE, CONNECTIONS, READS, WRITES, Measured, Plan, load
from benchmarks.report import Results, conditions, tables
from benchmarks.seed import Sizes
from benchmarks.servers import CONTENDERS, Server, serving

HERE = Path(__file__).parent
#: Seconds before the rounds, for each contender's column: both workers then have their connection
#: and their prepared statements.
WARM_UP = 1


def main() -> None:
    """Everything, from the database to the table."""
    options = _options()
    # Being told to stop stops the servers too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
    os.chdir(HERE.parent)
    chosen = [name for name in CONTENDERS if name in {"limit", "taskdock", *options.only}]
    columns = [column for column in (*READS, *ALONE, *WRITES) if column in options.columns]
    plan = Plan(chosen, columns, Sizes(options.tasks), options.rounds, options.seconds)
    with ExitStack() as stack:
        state = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {
            **os.environ,
            "SECRET_KEY": secrets.token_urlsafe(50),
            "STATE_DIR": state,
            "PYTHONPATH": str(HERE.parent),
        }
        if options.fresh:
            drop(options.server, options.tasks)
        _say(f"Database with {options.tasks:,} tasks")
        template = seeded(options.server, options.tasks, environment)
        database = stack.enter_context(copied(options.server, template, environment))
        environment["DATABASE_URL"] = database
        token = manage(environment, "taskdock_key", "benchmarks").strip()
        head = conditions(database, plan)
        _say("Servers")
        servers = {
            name: stack.enter_context(serving(CONTENDERS[name], token, environment))
            for name in plan.contenders
        }
        _say("Do all answer the same?")
        check(servers, database, plan.sizes)
        text = f"{head}\n\n{tables(_measured(servers, plan), plan)}\n"
    print(text)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(text, encoding="utf-8")


def _measured(servers: Mapping[str, Server], plan: Plan) -> Results:
    """The rounds of all: what reads first, while the data is as it was seeded."""
    results: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    moved = 0
    for kind in ((*READS, *ALONE), WRITES):
        # The round 0 warms up.
        for number in range(plan.rounds + 1):
            seconds = plan.seconds if number else WARM_UP
            for column in (column for column in plan.columns if column in kind):
                _say(f"{column}, " + (f"round {number} of {plan.rounds}" if number else "warm-up"))
                # Nobody is always the first.
                turn = number % len(servers)
                for name in [*servers][turn:] + [*servers][:turn]:
                    if column in ALONE and name != "taskdock":
                        continue
                    measured = load(
                        *(servers[name], column, plan.sizes),
                        seconds=seconds,
                        seed=number,
                        start=moved,
                    )
                    if column in WRITES:
                        # What was under way in the end may have been done without being counted.
                        moved += measured.requests + CONNECTIONS
                    if number:
                        results[name, column].append(measured)
    return results


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.run",
        description=(__doc__ or "").partition(":")[0] + ".",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    comparators = [name for name in CONTENDERS if name not in {"limit", "taskdock"}]
    today = dt.datetime.now(dt.UTC).date().isoformat()
    parser.add_argument("--tasks", type=int, default=1_000_000, help="rows of the task table")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=4, help="of a round")
    parser.add_argument(
        "--only",
        nargs="*",
        choices=comparators,
        default=comparators,
        metavar="NAME",
        help="comparators beside the limit and Taskdock",
    )
    parser.add_argument(
        "--columns",
        nargs="*",
        choices=(*READS, *ALONE, *WRITES),
        default=(*READS, *ALONE, *WRITES),
        metavar="COLUMN",
        help="what is measured",
    )
    parser.add_argument(
        "--server",
        default="postgres://postgres@127.0.0.1:5432",
        metavar="URL",
        help="PostgreSQL, without a database; its user may make databases",
    )
    parser.add_argument("--fresh", action="store_true", help="seed anew")
    parser.add_argument("--output", type=Path, default=HERE / "results" / f"{today}.md")
    options = parser.parse_args()
    options.output = options.output.absolute()
    return options


def _say(text: str) -> None:
    print(f"{dt.datetime.now(dt.UTC):%H:%M:%S} {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
