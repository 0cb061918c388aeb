"""The ``TASKDOCK`` settings dict, read when it is needed and never at import.

Nothing is cached: a look-up costs a microsecond, and ``override_settings`` just works.
"""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

#: Every key that ``TASKDOCK`` may hold, with its default.
#:
#: ``TEAM_MEMBERS``
#:     Dotted path to a function without parameters that returns the queryset of users who may be
#:     assigned. By default the active users with ``is_staff``.
#: ``VISIBLE_TO``
#:     Dotted path to a function ``(queryset, actor) -> queryset`` that narrows what an actor may
#:     see. It is called for every model of ours that is read for somebody; tell them apart by
#:     ``queryset.model``. By default everybody sees everything.
DEFAULTS: dict[str, Any] = {
    "TEAM_MEMBERS": None,
    "VISIBLE_TO": None,
}


def configured() -> dict[str, Any]:
    """The site's ``TASKDOCK`` as it stands, or an empty dict."""
    value = getattr(settings, "TASKDOCK", None)
    return value if isinstance(value, dict) else {}


def hook(name: str) -> Callable[..., Any] | None:
    """The function that the setting ``name`` points to, or None where the site sets none."""
    value = configured().get(name, DEFAULTS[name])
    if value is None:
        return None
    function: Callable[..., Any] = import_string(value) if isinstance(value, str) else value
    return function
