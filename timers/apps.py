from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class TimersConfig(AppConfig):
    """Time worked on tasks."""

    name = "timers"
    label = "taskdock_timers"
    verbose_name = _("Taskdock timers")
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, *args: Any) -> None:
        # Our models import theirs, long before a system check could say what is wrong.
        if not _has_tasks():
            raise ImproperlyConfigured(
                "The app 'timers' is Taskdock's, but the package 'tasks' that Python finds is"
                " not: a package of the site's has that name. Taskdock needs it; rename the other."
            )
        super().__init__(*args)

    def ready(self) -> None:
        from tasks.extensions import register
        from timers.extension import EXTENSION

        register(EXTENSION)


def _has_tasks() -> bool:
    try:
        return find_spec("tasks.extensions") is not None
    except ImportError:
        # It is one module, or there is none.
        return False
