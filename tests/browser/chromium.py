"""Chromium as it comes with the machine, driven by Playwright; a browser is never downloaded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

Scheme = Literal["light", "dark"]
#: Width and height, in CSS pixels.
Size = tuple[int, int]

DESKTOP: Size = (1280, 800)
PHONE: Size = (360, 740)
#: How long anything is waited for, in milliseconds.
PATIENCE = 30_000

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    # Whatever a page asks of another host fails here, too.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
MISSING = "There is no Chromium: install it, on Debian by `apt-get install chromium`."


def executable() -> str | None:
    """The path of the machine's Chromium."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A Chromium without a window."""
    path = executable()
    assert path is not None, MISSING
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps a loop running in this thread, in which Django then wants no queries.
        # Nothing of ours runs in that loop.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        yield browser
        browser.close()


def new_context(
    browser: Browser,
    base_url: str,
    *,
    size: Size = DESKTOP,
    scheme: Scheme = "light",
    session: str | None = None,
    time_zone: str = "UTC",
) -> BrowserContext:
    """A browser with cookies of its own, logged in with the key of a session."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": size[0], "height": size[1]},
        color_scheme=scheme,
        locale="en-GB",
        timezone_id=time_zone,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    if session is not None:
        context.add_cookies([{"name": "sessionid", "value": session, "url": base_url}])
    return context
