from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TasksConfig(AppConfig):
    """The core app: everything about tasks but their comments and timers."""

    name = "tasks"
    label = "taskdock"
    verbose_name = _("Taskdock")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from tasks import checks  # noqa: F401 (importing registers them)
