"""The host's own admin site, in place of Django's."""

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig


class Backoffice(AdminSite):
    site_header = "Verwaltung"
    enable_nav_sidebar = False


class BackofficeConfig(AdminConfig):
    default_site = "tests.hostile.apps.backoffice.Backoffice"
