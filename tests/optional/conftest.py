import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any, TypeAlias

import pytest

ROOT = Path(__file__).parents[2]

SETTINGS = """
    import os

    SECRET_KEY = "a-host-that-picks-its-apps"
    PICKED = os.environ["PICKED"].split()
    INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", *PICKED]
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
    ROOT_URLCONF = "host_urls"
    ALLOWED_HOSTS = ["testserver"]
    USE_TZ = True
"""
URLS = """
    from django.conf import settings
    from django.urls import include, path

    urlpatterns = [path("api/", include(f"{app}.urls")) for app in settings.PICKED]
"""

#: ``visit("tasks comments", script)``: what the script, run in a host with these apps, leaves in
#: ``report``.
Visit: TypeAlias = Callable[[str, str], Any]

PROLOGUE = """
import json, os, sys

import django

django.setup()
from django.core.management import call_command
from django.db import connection
from django.test import Client

report = {}


def client():
    from tasks.testing import make_api_key, make_user

    # The factories count from one in every process; the database is the same.
    _, token = make_api_key(user=make_user(username=f"process {os.getpid()}"))
    return Client(headers={"Authorization": f"Bearer {token}"})


def answer(r):
    is_ours = r.headers["Content-Type"] == "application/json"
    return [r.status_code, r.json() if is_ours else None]

"""
EPILOGUE = """
print(json.dumps(report))
"""


@pytest.fixture
def visit(tmp_path: Path) -> Visit:
    """Runs scripts in a host that picks its apps, on one database throughout a test."""
    (tmp_path / "host_settings.py").write_text(dedent(SETTINGS))
    (tmp_path / "host_urls.py").write_text(dedent(URLS))

    def run(picked: str, script: str) -> Any:
        (tmp_path / "visit.py").write_text(PROLOGUE + dedent(script) + EPILOGUE)
        environment = os.environ | {
            "PICKED": picked,
            "DJANGO_SETTINGS_MODULE": "host_settings",
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        }
        done = subprocess.run(
            [sys.executable, "-W", "error", "visit.py"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1])

    return run
