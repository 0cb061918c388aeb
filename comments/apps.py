from importlib.util import find_spec
from typing import Any

from django.apps import AppConfig
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Comments on tasks and on checklist items."""

    name = "comments"
    label = "taskdock_comments"
    verbose_name = _("Taskdock comments")
    default_auto_field = "django.db.models.BigAutoField"

    def __init__(self, *args: Any) -> None:
        # Our models import theirs, long before a system check could say what is wrong.
        if not _has_tasks():
            raise ImproperlyConfigured(
                "The app 'comments' is Taskdock's, but the package 'tasks' that Python finds is"
                " not: a package of the site's has that name. Taskdock needs it; rename the other."
            )
        super().__init__(*args)

    def ready(self) -> None:
        from comments.extension import EXTENSION
        from tasks.extensions import register

        register(EXTENSION)


def _has_tasks() -> bool:
    try:
        return find_spec("tasks.extensions") is not None
    except ImportError:
        # It is one module, or there is none.
        return False
