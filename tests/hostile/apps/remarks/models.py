from django.conf import settings
from django.db import models

from tests.hostile.apps.todo.models import Task


class Comment(models.Model):
    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="comments", null=True
    )
    text = models.TextField()

    def __str__(self) -> str:
        return self.text
