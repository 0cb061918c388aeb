"""A Django site with the admin and nothing else, for what importing that takes."""

from django.conf import settings

_CONTRIB = ("admin", "auth", "contenttypes", "sessions", "messages", "staticfiles")

settings.configure(
    SECRET_KEY="bare",
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=[f"django.contrib.{name}" for name in _CONTRIB],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "bare"}},
    STATIC_URL="static/",
)

from django.core.wsgi import get_wsgi_application  # noqa: E402 (settings come first)

application = get_wsgi_application()

from django.contrib import admin  # noqa: E402 (settings come first)
from django.urls import path  # noqa: E402 (settings come first)

urlpatterns = [path("admin/", admin.site.urls)]
