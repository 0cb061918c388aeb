from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "tests.hostile.apps.people"
    label = "people"
