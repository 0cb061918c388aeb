"""The hostile host: a site of somebody else's that docks us in and bends all that it can bend.

Everything here is something that a real Django site may well have. Nothing of the stand-alone site
is imported: what a host needs of us is the three apps, three includes and nothing more.
"""

from environs import Env

env = Env()

SECRET_KEY = "a-host-has-its-own-secret-" + "0123456789abcdef" * 2
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]

INSTALLED_APPS = [
    # Labelled as our packages are named, and listed before them.
    "tests.hostile.apps.todo.apps.TodoConfig",
    "tests.hostile.apps.remarks.apps.RemarksConfig",
    "tests.hostile.apps.people.apps.PeopleConfig",
    "tests.hostile.apps.backoffice.BackofficeConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # Docked. No rest_framework: its templates and its app are not needed.
    "tasks",
    "comments",
    "timers",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tests.hostile.middleware.ReadsBody",
    "tests.hostile.middleware.ReadsPost",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "tests.hostile.middleware.PagesForErrors",
]
ROOT_URLCONF = "tests.hostile.urls"
TEMPLATES = [
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

AUTH_USER_MODEL = "people.Person"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/verwaltung/login/"

LANGUAGE_CODE = "de"
USE_I18N = True
USE_THOUSAND_SEPARATOR = True
TIME_ZONE = "Pacific/Chatham"
USE_TZ = True
APPEND_SLASH = True
STATIC_URL = "/statisch/"

TAGGIT_CASE_INSENSITIVE = True
TAGGIT_STRIP_UNICODE_WHEN_SLUGIFYING = True

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["tests.hostile.rest.DenyAll"],
    "DEFAULT_RENDERER_CLASSES": ["tests.hostile.rest.XMLRenderer"],
    "DEFAULT_PARSER_CLASSES": ["tests.hostile.rest.XMLParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "tests.hostile.rest.NoNegotiation",
    "DEFAULT_THROTTLE_CLASSES": ["tests.hostile.rest.ThrottleAll"],
    "DEFAULT_PAGINATION_CLASS": "tests.hostile.rest.OneRowPages",
    "DEFAULT_FILTER_BACKENDS": ["tests.hostile.rest.FilterAll"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": None,
    "EXCEPTION_HANDLER": "tests.hostile.rest.page_of_shame",
    "UNAUTHENTICATED_USER": "tests.hostile.rest.nobody",
    "UNAUTHENTICATED_TOKEN": "tests.hostile.rest.nobody",
    "DEFAULT_VERSION": "7",
    "ALLOWED_VERSIONS": ["7"],
    "PAGE_SIZE": 1,
    "SEARCH_PARAM": "suche",
    "ORDERING_PARAM": "sort",
    "URL_FORMAT_OVERRIDE": "limit",
    "FORMAT_SUFFIX_KWARG": "task_id",
    "NON_FIELD_ERRORS_KEY": "errors",
    "DATE_FORMAT": "%d.%m.%Y",
    "DATE_INPUT_FORMATS": ["%d.%m.%Y"],
    "DATETIME_FORMAT": "%d.%m.%Y %H:%M",
    "DATETIME_INPUT_FORMATS": ["%d.%m.%Y %H:%M"],
    "COERCE_DECIMAL_TO_STRING": False,
    "COERCE_BIGINT_TO_STRING": True,
    "COMPACT_JSON": False,
    "UNICODE_JSON": False,
    "STRICT_JSON": False,
    "NUM_PROXIES": 0,
}

#: Read by the tests: where this host mounts the API.
TESTS_API_PREFIX = "/work/api"

# Files that tests make are gone with the process.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
