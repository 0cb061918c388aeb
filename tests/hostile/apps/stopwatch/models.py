from django.conf import settings
from django.db import models

from tests.hostile.apps.todo.models import Task


class Timer(models.Model):
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="timers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="timers", null=True
    )
    started_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.started_at)
