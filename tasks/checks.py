"""System checks: a mistake in ``TASKDOCK`` is named at start-up, not found in production."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from tasks import conf


@register()
def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every key of ``TASKDOCK`` is one of ours, and every value one that it may have."""
    value = getattr(settings, "TASKDOCK", {})
    if not isinstance(value, dict):
        return [Error("TASKDOCK must be a dict.", id="taskdock.E001")]
    known = ", ".join(sorted(conf.SETTINGS))
    errors: list[CheckMessage] = [
        Error(f"TASKDOCK has an unknown key {name!r}. Known: {known}.", id="taskdock.E002")
        for name in value
        if name not in conf.SETTINGS
    ]
    for name, setting in conf.SETTINGS.items():
        problem = setting.problem(conf.value(name))
        if problem is not None:
            errors.append(Error(f"TASKDOCK[{name!r}] {problem}", id="taskdock.E003"))
    return errors
