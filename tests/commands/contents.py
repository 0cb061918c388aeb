"""All rows of a database, to see that nothing was written."""

from django.apps import apps


def whole_database():
    return {
        model: list(model._base_manager.order_by("pk").values())
        for model in apps.get_models(include_auto_created=True)
    }
