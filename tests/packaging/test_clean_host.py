"""The wheel in an environment of its own, docked into the smallest host that there can be."""

import json
from textwrap import dedent

import pytest

from tests.packaging.conftest import run

pytestmark = pytest.mark.slow

SETTINGS = """
    SECRET_KEY = "a-host-of-five-lines"
    INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
    INSTALLED_APPS += ["tasks", "comments", "timers"]
    DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
    ROOT_URLCONF = "host_urls"
    ALLOWED_HOSTS = ["testserver"]
    USE_TZ = True
"""
URLS = """
    from django.urls import include, path

    urlpatterns = [
        path("api/", include("tasks.urls")),
        path("api/", include("comments.urls")),
        path("api/", include("timers.urls")),
    ]
"""
VISIT = """
    import json, os, sys

    os.environ["DJANGO_SETTINGS_MODULE"] = "host_settings"
    import django

    django.setup()
    import comments, tasks, timers
    from django.test import Client
    from tasks.testing import make_api_key, make_task

    _, token = make_api_key()
    task = make_task(tags=["first"])
    refused = Client().get("/api/tasks")
    served = Client(headers={"Authorization": f"Bearer {token}"}).get(f"/api/tasks/{task.pk}")
    reference = Client().get("/api/schema")
    report = {
        "from": [app.__file__ for app in (tasks, comments, timers)],
        "refused": [refused.status_code, refused.headers["Content-Type"], refused.json()],
        "served": [served.status_code, served.json()["data"]["tags"]],
        "reference": [reference.status_code, len(reference.json()["paths"]) > 30],
    }
    print(json.dumps(report))
"""


@pytest.fixture
def host(tmp_path):
    files = {"host_settings.py": SETTINGS, "host_urls.py": URLS, "visit.py": VISIT}
    for name, text in files.items():
        (tmp_path / name).write_text(dedent(text))
    return tmp_path


def test_wheel_docks_into_the_smallest_host(clean_python, host):
    def django(*arguments):
        command = (clean_python, "-W", "error", "-m", "django", *arguments)
        return run(*command, "--settings=host_settings", "--pythonpath=.", cwd=host)

    assert "no issues" in django("check", "--fail-level=WARNING")
    assert "No changes detected" in django("makemigrations", "--check", "--dry-run")
    django("migrate", "--verbosity=0")

    report = json.loads(run(clean_python, "-W", "error", "visit.py", cwd=host))

    environment = clean_python.parent.parent
    for path in report["from"]:
        assert path.startswith(str(environment)), "the wheel's code, not the source tree's"
    assert report["refused"] == [
        401,
        "application/json",
        {"message": "Unauthorized. A valid API key is required."},
    ]
    assert report["served"] == [200, ["first"]]
    assert report["reference"] == [200, True]
