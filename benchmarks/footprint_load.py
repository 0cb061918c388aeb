"""Requests of every kind, in no order, over connections that come and go."""

import contextlib
import http.client
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random

from benchmarks.growth_cases import cases
from benchmarks.servers import PATIENCE, Server

CONNECTIONS = 4
#: Requests of a connection. The workers share a socket, so the next one may be the other's.
TURNS = 25
MAX_LIMIT = 100
CASES = cases(skewed=False)
#: The share of requests that are refused.
REFUSED = 0.05


@dataclass(frozen=True)
class Request:
    """What is sent, and the statuses that may come back."""

    method: str
    path: str
    body: str | None = None
    key: str | None = None
    statuses: tuple[int, ...] = (200, 201)


REFUSALS = (
    Request("GET", "/api/tasks/999999999", statuses=(404,)),
    Request("GET", "/api/nothing", statuses=(404,)),
    Request("GET", "/api/tasks?limit=many&sort=unknown&status=x", statuses=(422,)),
    Request("GET", "/api/tasks", key="unknown", statuses=(401,)),
    Request("POST", "/api/tasks", '{"task_title": ""}', statuses=(422,)),
    Request("POST", "/api/tasks", "{", statuses=(400,)),
    Request("PUT", "/api/tasks", "{}", statuses=(405,)),
)


class Unexpected(Exception):
    """An answer was not what it should be, so what was measured says nothing."""


def mixed(server: Server, drawn: Sequence[Mapping[str, object]], first: int, last: int) -> None:
    """Send the requests with these numbers, the last one left out. Raises ``Unexpected``.

    The same number makes the same request.
    """
    turns = [range(start, min(start + TURNS, last)) for start in range(first, last, TURNS)]
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        for _ in pool.map(lambda turn: _send(server, drawn, turn), turns):
            pass


def _send(server: Server, drawn: Sequence[Mapping[str, object]], numbers: range) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with contextlib.closing(connection):
        for number in numbers:
            request = _request(Random(number), drawn)
            headers = {
                "Authorization": f"Bearer {request.key or server.token}",
                "Content-Type": "application/json",
            }
            connection.request(request.method, request.path, request.body, headers)
            response = connection.getresponse()
            answer = response.read()
            if response.status not in request.statuses:
                raise Unexpected(f"{request}: {response.status} {answer[:500]!r}")


def _request(rng: Random, drawn: Sequence[Mapping[str, object]]) -> Request:
    if rng.random() < REFUSED:
        return rng.choice(REFUSALS)
    method, path, body = rng.choice(CASES).request(rng.choice(drawn))
    if "page=" not in path and rng.random() < 0.5:
        path = path.replace("limit=25", f"limit=25&page={rng.randint(1, 9)}")
    return Request(method, path.replace("limit=25", f"limit={rng.randint(1, MAX_LIMIT)}"), body)
