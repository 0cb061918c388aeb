"""The second host: it keeps local times, and people whose names are None.

It uses REST framework itself, mounts the API twice, and shows us in an admin site of its own beside
Django's.
"""

from tests.hostile.shared import *  # noqa: F403
from tests.hostile.shared import APPS_OF_THE_HOST, DOCKED

INSTALLED_APPS = [
    *APPS_OF_THE_HOST,
    "tests.hostile.apps.members.apps.MembersConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "rest_framework",
    "taggit",
    *DOCKED,
]
MIDDLEWARE = [
    # Keeps what it may, for everybody who asks for the same.
    "django.middleware.cache.UpdateCacheMiddleware",
    "tests.hostile.middleware.NothingInline",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tests.hostile.middleware.PagesForErrors",
    "django.middleware.cache.FetchFromCacheMiddleware",
]
ROOT_URLCONF = "tests.hostile.two_prefixes"

AUTH_USER_MODEL = "members.Member"
LOGIN_URL = "/intern/login/"

# Half a year of summer time, ten hours behind UTC.
TIME_ZONE = "America/Adak"
USE_TZ = False
STATIC_URL = "statisch/"

TAGGIT_CASE_INSENSITIVE = False

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.DjangoModelPermissions"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.BrowsableAPIRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.FileUploadParser"],
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": "1/day", "user": "1/day"},
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.CursorPagination",
    "DEFAULT_FILTER_BACKENDS": ["rest_framework.filters.SearchFilter"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.HostNameVersioning",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": "page",
    "DATE_FORMAT": None,
    "DATETIME_FORMAT": "%s",
    "TEST_REQUEST_DEFAULT_FORMAT": "multipart",
}

#: Read by the tests: where this host mounts the API, and where the admin that shows us.
TESTS_API_PREFIX = "/v2/api"
TESTS_ADMIN_PREFIX = "/intern"
