"""Where the time of a list request goes: ``python -m benchmarks.profile``.

A timer looks at the stack every millisecond. A profiler that hooks into every call would double
the time of what calls much and leave that of what waits.
"""

import os
import signal
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib import import_module
from io import BytesIO
from random import Random
from time import perf_counter, thread_time
from types import CodeType, FrameType
from typing import Any

import orjson

from benchmarks.seed import Sizes
from benchmarks.site import options, site

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

#: Seconds between two looks at the stack.
INTERVAL = 0.001
WARM_UP = 50
ROUND_TRIPS = "PostgreSQL: round trips"
HANDLER = "Django: handler, middleware, routing"
#: By how a function's file, cut at the root or at ``site-packages``, and its name begin. What is
#: not here, such as the standard library, counts for what called it.
PARTS = {
    "benchmarks/profile.py dumps": "JSON",
    "benchmarks/profile.py loads": "JSON",
    "psycopg/connection.py wait": ROUND_TRIPS,
    "psycopg/_cursor_base.py _send_query": ROUND_TRIPS,
    "psycopg": "psycopg: statements and rows",
    "django/db": "Django: ORM",
    "django": HANDLER,
    "whitenoise": HANDLER,
    "rest_framework": "REST framework",
    "tasks/platform": "Taskdock: platform",
    "tasks": "Taskdock: tasks",
    "timers": "Taskdock: timers",
    "comments": "Taskdock: comments",
    "config": "Taskdock: site",
}
OTHER = "the rest"


class Sampler:
    """Sums up, by part, the seconds between two looks, and those of them that were computed."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self.computed: dict[str, float] = defaultdict(float)

    def __enter__(self) -> None:
        self._before = perf_counter(), thread_time()
        signal.signal(signal.SIGALRM, self._look)
        signal.setitimer(signal.ITIMER_REAL, INTERVAL, INTERVAL)

    def __exit__(self, *error: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)

    def _look(self, number: int, frame: FrameType | None) -> None:
        # The signal of a wait comes when it is over: it stands for all that has passed.
        now, computed = perf_counter(), thread_time()
        part = None
        while frame is not None and part is None:
            part, frame = _part(frame.f_code), frame.f_back
        self.seconds[part or OTHER] += now - self._before[0]
        self.computed[part or OTHER] += computed - self._before[1]
        self._before = now, computed


def main() -> None:
    """Time the requests as they are, then look where they spend it, and print a table."""
    parser = options("benchmarks.profile", __doc__)
    parser.add_argument("--tasks", type=int, default=1_000_000, help="rows of the task table")
    parser.add_argument("--requests", type=int, default=2_000)
    parser.add_argument(
        "--path",
        default="/api/tasks?project_id={project}&limit=25",
        help="what is asked for; {project} and {task} are drawn by chance",
    )
    told = parser.parse_args()
    with site(told.server, told.tasks, "profile") as stand_alone:
        os.environ.update(stand_alone.environment)
        _see_json()
        application: Application = import_module("config.wsgi").application
        environs = [
            _environ(path, stand_alone.token)
            for path in _paths(told.path, Sizes(told.tasks), told.requests)
        ]
        _ask(application, environs[:WARM_UP])
        sampler = Sampler()
        with sampler:
            _ask(application, environs)
    print(_table(sampler, told.requests))


def _see_json() -> None:
    """Make a frame of orjson's work: being C, it would count for what calls it."""
    really_dumps, really_loads = orjson.dumps, orjson.loads

    def dumps(*arguments: Any, **named: Any) -> bytes:
        return really_dumps(*arguments, **named)

    def loads(text: Any) -> Any:
        return really_loads(text)

    orjson.dumps, orjson.loads = dumps, loads


def _paths(template: str, sizes: Sizes, requests: int) -> Iterator[str]:
    rng = Random(1)
    for _ in range(requests):
        project, task = rng.randint(1, sizes.projects), rng.randint(1, sizes.tasks)
        yield template.format(project=project, task=task)


def _environ(path: str, token: str) -> dict[str, Any]:
    """What a server that follows PEP 3333 would pass."""
    path, _, query = path.partition("?")
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(),
    }


def _ask(application: Application, environs: Iterable[dict[str, Any]]) -> None:
    """What a server would do with the answer, but for sending it."""
    told: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]]) -> None:
        told.append(status)

    for environ in environs:
        answer = application(environ.copy(), start_response)
        body = b"".join(answer)
        if close := getattr(answer, "close", None):
            close()
        if told.pop() != "200 OK":
            raise SystemExit(f"{environ['PATH_INFO']}: {body[:500]!r}")


@cache
def _part(code: CodeType) -> str | None:
    path = code.co_filename.rpartition("/site-packages/")[2]
    place = f"{path.removeprefix(os.environ['PYTHONPATH'] + '/')} {code.co_name}"
    return next((part for start, part in PARTS.items() if place.startswith(start)), None)


def _table(sampler: Sampler, requests: int) -> str:
    """Milliseconds of a request by part, the most first; what is not computed is waited for."""
    total = sum(sampler.seconds.values())
    lines = ["| part | ms a request | share | computing, ms |", "|---|---:|---:|---:|"]
    for part, seconds in sorted(sampler.seconds.items(), key=lambda item: -item[1]):
        computed = sampler.computed[part] * 1000 / requests
        lines.append(
            f"| {part} | {seconds * 1000 / requests:.2f} | {seconds / total:.1%} | {computed:.2f} |"
        )
    computed = sum(sampler.computed.values()) * 1000 / requests
    lines.append(f"| **all** | **{total * 1000 / requests:.2f}** | | {computed:.2f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
