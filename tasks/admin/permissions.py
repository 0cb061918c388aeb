"""What somebody may do to rows of a kind, as its page on the site says, or else Django."""

from django.contrib.admin import AdminSite
from django.contrib.auth import get_permission_codename
from django.db import models
from django.http import HttpRequest


def may(request: HttpRequest, verb: str, model: type[models.Model], site: AdminSite) -> bool:
    """Whether somebody may add, view, change or delete rows of ``model``."""
    if site.is_registered(model):
        return bool(getattr(site.get_model_admin(model), f"has_{verb}_permission")(request))
    codename = get_permission_codename(verb, model._meta)
    return bool(request.user.has_perm(f"{model._meta.app_label}.{codename}"))
