"""A project of somebody else's in an environment of its own, before and after it is docked into."""

from __future__ import annotations

import http.client
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.docs.programs import environment
from tests.docs.server import free_port, serving
from tests.packaging.conftest import Uv, run
from tests.realhosts.sites import APPS, Site

PASSWORD = "only for a test"
ENVIRONMENT = {"DJANGO_SUPERUSER_PASSWORD": PASSWORD, "PYTHONDONTWRITEBYTECODE": "1"}
OURS = ("taskdock", "taskdock_comments", "taskdock_timers")
_KEY = re.compile(r"^tdk_\S+$", re.MULTILINE)


@dataclass(frozen=True)
class Answer:
    """What a site answered."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Project:
    """A project in ``folder``, whose environment is in ``folder/venv``."""

    site: Site
    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "venv" / ("Scripts" if os.name == "nt" else "bin") / "python"

    def begin(self, uv: Uv, wheel: Path) -> None:
        """Install it with our wheel beside it, and begin it as its documentation does."""
        if not self.python.exists():
            uv("venv", "--python", sys.executable, self.folder / "venv")
        uv("pip", "install", "--python", self.python, *self.site.requires, wheel)
        program, *arguments = self.site.start
        run(self.python.parent / program, *arguments, cwd=self.folder)
        for name, text in self.site.files.items():
            self.append(name, text)
        if self.site.apps:
            self.manage("makemigrations", *self.site.apps)
        self.manage("migrate", "--verbosity=0")
        self.manage("createsuperuser", "--noinput", *self.site.superuser)

    def append(self, name: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a") as file:
            file.write(text)

    def manage(self, *arguments: str) -> str:
        """What a command of the project prints."""
        return run(self.python, "manage.py", *arguments, cwd=self.folder, **ENVIRONMENT)

    def dock(self) -> str:
        """Add the lines of the page on docking, and migrate; gives a key."""
        self.append(self.site.settings, APPS)
        self.append(self.site.urls, self.site.docked_urls)
        self.manage("migrate", "--verbosity=0")
        (key,) = _KEY.findall(self.manage("taskdock_key", "First program"))
        return str(key)

    @contextmanager
    def served(self, docked: bool = True) -> Iterator[int]:
        """The port that its own ``runserver`` listens on, until the block ends."""
        port = free_port()
        command = [self.python, self.folder / "manage.py", "runserver", "--noreload", str(port)]
        with serving(
            [str(part) for part in command],
            port=port,
            folder=self.folder,
            environ=environment(**ENVIRONMENT),
            docked=docked,
        ):
            yield port


def asked(port: int, method: str, path: str, key: str | None = None, **form: Any) -> Answer:
    """What the site on this port answers."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if key is not None:
        headers["Authorization"] = f"Bearer {key}"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        connection.request(method, path, urlencode(form, doseq=True), headers)
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
