"""The first host: its REST framework denies everything, and its people are UUIDs without names."""

from pathlib import Path

from tests.hostile.shared import *  # noqa: F403
from tests.hostile.shared import APPS_OF_THE_HOST, DOCKED, TEMPLATES

INSTALLED_APPS = [
    *APPS_OF_THE_HOST,
    "tests.hostile.apps.people.apps.PeopleConfig",
    "tests.hostile.apps.backoffice.BackofficeConfig",
    # No rest_framework: its templates and its app are not needed.
    *DOCKED,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "tests.hostile.middleware.NothingInline",
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
# The admin in this host's own dress: another frame, other lists, other buttons.
TEMPLATES = [{**TEMPLATES[0], "DIRS": [Path(__file__).parent / "theme"]}]
ROOT_URLCONF = "tests.hostile.urls"

AUTH_USER_MODEL = "people.Person"
LOGIN_URL = "/verwaltung/login/"

TIME_ZONE = "Pacific/Chatham"
USE_TZ = True
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

#: Read by the tests: where this host mounts the API, and where its admin.
TESTS_API_PREFIX = "/work/api"
TESTS_ADMIN_PREFIX = "/verwaltung"
