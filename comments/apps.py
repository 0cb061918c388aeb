from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    """Comments on tasks and on checklist items."""

    name = "comments"
    label = "taskdock_comments"
    verbose_name = _("Taskdock comments")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from comments.extension import EXTENSION
        from tasks.extensions import register

        register(EXTENSION)
