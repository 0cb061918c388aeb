"""What both hosts have: somebody else's sites that dock us in and bend all that they can bend.

Everything here is something that a real Django site may well have. Nothing of the stand-alone site
is imported: what a host needs of us is the three apps, three includes and nothing more.
"""

from typing import Any

from environs import Env

env = Env()

SECRET_KEY = "a-host-has-its-own-secret-" + "0123456789abcdef" * 2
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

APPS_OF_THE_HOST = [
    # Labelled as our packages are named, and listed before them.
    "tests.hostile.apps.todo.apps.TodoConfig",
    "tests.hostile.apps.remarks.apps.RemarksConfig",
    "tests.hostile.apps.stopwatch.apps.StopwatchConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
DOCKED = ["tasks", "comments", "timers"]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "string_if_invalid": "UNBEKANNT",
        },
    }
]

# Untuned on purpose: a host's database options are its own.
DATABASES = {
    "default": {
        **env.dj_db_url("DATABASE_URL", default="sqlite://:memory:"),
        "ATOMIC_REQUESTS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

LANGUAGE_CODE = "de"
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
APPEND_SLASH = True

# Files that tests make are gone with the process.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
