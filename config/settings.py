"""Settings of the stand-alone site, all from the environment. A host has its own instead."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from environs import Env, validate

from config.databases import tuned
from config.local import BASE_DIR, LOCAL_HOSTS, state_dir

env = Env()
#: What the site writes unless told otherwise: database, uploads, the quickstart's secret.
STATE_DIR = state_dir()


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """A list with commas between, and spaces wherever people like them."""
    return [word for word in map(str.strip, env.list(name, default=list(default))) if word]


def is_weak(secret: str) -> bool:
    """As Django's own deployment check has it."""
    return len(secret) < 50 or len(set(secret)) < 5 or secret.startswith("django-insecure-")  # noqa: PLR2004


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="insecure-for-debugging-only" if DEBUG else "")
if not DEBUG and is_weak(SECRET_KEY):
    raise ImproperlyConfigured(
        "SECRET_KEY is missing or weak: set it to at least 50 random characters, for example the "
        'output of python -c "import secrets; print(secrets.token_urlsafe(50))".'
    )
ALLOWED_HOSTS = words("ALLOWED_HOSTS", LOCAL_HOSTS)
CSRF_TRUSTED_ORIGINS = words("CSRF_TRUSTED_ORIGINS")
CSRF_FAILURE_VIEW = "config.csrf.failure"
#: Whether a proxy in front speaks HTTPS, and tells in X-Forwarded-Proto.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
# Redirecting to HTTPS and HSTS are that proxy's business.
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    # The files of Swagger UI, for the page at /api/docs.
    "drf_spectacular_sidecar",
    "tasks",
    "comments",
    "timers",
    "config",
]
MIDDLEWARE = [
    "config.middleware.straight_to_the_api",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.common.CommonMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

DATABASES = {
    "default": tuned(
        env.dj_db_url("DATABASE_URL", default=f"sqlite:///{STATE_DIR / 'taskdock.sqlite3'}"),
        conn_max_age=env.int("CONN_MAX_AGE", default=600),
        has_cursors=not env.bool("DISABLE_SERVER_SIDE_CURSORS", default=False),
    )
}
# How ``config.wsgi`` serves. Requests that a worker runs at once, and so its connections to each
# database; bytes of a body; seconds that a client has for sending one; clients that a worker waits
# for while they send.
CONCURRENCY = env.int("CONCURRENCY", default=8, validate=validate.Range(min=1))
MAX_BODY_SIZE = env.int("MAX_BODY_SIZE", default=100 * 1024 * 1024)
BODY_TIMEOUT = env.float("BODY_TIMEOUT", default=20)
MAX_WAITING_BODIES = 500

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]

LANGUAGE_CODE = "en"
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

STATIC_URL = "static/"
# Served from where the apps keep them: the site needs no collectstatic. It is for those who set a
# STATIC_ROOT, to serve the files by other means.
STATIC_ROOT = env.path("STATIC_ROOT", default=None)
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = env.path("MEDIA_ROOT", default=STATE_DIR / "media")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}

# Said all the same: a setting that is not there takes longer to look up than one that is.
TASKDOCK: dict[str, Any] = {}

# Read when the reference is made, in development; nothing here runs drf-spectacular.
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Taskdock",
    "POSTPROCESSING_HOOKS": [],
    "SORT_OPERATIONS": False,
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
