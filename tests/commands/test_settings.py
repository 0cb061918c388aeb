"""The settings of the stand-alone site, each from its environment variable."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz"
OURS = {
    "ALLOWED_HOSTS",
    "CONN_MAX_AGE",
    "CSRF_TRUSTED_ORIGINS",
    "DATABASE_URL",
    "DEBUG",
    "DJANGO_SETTINGS_MODULE",
    "HTTPS",
    "MEDIA_ROOT",
    "SECRET_KEY",
    "STATE_DIR",
    "STATIC_ROOT",
    "TIME_ZONE",
}


def run(*arguments, **variables):
    inherited = {name: value for name, value in os.environ.items() if name not in OURS}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=REPOSITORY,
        env=inherited | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def setting(expression, tmp_path, **variables):
    """What an expression over the settings is, in a site with these variables."""
    program = f"from config.settings import *; import json; print(json.dumps({expression}))"
    variables = {"SECRET_KEY": GOOD, "STATE_DIR": str(tmp_path), **variables}
    process = run("-c", program, **variables)
    assert process.returncode == 0, process.stderr
    return json.loads(process.stdout)


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"SECRET_KEY": ""},
        {"SECRET_KEY": "short"},
        {"SECRET_KEY": "ab" * 40},
        {"SECRET_KEY": GOOD[:49]},
        {"SECRET_KEY": f"django-insecure-{GOOD}"},
        {"DEBUG": "off"},
        {"DEBUG": "0", "SECRET_KEY": "short"},
    ],
    ids=repr,
)
@pytest.mark.parametrize(
    "command", [["manage.py", "check"], ["-c", "import config.wsgi"]], ids=["manage.py", "wsgi"]
)
def test_site_without_a_good_secret_does_not_start(tmp_path, command, variables):
    process = run(*command, **{"STATE_DIR": str(tmp_path), **variables})
    assert process.returncode != 0
    assert "SECRET_KEY is missing or weak: set it to at least 50 random" in process.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "variables", [{"SECRET_KEY": GOOD}, {"DEBUG": "on"}, {"DEBUG": "true", "SECRET_KEY": "short"}]
)
def test_site_with_a_good_secret_or_for_debugging_starts(tmp_path, variables):
    process = run("manage.py", "check", **{"STATE_DIR": str(tmp_path), **variables})
    assert (process.returncode, process.stderr) == (0, "")


@pytest.mark.parametrize(
    ("expression", "variables", "value"),
    [
        ("DEBUG", {}, False),
        ("DEBUG", {"DEBUG": "true"}, True),
        ("DEBUG", {"DEBUG": "1"}, True),
        ("SECRET_KEY", {}, GOOD),
        ("ALLOWED_HOSTS", {}, ["localhost", "127.0.0.1", "[::1]"]),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "a.example"}, ["a.example"]),
        ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": " a.example , b.example,"}, ["a.example", "b.example"]),
        ("CSRF_TRUSTED_ORIGINS", {}, []),
        (
            "CSRF_TRUSTED_ORIGINS",
            {"CSRF_TRUSTED_ORIGINS": "https://a.example, https://b.example"},
            ["https://a.example", "https://b.example"],
        ),
        ("str(MEDIA_ROOT)", {"MEDIA_ROOT": "/srv/media"}, "/srv/media"),
        ("str(MEDIA_ROOT)", {"STATE_DIR": "/srv/site"}, "/srv/site/media"),
        ("TIME_ZONE", {}, "UTC"),
        ("TIME_ZONE", {"TIME_ZONE": "Europe/Berlin"}, "Europe/Berlin"),
        ("STATIC_ROOT", {}, None),
        ("str(STATIC_ROOT)", {"STATIC_ROOT": "/srv/static"}, "/srv/static"),
        (
            "[SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SECURE_PROXY_SSL_HEADER]",
            {},
            [False, False, None],
        ),
        (
            "[SESSION_COOKIE_SECURE, CSRF_COOKIE_SECURE, SECURE_PROXY_SSL_HEADER]",
            {"HTTPS": "on"},
            [True, True, ["HTTP_X_FORWARDED_PROTO", "https"]],
        ),
        ("DATABASES['default']['CONN_MAX_AGE']", {}, 600),
        ("DATABASES['default']['CONN_MAX_AGE']", {"CONN_MAX_AGE": "0"}, 0),
        ("DATABASES['default']['ENGINE']", {}, "django.db.backends.sqlite3"),
        (
            "[DATABASES['default'][name] for name in ('ENGINE', 'NAME', 'USER', 'HOST', 'PORT')]",
            {"DATABASE_URL": "postgres://ann:secret@db.example:5433/work"},
            ["config.postgresql", "work", "ann", "db.example", 5433],
        ),
        (
            "DATABASES['default']['OPTIONS']",
            {"DATABASE_URL": "postgres://ann@db.example/work", "PGOPTIONS": "-c geqo=off"},
            {
                "server_side_binding": True,
                "prepare_threshold": 2,
                "options": "-c seq_page_cost=0.1 -c random_page_cost=0.11 -c jit=off -c geqo=off",
            },
        ),
        (
            "DATABASES['default']['OPTIONS']",
            {
                "DATABASE_URL": "postgres://ann@db.example/work"
                "?server_side_binding=false&prepare_threshold=0&options=-c%20jit%3Don"
            },
            {"server_side_binding": False, "prepare_threshold": 0, "options": "-c jit=on"},
        ),
        (
            "[DATABASES['default'][name] for name in ('ENGINE', 'NAME', 'OPTIONS')]",
            {"DATABASE_URL": "mysql://ann@db.example/work?sql_mode=ANSI"},
            [
                "django.db.backends.mysql",
                "work",
                {"charset": "utf8mb4", "isolation_level": "read committed", "sql_mode": "ANSI"},
            ],
        ),
    ],
)
def test_setting_comes_from_the_environment(tmp_path, expression, variables, value):
    assert setting(expression, tmp_path, **variables) == value


@pytest.mark.parametrize("url", [None, "sqlite:///{folder}/made/for/it.sqlite3"])
def test_sqlite_is_tuned_and_takes_its_write_lock_first(tmp_path, url):
    program = """
import django; django.setup()
import json
from django.db import connection, transaction
from django.db.utils import OperationalError

def pragma(name):
    with connection.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]

names = ["journal_mode", "synchronous", "mmap_size", "cache_size", "foreign_keys", "busy_timeout"]
result = {name: pragma(name) for name in names}
import sqlite3
with transaction.atomic():
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0)
    try:
        other.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        result["while a transaction is open"] = str(error)
print(json.dumps(result))
"""
    variables = {"SECRET_KEY": GOOD, "STATE_DIR": str(tmp_path)}
    if url:
        variables["DATABASE_URL"] = url.format(folder=tmp_path)
    process = run("-c", program, DJANGO_SETTINGS_MODULE="config.settings", **variables)
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout) == {
        "journal_mode": "wal",
        "synchronous": 1,
        "mmap_size": 256 * 1024 * 1024,
        "cache_size": -64 * 1024,
        "foreign_keys": 1,
        "busy_timeout": 5_000,
        "while a transaction is open": "database is locked",
    }


def test_site_behind_https_passes_the_deployment_check(tmp_path):
    variables = {"SECRET_KEY": GOOD, "STATE_DIR": str(tmp_path)}
    check = ("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert run(*check, HTTPS="on", **variables).returncode == 0
    assert "security.W012" in run(*check, **variables).stderr
