"""What a page does that a visitor never sees, and that no page of ours may do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

_SERVER_ERROR = 500


class Watch:
    """Notes what goes wrong behind the pages of a browser.

    Errors on the console (among them whatever a content security policy refuses), exceptions that
    no script catches, answers that are the server's failure, requests to other hosts.
    """

    def __init__(self, context: BrowserContext, base_url: str) -> None:
        self.problems: list[str] = []
        self._base_url = base_url
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def take(self) -> list[str]:
        """What was noted until now; from here on it is dealt with."""
        problems, self.problems = self.problems, []
        return problems

    @contextmanager
    def looking_away(self) -> Iterator[None]:
        """Note nothing of what a tool does to the page, which is none of the page's doing."""
        noted = list(self.problems)
        yield
        self.problems = noted

    def _on_console(self, message: ConsoleMessage) -> None:
        url = message.location.get("url", "")
        # Which icon it has is the site's business, and browsers ask for one of their own accord.
        if message.type in {"error", "warning"} and not url.endswith("/favicon.ico"):
            self.problems.append(f"console: {message.text} ({url})")

    def _on_error(self, error: WebError) -> None:
        self.problems.append(f"exception: {error.error}")

    def _on_request(self, request: Request) -> None:
        if not request.url.startswith((f"{self._base_url}/", "data:", "blob:")):
            self.problems.append(f"asks another host: {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= _SERVER_ERROR:
            self.problems.append(f"{response.status}: {response.request.method} {response.url}")
