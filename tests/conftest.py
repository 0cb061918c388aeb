import sysconfig
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from tasks.models import APIKey
from tasks.testing import make_api_key, make_user
from tests.reference.validation import check_answer

#: Where the site at hand has the admin that shows us.
ADMIN = getattr(settings, "TESTS_ADMIN_PREFIX", "/admin")
FORM = "application/x-www-form-urlencoded"

# The same examples in every run; a slow machine fails nothing.
hypothesis.settings.register_profile("tests", derandomize=True, deadline=None)
hypothesis.settings.load_profile("tests")


class CheckedClient(Client):
    """Holds every answer of the API to the reference."""

    def request(self, **request: Any) -> Any:
        response: Any = super().request(**request)
        path = request["PATH_INFO"].encode("latin-1").decode("utf-8", "replace")
        if path.startswith(f"{API.prefix}/"):
            check_answer(API.prefix, request["REQUEST_METHOD"], path, response)
        return response


class API:
    """Speaks to the API with a key, as a program would: strings go out as forms, dicts as JSON."""

    prefix = getattr(settings, "TESTS_API_PREFIX", "/api")

    def __init__(self, token: str | None, key: APIKey | None = None) -> None:
        self.key = key
        headers = {} if token is None else {"Authorization": f"Bearer {token}"}
        self.client = CheckedClient(headers=headers, raise_request_exception=False)

    def request(
        self,
        method: str,
        path: str,
        body: Any = "",
        content_type: str | None = None,
        **headers: str,
    ) -> HttpResponse:
        if content_type is None:
            content_type = FORM if isinstance(body, str | bytes) else "application/json"
        if content_type == "application/json" and not isinstance(body, str | bytes):
            import json

            body = json.dumps(body)
        return self.client.generic(
            method, f"{self.prefix}{path}", body, content_type=content_type, headers=headers
        )

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"{self.prefix}{path}", query)

    def post(self, path: str, body: Any = "", content_type: str | None = None) -> HttpResponse:
        return self.request("POST", path, body, content_type)

    def put(self, path: str, body: Any = "", content_type: str | None = None) -> HttpResponse:
        return self.request("PUT", path, body, content_type)

    def patch(self, path: str, body: Any = "", content_type: str | None = None) -> HttpResponse:
        return self.request("PATCH", path, body, content_type)

    def delete(self, path: str) -> HttpResponse:
        return self.request("DELETE", path)


@pytest.fixture
def make_api(db: None) -> Callable[..., API]:
    """Makes clients of the API: ``make_api()``, ``make_api(is_read_only=True)``."""

    def make(**fields: Any) -> API:
        fields.setdefault("user", make_user(first_name="Jo", last_name="Key", is_superuser=True))
        key, token = make_api_key(**fields)
        return API(token, key)

    return make


@pytest.fixture
def api(make_api: Callable[..., API]) -> API:
    """A client of the API with a good key."""
    return make_api()


@pytest.fixture
def anonymous(db: None) -> API:
    """A client of the API without a key."""
    return API(None)


@pytest.fixture
def committed_db(transactional_db: None) -> None:
    """A database in which transactions really commit.

    Emptying it after a test takes the first rows along, so they are added again before the next.
    """
    first_rows = import_module("tasks.migrations.0002_first_rows")
    first_rows.add_first_rows(apps, SimpleNamespace(connection=connection))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--installed",
        action="store_true",
        help="fail unless the apps are those of an installed wheel, and nothing else of the project"
        " can be imported",
    )
    parser.addoption(
        "--chromium",
        action="store_true",
        help="fail where a test needs Chromium and there is none, instead of skipping it",
    )


def pytest_sessionstart(session: pytest.Session) -> None:
    if not session.config.getoption("installed"):
        return
    installed = Path(sysconfig.get_path("purelib"))
    for app in ("tasks", "comments", "timers"):
        path = import_module(app).__file__
        if path is None or not Path(path).is_relative_to(installed):
            pytest.exit(f"--installed: {app} is {path}, not in {installed}", returncode=1)
    for package in ("config", "benchmarks"):
        if find_spec(package) is not None:
            pytest.exit(f"--installed: {package} can be imported", returncode=1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    servers = {
        "server": ("a server, PostgreSQL's or MariaDB's", {"postgresql", "mysql"}),
        "postgresql": ("a PostgreSQL server", {"postgresql"}),
    }
    for item in items:
        for marker, (server, vendors) in servers.items():
            if item.get_closest_marker(marker) and connection.vendor not in vendors:
                item.add_marker(pytest.mark.skip(reason=f"needs DATABASE_URL to name {server}"))
