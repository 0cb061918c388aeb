"""Measure the API beside comparators, and tell it in a table: ``python -m benchmarks.run``."""

import argparse
from collections import defaultdict
from collections.abc import Mapping
from contextlib import ExitStack

from benchmarks.checks import check
from benchmarks.databases import drop
from benchmarks.load import ALONE, CONNECTIONS, READS, WRITES, Measured, Plan, load
from benchmarks.report import Results, conditions, tables
from benchmarks.seed import Sizes
from benchmarks.servers import CONTENDERS, Server, serving
from benchmarks.site import add_output, options, say, site, write

#: Seconds before the rounds, for each contender's column: both workers then have their connection
#: and their prepared statements.
WARM_UP = 1


def main() -> None:
    """Everything, from the database to the table."""
    told = _options()
    chosen = [name for name in CONTENDERS if name in {"limit", "taskdock", *told.only}]
    columns = [column for column in (*READS, *ALONE, *WRITES) if column in told.columns]
    plan = Plan(chosen, columns, Sizes(told.tasks), told.rounds, told.seconds)
    if told.fresh:
        drop(told.server, told.tasks)
    with ExitStack() as stack:
        stand_alone = stack.enter_context(site(told.server, told.tasks, "run"))
        head = conditions(stand_alone.database, plan)
        say("Servers")
        servers = {
            name: stack.enter_context(
                serving(CONTENDERS[name], stand_alone.token, stand_alone.environment)
            )
            for name in plan.contenders
        }
        say("Do all answer the same?")
        check(servers, stand_alone.database, plan.sizes)
        text = f"{head}\n\n{tables(_measured(servers, plan), plan)}"
    write(told.output, text)


def _measured(servers: Mapping[str, Server], plan: Plan) -> Results:
    """The rounds of all: what reads first, while the data is as it was seeded."""
    results: dict[tuple[str, str], list[Measured]] = defaultdict(list)
    moved = 0
    for kind in ((*READS, *ALONE), WRITES):
        # The round 0 warms up.
        for number in range(plan.rounds + 1):
            seconds = plan.seconds if number else WARM_UP
            for column in (column for column in plan.columns if column in kind):
                say(f"{column}, " + (f"round {number} of {plan.rounds}" if number else "warm-up"))
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
    parser = options("benchmarks.run", __doc__)
    comparators = [name for name in CONTENDERS if name not in {"limit", "taskdock"}]
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
    parser.add_argument("--fresh", action="store_true", help="seed anew")
    add_output(parser, "{date}.md")
    return parser.parse_args()


if __name__ == "__main__":
    main()
