"""A server that takes its time, as one does that is far away.

A browser asks for it: with the cookie ``slow`` each request takes that many milliseconds more.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeAlias

from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Page

GetResponse: TypeAlias = Callable[[HttpRequest], HttpResponse]
COOKIE = "slow"
#: How long an answer is under way, and the time between two keys, in milliseconds.
DELAY, KEY = 300, 20


class Distance:
    """The time that requests and answers are under way; the page itself comes at once."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        delay = int(request.COOKIES.get(COOKIE, 0)) / 1000
        time.sleep(delay / 2)
        response = self.get_response(request)
        time.sleep(delay / 2)
        return response


def slow_down(page: Page, delay: int = DELAY) -> None:
    """Have all further requests of a browser take longer."""
    url = page.url
    page.context.add_cookies([{"name": COOKIE, "value": str(delay), "url": url}])


def type_fast(page: Page, text: str) -> None:
    """Type as a fast typist does; a line break is the Enter key."""
    for line in text.splitlines(keepends=True):
        page.keyboard.type(line.rstrip("\n"), delay=KEY)
        if line.endswith("\n"):
            page.keyboard.press("Enter")
