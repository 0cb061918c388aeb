"""Links from one list to another."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode


def list_url(page: "ModelAdmin[Any]", model_name: str, **lookups: Any) -> str:
    """The address of a list of ours on the same site, narrowed."""
    url = reverse(f"admin:taskdock_{model_name}_changelist", current_app=page.admin_site.name)
    return f"{url}?{urlencode(lookups)}"


def list_link(page: "ModelAdmin[Any]", model_name: str, text: Any, **lookups: Any) -> str:
    """A link to a list of ours on the same site, narrowed."""
    return format_html('<a href="{}">{}</a>', list_url(page, model_name, **lookups), text)


def tasks_link(page: "ModelAdmin[Any]", text: Any, **lookups: Any) -> str:
    """A link to tasks, archived ones too, which that list leaves out unless it is asked for all."""
    return list_link(page, "task", text, is_archived__exact="all", **lookups)
