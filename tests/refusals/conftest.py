"""A Django site whose own models refer to ours, in a process and a database of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

# Browsers of the admin.
from tests.admin.conftest import admin, form_errors, messages_of

__all__ = ["admin", "form_errors", "messages_of"]

ROOT = Path(__file__).parents[2]

SETTINGS = """
    SECRET_KEY = "a-site-with-models-of-its-own"
    INSTALLED_APPS = [
        "django.contrib.admin",
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "django.contrib.sessions",
        "django.contrib.messages",
        "tasks",
        "comments",
        "timers",
        "billing",
    ]
    MIDDLEWARE = [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
    ]
    TEMPLATES = [{
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": [
            "django.template.context_processors.request",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
        ]},
    }]
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    STATIC_URL = "static/"
    ROOT_URLCONF = "host_urls"
    ALLOWED_HOSTS = ["testserver"]
    USE_TZ = True
    DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
"""
URLS = """
    from django.contrib import admin
    from django.urls import include, path

    urlpatterns = [
        path("admin/", admin.site.urls),
        *(path("api/", include(f"{app}.urls")) for app in ("tasks", "comments", "timers")),
    ]
"""
#: Each model refers to one of ours by a key that keeps it.
KEEPERS = {
    "Invoice": ("taskdock.Task", "PROTECT"),
    "Shift": ("taskdock.Task", "RESTRICT"),
    "Contract": ("taskdock.Project", "PROTECT"),
    "Payment": ("taskdock.Milestone", "PROTECT"),
    "Signature": ("taskdock.ChecklistItem", "PROTECT"),
    "Reply": ("taskdock_comments.Comment", "PROTECT"),
    "Rate": ("taskdock_timers.Timer", "PROTECT"),
    "Account": ("taskdock.Client", "RESTRICT"),
    "Rule": ("taskdock.TaskStatus", "PROTECT"),
    "Level": ("taskdock.TaskPriority", "PROTECT"),
    "Scan": ("taskdock.Attachment", "PROTECT"),
    "Series": ("taskdock.TaskRecurrence", "PROTECT"),
    "Seat": ("taskdock.TaskAssignee", "PROTECT"),
}
MODEL = """
class {name}(models.Model):
    row = models.ForeignKey("{to}", models.{kind}, related_name="+")
    name = models.CharField(max_length=50, default="{name} 7")

    def __str__(self):
        return self.name

"""
PROLOGUE = """
import json, time

import django

django.setup()
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment

setup_test_environment()
call_command("migrate", verbosity=0, run_syncdb=True)
report = {}
"""
EPILOGUE = """
print(json.dumps(report))
"""


@pytest.fixture
def host(tmp_path: Path) -> Callable[[str], Any]:
    """``host(script)``: what the script, run in that site, leaves in ``report``."""
    billing = tmp_path / "billing"
    billing.mkdir()
    (billing / "__init__.py").touch()
    models = (MODEL.format(name=name, to=to, kind=kind) for name, (to, kind) in KEEPERS.items())
    (billing / "models.py").write_text("from django.db import models\n\n" + "".join(models))
    (tmp_path / "host_settings.py").write_text(dedent(SETTINGS))
    (tmp_path / "host_urls.py").write_text(dedent(URLS))

    def run(script: str) -> Any:
        (tmp_path / "visit.py").write_text(PROLOGUE + dedent(script) + EPILOGUE)
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "host_settings",
            "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        }
        done = subprocess.run(
            [sys.executable, "visit.py"],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return json.loads(done.stdout.splitlines()[-1])

    return run
