from django.conf import settings
from django.db import models


class Task(models.Model):
    title = models.CharField(max_length=50)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tasks", null=True
    )

    def __str__(self) -> str:
        return self.title
