"""System checks: a mistake in ``TASKDOCK`` is named at start-up, not found in production."""

from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warned

from tasks import conf
from tasks.database import connection


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


@register(Tags.database)
def check_isolation(
    app_configs: Sequence[AppConfig] | None = None,
    databases: Sequence[str] | None = None,
    **kwargs: Any,
) -> list[CheckMessage]:
    """On MariaDB and MySQL, who waited for a lock sees what was committed meanwhile.

    PostgreSQL ends a transaction that would write over what it has not seen; they don't.
    """
    ours = connection()
    level: Any = ours.settings_dict.get("OPTIONS", {}).get("isolation_level", "read committed")
    if ours.vendor != "mysql" or ours.alias not in (databases or ()):
        return []
    if str(level).lower() in {"read committed", "serializable"}:
        return []
    return [
        Warned(
            f"The database {ours.alias!r} has the isolation level {level!r}: of two writes at once"
            " one can be lost.",
            hint="Set 'isolation_level': 'read committed' in its OPTIONS, Django's default.",
            id="taskdock.W001",
        )
    ]
