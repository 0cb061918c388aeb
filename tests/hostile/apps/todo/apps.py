from django.apps import AppConfig


class TodoConfig(AppConfig):
    """The host had tasks before us, under the label that our package is named."""

    name = "tests.hostile.apps.todo"
    label = "tasks"
