from django.apps import AppConfig


class StopwatchConfig(AppConfig):
    """The host's timers, under the label that our package is named."""

    name = "tests.hostile.apps.stopwatch"
    label = "timers"
