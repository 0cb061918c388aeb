"""A real browser before a real server, strict about all that goes wrong behind a page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tasks.testing import make_user
from tests.browser.chromium import (
    DESKTOP,
    MISSING,
    Scheme,
    Size,
    chromium,
    executable,
    new_context,
)
from tests.browser.watching import Watch

STRICT = "tests.hostile.middleware.NothingInline"
DISTANCE = "tests.browser.network.Distance"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "browser" in item.path.parts:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def chromium_browser(request: pytest.FixtureRequest) -> Iterator[Browser]:
    """One Chromium for all the tests in here."""
    if executable() is None:
        if request.config.getoption("chromium"):
            pytest.fail(MISSING, pytrace=False)
        pytest.skip(MISSING)
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="package")
def base_url(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of the site, which forbids all that is inline or from elsewhere."""
    with (
        django_db_blocker.unblock(),
        override_settings(MIDDLEWARE=[DISTANCE, STRICT, *settings.MIDDLEWARE]),
    ):
        server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def browse(
    committed_db: None, chromium_browser: Browser, base_url: str
) -> Iterator[Callable[..., Page]]:
    """Opens a browser: ``browse(user)``, ``browse(user, size=PHONE, scheme="dark")``.

    The page is empty at first: ``page.goto("/admin/")``. What goes wrong behind it fails the test,
    unless the test takes it from ``page.watch``.
    """
    pages = []

    def open_browser(
        user: Any = None,
        *,
        size: Size = DESKTOP,
        scheme: Scheme = "light",
        time_zone: str = "UTC",
    ) -> Page:
        session = None if user is None else _session_of(user)
        context = new_context(
            chromium_browser,
            base_url,
            size=size,
            scheme=scheme,
            session=session,
            time_zone=time_zone,
        )
        watch = Watch(context, base_url)
        page = context.new_page()
        page.watch = watch
        pages.append((page, watch))
        return page

    yield open_browser
    problems = []
    for page, watch in pages:
        page.context.close()
        problems += watch.problems
    assert not problems, "\n".join(["Behind the pages:", *problems])


@pytest.fixture
def superuser(committed_db: None) -> Any:
    """Somebody who may do everything."""
    return make_user(is_superuser=True, first_name="Ada", last_name="Admin")


@pytest.fixture
def page(browse: Callable[..., Page], superuser: Any) -> Page:
    """A superuser's browser, as wide as a desktop's."""
    return browse(superuser)


def _session_of(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies[settings.SESSION_COOKIE_NAME].value
