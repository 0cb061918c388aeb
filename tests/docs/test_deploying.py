"""The page on deploying: its variables are the settings', and its commands bring up a site."""

import os
import re
import secrets
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.docs.markdown import REPOSITORY, Page
from tests.docs.programs import path_with, required, run
from tests.docs.server import free_port, serving, site_environment

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("docs deploying")]

PAGE = Page(REPOSITORY / "docs" / "deploying.md")
#: ``uv run``, in the environment that the tests run in.
UV = 'shift; case "$1" in *.py) exec python "$@";; *) exec "$@";; esac'


@dataclass(frozen=True)
class Deployed:
    """A site that runs, and the key that the page's last command printed."""

    url: str
    key: str

    def get(self, path: str) -> int:
        headers = {"Authorization": f"Bearer {self.key}"}
        request = urllib.request.Request(f"{self.url}{path}", headers=headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as response:
            status: int = response.status
            return status


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """The site that the page's commands make, run in their order."""
    folder = tmp_path_factory.mktemp("deployed")
    port = free_port()
    environ = site_environment(folder) | {
        "PATH": path_with(folder, uv=UV),
        "GRANIAN_PORT": str(port),
        "DJANGO_SUPERUSER_USERNAME": "ann",
        "DJANGO_SUPERUSER_EMAIL": "ann@example.com",
        "DJANGO_SUPERUSER_PASSWORD": "only for a test",
    }
    key = ""
    with ExitStack() as stack:
        for command in (command for block in PAGE.blocks() for command in block.commands):
            if command.endswith("manage.py serve"):
                bash = ["bash", "-c", f"exec {command}"]
                stack.enter_context(serving(bash, port=port, folder=folder, environ=environ))
                continue
            # There is nobody here to answer its questions.
            unasked = f"{command} --noinput" if "createsuperuser" in command else command
            printed = run(["bash", "-c", unasked], folder=REPOSITORY, environ=environ).strip()
            if "secrets" in command:
                environ["SECRET_KEY"] = printed
            if "taskdock_key" in command:
                key = printed
        yield Deployed(f"http://127.0.0.1:{port}", key)


@pytest.mark.parametrize("path", ["/", "/admin/login/", "/static/admin/css/base.css", "/api/tasks"])
def test_deployed_site_serves_pages_files_and_api(deployed, path):
    assert deployed.get(path) == 200


def test_requirements_are_all_that_the_site_needs(tmp_path):
    (install,) = re.findall(r"`pip (install [^`]+)`", PAGE.text)
    uv = os.environ.get("UV") or required("uv")
    python = tmp_path / "venv" / "bin" / "python"
    run(
        [uv, "venv", "--quiet", "--python", sys.executable, str(tmp_path / "venv")],
        folder=REPOSITORY,
    )
    run([uv, "pip", *install.split(), "--quiet", "--python", str(python)], folder=REPOSITORY)
    environ = site_environment(tmp_path) | {"SECRET_KEY": secrets.token_urlsafe(50)}
    check = [str(python), "manage.py", "check"]
    printed = run(check, folder=REPOSITORY, environ=environ)
    assert "no issues" in printed


def test_variables_are_those_that_the_settings_read():
    config = REPOSITORY / "config"
    read = re.compile(r'\b(?:env\.\w+|words|environ\.get)\(\s*"([A-Z_]+)"')
    settings = {
        name
        for module in ("settings.py", "local.py")
        for name in read.findall((config / module).read_text())
    }
    documented = re.findall(r"^\| `([A-Z_]+)` \|", PAGE.text, re.MULTILINE)
    assert sorted(documented) == sorted(settings)
