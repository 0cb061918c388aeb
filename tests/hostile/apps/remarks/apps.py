from django.apps import AppConfig


class RemarksConfig(AppConfig):
    """The host's comments, under the label that our package is named."""

    name = "tests.hostile.apps.remarks"
    label = "comments"
