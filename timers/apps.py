from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TimersConfig(AppConfig):
    """Time worked on tasks."""

    name = "timers"
    label = "taskdock_timers"
    verbose_name = _("Taskdock timers")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks.extensions import register
        from timers.extension import EXTENSION

        register(EXTENSION)
