"""A browser, as far as forms go: it fills in what a page shows and sends all that the page has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.http import HttpResponse
from django.test import Client

from tasks.testing import make_user
from tests.conftest import ADMIN


class _Forms(HTMLParser):
    """Collects the values that the page's form would send: that of its row, or else the last."""

    def __init__(self) -> None:
        super().__init__()
        self._row_form = self._is_of_row = False
        self.values: dict[str, list[str]] = {}
        self._select: str | None = None
        self._textarea: str | None = None
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if self._is_of_row:
            return
        if tag == "form":
            self.values = {}
            self._row_form = (given.get("id") or "").endswith("_form")
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind in {"submit", "button"}:
                return
            if kind in {"checkbox", "radio"} and "checked" not in given:
                return
            default = "on" if kind == "checkbox" else ""
            self.values.setdefault(name, []).append(given.get("value") or default)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.values.setdefault(self._select, []).append(given.get("value") or "")
        elif tag == "textarea":
            self._textarea, self._text = name, ""

    def handle_data(self, data: str) -> None:
        if self._textarea is not None:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None
        elif tag == "textarea" and self._textarea is not None:
            # The first line break belongs to the markup.
            self.values[self._textarea] = [self._text.removeprefix("\n")]
            self._textarea = None
        elif tag == "form":
            # Below it there may be panels, with forms of their own.
            self._is_of_row = self._is_of_row or self._row_form


class Page:
    """An open page: what it showed stays, whatever becomes of the rows meanwhile."""

    def __init__(self, browser: Browser, path: str, response: HttpResponse) -> None:
        assert response.status_code == 200, (path, response.status_code)
        self.browser, self.path, self.response = browser, path, response
        forms = _Forms()
        forms.feed(response.content.decode())
        self.values = forms.values

    def submit(self, button: str = "_save", **changes: Any) -> HttpResponse:
        """Send the form with these fields filled in; None unticks or empties one."""
        values: dict[str, Any] = dict(self.values)
        for name, value in changes.items():
            if value is None:
                values.pop(name, None)
            else:
                values[name] = value if isinstance(value, list) else [value]
        values[button] = ["1"]
        # A browser sends every line break as CRLF.
        sent = {
            name: [str(item).replace("\r\n", "\n").replace("\n", "\r\n") for item in items]
            for name, items in values.items()
        }
        return self.browser.client.post(self.path, sent)


class Browser:
    """A user who is logged in to the admin."""

    def __init__(self, user: Any) -> None:
        self.user = user
        # A host may speak another language.
        self.client = Client(headers={"Accept-Language": "en"})
        self.client.force_login(user)

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(f"{ADMIN}/{path}", query)

    def open(self, path: str, **query: Any) -> Page:
        return Page(self, f"{ADMIN}/{path}", self.get(path, **query))

    def action(self, path: str, name: str, rows: Any, **more: str) -> HttpResponse:
        data: Mapping[str, Any] = {
            "action": name,
            "_selected_action": [row.pk for row in rows],
            **more,
        }
        return self.client.post(f"{ADMIN}/{path}", data, follow=True)


@pytest.fixture
def admin(db: None) -> Browser:
    """A superuser's browser."""
    return Browser(make_user(is_superuser=True, first_name="Ada", last_name="Admin"))


@pytest.fixture
def make_staff(db: None) -> Callable[..., Browser]:
    """Makes browsers of staff with nothing but these permissions: ``make_staff("view_task")``."""

    def make(*codenames: str) -> Browser:
        user: Any = make_user()
        permissions = Permission.objects.filter(
            codename__in=codenames, content_type__app_label__startswith="taskdock"
        )
        assert len(permissions) == len(codenames)
        user.user_permissions.set(permissions)
        return Browser(user)

    return make


def errors_of(response: HttpResponse) -> dict[str, list[str]]:
    """The errors of the form that the answer shows again."""
    assert response.status_code == 200
    form = response.context["adminform"].form
    return {name: [str(text) for text in texts] for name, texts in form.errors.items()}


@pytest.fixture
def form_errors() -> Callable[[HttpResponse], dict[str, list[str]]]:
    """Reads the errors of the form that an answer shows again."""
    return errors_of


@pytest.fixture
def messages_of() -> Callable[[HttpResponse], list[str]]:
    """Reads the messages that a page shows."""
    return lambda response: [str(message) for message in response.context["messages"]]
