"""Well-known Django projects, each begun as its own documentation begins it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import dedent

#: What the page on docking has an owner add to the settings.
APPS = 'INSTALLED_APPS += ["tasks", "comments", "timers"]\n'
#: What it has them add to the URLs.
INCLUDES = """
from django.urls import include, path

urlpatterns {operator} [
    path("api/", include("tasks.urls")),
    path("api/", include("comments.urls")),
    path("api/", include("timers.urls")),
]{rest}
"""
LAST = INCLUDES.format(operator="+=", rest="")
#: For a site whose last pattern takes every path.
FIRST = INCLUDES.format(operator="=", rest=" + urlpatterns")


@dataclass(frozen=True)
class Site:
    """A project: how it is begun, what an owner adds to it, and pages that are to stay the same."""

    name: str
    requires: Sequence[str]
    settings: str
    urls: str
    #: Path of a page, and the status that it has, docked or not.
    pages: dict[str, int]
    admin: str = "/admin/"
    start: Sequence[str] = ("django-admin", "startproject", "mysite", ".")
    #: Files that its documentation has an owner write, ends of those that are there.
    files: dict[str, str] = field(default_factory=dict)
    docked_urls: str = LAST
    #: Its own apps, which begin without migrations.
    apps: Sequence[str] = ()
    superuser: Sequence[str] = ("--username", "ann", "--email", "ann@example.com")

    def __post_init__(self) -> None:
        texts = {name: dedent(text) for name, text in self.files.items()}
        object.__setattr__(self, "files", texts)


WAGTAIL = Site(
    name="wagtail",
    requires=["wagtail~=8.0"],
    start=["wagtail", "start", "mysite", "."],
    settings="mysite/settings/base.py",
    urls="mysite/urls.py",
    files={
        # Its API, as its documentation mounts it beside ours.
        "mysite/settings/base.py": 'INSTALLED_APPS += ["wagtail.api.v2", "rest_framework"]\n',
        "mysite/urls.py": """
            from wagtail.api.v2.router import WagtailAPIRouter
            from wagtail.api.v2.views import PagesAPIViewSet

            api_router = WagtailAPIRouter("wagtailapi")
            api_router.register_endpoint("pages", PagesAPIViewSet)
            urlpatterns = [path("api/v2/", api_router.urls)] + urlpatterns
        """,
    },
    docked_urls=FIRST,
    admin="/django-admin/",
    pages={
        "/": 200,
        "/admin/login/": 200,
        "/api/v2/pages/": 200,
        "/search/": 200,
        "/nothing/": 404,
        "/api/nothing/": 404,
    },
)

OSCAR = Site(
    name="oscar",
    requires=["django-oscar[sorl-thumbnail]~=4.2"],
    settings="mysite/settings.py",
    urls="mysite/urls.py",
    files={
        "mysite/settings.py": """
            from oscar.defaults import *

            INSTALLED_APPS += [
                "django.contrib.sites",
                "django.contrib.flatpages",
                "oscar.config.Shop",
                "oscar.apps.analytics.apps.AnalyticsConfig",
                "oscar.apps.checkout.apps.CheckoutConfig",
                "oscar.apps.address.apps.AddressConfig",
                "oscar.apps.shipping.apps.ShippingConfig",
                "oscar.apps.catalogue.apps.CatalogueConfig",
                "oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig",
                "oscar.apps.communication.apps.CommunicationConfig",
                "oscar.apps.partner.apps.PartnerConfig",
                "oscar.apps.basket.apps.BasketConfig",
                "oscar.apps.payment.apps.PaymentConfig",
                "oscar.apps.offer.apps.OfferConfig",
                "oscar.apps.order.apps.OrderConfig",
                "oscar.apps.customer.apps.CustomerConfig",
                "oscar.apps.search.apps.SearchConfig",
                "oscar.apps.voucher.apps.VoucherConfig",
                "oscar.apps.wishlists.apps.WishlistsConfig",
                "oscar.apps.dashboard.apps.DashboardConfig",
                "oscar.apps.dashboard.reports.apps.ReportsDashboardConfig",
                "oscar.apps.dashboard.users.apps.UsersDashboardConfig",
                "oscar.apps.dashboard.orders.apps.OrdersDashboardConfig",
                "oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig",
                "oscar.apps.dashboard.offers.apps.OffersDashboardConfig",
                "oscar.apps.dashboard.partners.apps.PartnersDashboardConfig",
                "oscar.apps.dashboard.pages.apps.PagesDashboardConfig",
                "oscar.apps.dashboard.ranges.apps.RangesDashboardConfig",
                "oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig",
                "oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig",
                "oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig",
                "oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig",
                "widget_tweaks",
                "haystack",
                "treebeard",
                "sorl.thumbnail",
                "django_tables2",
            ]
            SITE_ID = 1
            MIDDLEWARE += [
                "oscar.apps.basket.middleware.BasketMiddleware",
                "django.contrib.flatpages.middleware.FlatpageFallbackMiddleware",
            ]
            TEMPLATES[0]["OPTIONS"]["context_processors"] += [
                "oscar.apps.search.context_processors.search_form",
                "oscar.apps.checkout.context_processors.checkout",
                "oscar.apps.communication.notifications.context_processors.notifications",
                "oscar.core.context_processors.metadata",
            ]
            AUTHENTICATION_BACKENDS = [
                "oscar.apps.customer.auth_backends.EmailBackend",
                "django.contrib.auth.backends.ModelBackend",
            ]
            HAYSTACK_CONNECTIONS = {
                "default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}
            }
            OSCAR_INITIAL_ORDER_STATUS = OSCAR_INITIAL_LINE_STATUS = "Pending"
            OSCAR_ORDER_STATUS_PIPELINE = {"Pending": ("Complete",), "Complete": ()}
        """,
        "mysite/urls.py": """
            from django.apps import apps
            from django.urls import include

            urlpatterns += [
                path("i18n/", include("django.conf.urls.i18n")),
                path("", include(apps.get_app_config("oscar").urls[0])),
            ]
        """,
    },
    pages={"/": 302, "/catalogue/": 200, "/basket/": 200, "/dashboard/": 302, "/nothing/": 404},
)

CMS = Site(
    name="cms",
    requires=["django-cms~=5.1", "djangocms-text~=1.0"],
    settings="mysite/settings.py",
    urls="mysite/urls.py",
    files={
        "mysite/settings.py": """
            INSTALLED_APPS += [
                "django.contrib.sites", "cms", "menus", "treebeard", "sekizai", "djangocms_text",
            ]
            SITE_ID = 1
            LANGUAGES = [("en", "English"), ("de", "German")]
            LANGUAGE_CODE = "en"
            MIDDLEWARE += [
                "django.middleware.locale.LocaleMiddleware",
                "cms.middleware.user.CurrentUserMiddleware",
                "cms.middleware.page.CurrentPageMiddleware",
                "cms.middleware.toolbar.ToolbarMiddleware",
                "cms.middleware.language.LanguageCookieMiddleware",
            ]
            TEMPLATES[0]["DIRS"] = [BASE_DIR / "templates"]
            TEMPLATES[0]["OPTIONS"]["context_processors"] += [
                "django.template.context_processors.i18n",
                "cms.context_processors.cms_settings",
                "sekizai.context_processors.sekizai",
            ]
            X_FRAME_OPTIONS = "SAMEORIGIN"
            CMS_CONFIRM_VERSION4 = True
            CMS_TEMPLATES = [("home.html", "Home page template")]
        """,
        "mysite/urls.py": """
            from django.conf.urls.i18n import i18n_patterns
            from django.urls import include

            urlpatterns += i18n_patterns(path("", include("cms.urls")))
        """,
        "templates/home.html": """
            {% load cms_tags sekizai_tags %}<html><head>{% render_block "css" %}</head>
            <body>{% cms_toolbar %}{% placeholder "content" %}{% render_block "js" %}</body></html>
        """,
    },
    docked_urls=FIRST,
    pages={"/admin/login/": 200, "/": 302, "/en/": 200, "/en/nothing/": 404},
)

_USERS = """
    from django.contrib.auth.base_user import BaseUserManager
    from django.contrib.auth.models import AbstractUser
    from django.db import models


    class UserManager(BaseUserManager):
        def _create(self, email, password, **fields):
            user = self.model(email=self.normalize_email(email), **fields)
            user.set_password(password)
            user.save(using=self._db)
            return user

        def create_user(self, email, password=None, **fields):
            return self._create(email, password, **fields)

        def create_superuser(self, email, password=None, **fields):
            return self._create(email, password, is_staff=True, is_superuser=True, **fields)


    class User(AbstractUser):
        name = models.CharField(blank=True, max_length=255)
        first_name = None
        last_name = None
        email = models.EmailField(unique=True)
        username = None
        USERNAME_FIELD = "email"
        REQUIRED_FIELDS = []
        objects = UserManager()
"""

COOKIECUTTER = Site(
    name="cookiecutter",
    requires=[
        "django~=5.2.0",
        "django-allauth[mfa]~=65.0",
        "django-environ",
        "djangorestframework~=3.16",
        "drf-spectacular",
        "argon2-cffi",
        "whitenoise",
    ],
    # Its layout, rebuilt: a package config, users by e-mail, allauth, an API beside ours.
    start=["django-admin", "startproject", "config", "."],
    settings="config/settings.py",
    urls="config/urls.py",
    files={
        "mysite/__init__.py": "",
        "mysite/users/__init__.py": "",
        "mysite/users/apps.py": """
            from django.apps import AppConfig


            class UsersConfig(AppConfig):
                name = "mysite.users"
        """,
        "mysite/users/models.py": _USERS,
        "mysite/users/admin.py": """
            from allauth.account.decorators import secure_admin_login
            from django.contrib import admin

            from mysite.users.models import User

            admin.autodiscover()
            admin.site.login = secure_admin_login(admin.site.login)


            @admin.register(User)
            class UserAdmin(admin.ModelAdmin):
                list_display = ["email", "name", "is_superuser"]
                search_fields = ["name"]
        """,
        "config/settings.py": """
            import environ

            env = environ.Env()
            DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR}/db.sqlite3")}
            DATABASES["default"]["ATOMIC_REQUESTS"] = True
            INSTALLED_APPS += [
                "django.contrib.sites", "django.contrib.humanize",
                "allauth", "allauth.account", "allauth.mfa", "allauth.socialaccount",
                "rest_framework", "rest_framework.authtoken", "drf_spectacular",
                "mysite.users",
            ]
            SITE_ID = 1
            AUTH_USER_MODEL = "users.User"
            AUTHENTICATION_BACKENDS = [
                "django.contrib.auth.backends.ModelBackend",
                "allauth.account.auth_backends.AuthenticationBackend",
            ]
            PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
            MIDDLEWARE.insert(1, "whitenoise.middleware.WhiteNoiseMiddleware")
            MIDDLEWARE.insert(3, "django.middleware.locale.LocaleMiddleware")
            MIDDLEWARE += ["allauth.account.middleware.AccountMiddleware"]
            STATIC_ROOT = str(BASE_DIR / "staticfiles")
            ACCOUNT_LOGIN_METHODS = {"email"}
            ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
            ACCOUNT_USER_MODEL_USERNAME_FIELD = None
            SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
            X_FRAME_OPTIONS = "DENY"
            REST_FRAMEWORK = {
                "DEFAULT_AUTHENTICATION_CLASSES": (
                    "rest_framework.authentication.SessionAuthentication",
                    "rest_framework.authentication.TokenAuthentication",
                ),
                "DEFAULT_PERMISSION_CLASSES": ("rest_framework.permissions.IsAuthenticated",),
                "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
            }
        """,
        "config/urls.py": """
            from django.urls import include
            from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView
            from rest_framework.authtoken.views import obtain_auth_token
            from rest_framework.routers import SimpleRouter
            from rest_framework.serializers import ModelSerializer
            from rest_framework.viewsets import ModelViewSet

            from mysite.users.models import User


            class UserSerializer(ModelSerializer):
                class Meta:
                    model = User
                    fields = ["id", "name", "email"]


            class UserViewSet(ModelViewSet):
                serializer_class = UserSerializer
                queryset = User.objects.all()


            router = SimpleRouter()
            router.register("users", UserViewSet)
            urlpatterns += [
                path("accounts/", include("allauth.urls")),
                path("api/", include((router.urls, "api"))),
                path("api/auth-token/", obtain_auth_token),
                path("api/schema/", SpectacularAPIView.as_view(), name="api-schema"),
                path("api/docs/", SpectacularSwaggerView.as_view(url_name="api-schema")),
            ]
        """,
    },
    pages={
        "/accounts/login/": 200,
        "/accounts/signup/": 200,
        "/api/users/": 403,
        "/api/schema/": 200,
        "/admin/": 302,
        "/nothing/": 404,
    },
    apps=["users"],
    superuser=["--email", "ann@example.com"],
)

HELPDESK = Site(
    name="helpdesk",
    requires=["django-helpdesk~=2.6"],
    settings="mysite/settings.py",
    urls="mysite/urls.py",
    files={
        "mysite/settings.py": """
            INSTALLED_APPS += [
                "django.contrib.sites", "django.contrib.humanize", "rest_framework", "helpdesk",
            ]
            SITE_ID = 1
            HELPDESK_TEAMS_MODE_ENABLED = False
            LOGIN_URL = "/helpdesk/login/"
            MEDIA_ROOT = BASE_DIR / "media"
        """,
        "mysite/urls.py": """
            from django.urls import include

            urlpatterns += [path("helpdesk/", include("helpdesk.urls"))]
        """,
    },
    pages={
        "/helpdesk/": 200,
        "/helpdesk/login/": 200,
        "/helpdesk/api/tickets/": 403,
        "/nothing/": 404,
    },
)

UNFOLD = Site(
    name="unfold",
    requires=["django-unfold"],
    settings="mysite/settings.py",
    urls="mysite/urls.py",
    files={"mysite/settings.py": 'INSTALLED_APPS.insert(0, "unfold")\n'},
    pages={"/admin/login/": 200, "/nothing/": 404},
)

JAZZMIN = Site(
    name="jazzmin",
    requires=["django-jazzmin"],
    settings="mysite/settings.py",
    urls="mysite/urls.py",
    files={"mysite/settings.py": 'INSTALLED_APPS.insert(0, "jazzmin")\n'},
    pages={"/admin/login/": 200, "/nothing/": 404},
)

SITES = [WAGTAIL, OSCAR, CMS, COOKIECUTTER, HELPDESK, UNFOLD, JAZZMIN]
