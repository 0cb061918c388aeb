from django.apps import AppConfig


class MembersConfig(AppConfig):
    name = "tests.hostile.apps.members"
    label = "members"
