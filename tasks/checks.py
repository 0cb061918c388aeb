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
    """Every key of ``TASKDOCK`` is one of ours, and every dotted path leads to a function."""
    value = getattr(settings, "TASKDOCK", {})
    if not isinstance(value, dict):
        return [Error("TASKDOCK must be a dict.", id="taskdock.E001")]
    errors: list[CheckMessage] = []
    for name in value:
        if name not in conf.DEFAULTS:
            known = ", ".join(sorted(conf.DEFAULTS))
            errors.append(
                Error(f"TASKDOCK has an unknown key {name!r}. Known: {known}.", id="taskdock.E002")
            )
            continue
        try:
            function = conf.hook(name)
        except (ImportError, ValueError) as error:
            errors.append(
                Error(f"TASKDOCK[{name!r}] can't be imported: {error}", id="taskdock.E003")
            )
        else:
            if function is not None and not callable(function):
                errors.append(Error(f"TASKDOCK[{name!r}] is no function.", id="taskdock.E004"))
    return errors
