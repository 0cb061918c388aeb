"""System checks: a mistake in ``TASKDOCK`` is named at start-up, not found in production."""

from __future__ import annotations

import inspect
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from django.apps import apps
from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Warned
from django.core.exceptions import FieldError
from django.db import connections, models, router
from django.utils.functional import Promise

from tasks import conf
from tasks.actors import Actor
from tasks.database import alias, connection
from tasks.people import ids_are_integers, ids_are_uuids, user_model, users
from tasks.querysets import PartQuerySet, VisibleQuerySet


@register()
def check_settings(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every key of ``TASKDOCK`` is one of ours, and every value one that it may have.

    Functions of the site's are called, as far as they go without asking a database.
    """
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
        problem = setting.problem(conf.value(name)) or _problem_of_hook(name)
        if problem is not None:
            errors.append(Error(f"TASKDOCK[{name!r}] {problem}", id="taskdock.E003"))
    return errors


class _AsksDatabase(Exception):
    """A function of the site's went on to a query."""


def _problem_of_hook(name: str) -> str | None:
    """What is wrong with the function that a setting names, or None."""
    if name not in _TRIALS:
        return None
    function = conf.hook(name)
    if function is None:
        return None
    parameters, trial = _TRIALS[name]
    try:
        inspect.signature(function).bind(*parameters)
    except TypeError:
        taken = ", ".join(parameters)
        return f"must be a function that can be called with ({taken})."
    except ValueError:  # Of a function that is not written in Python nothing is known.
        return None
    return trial(function)


def _problem_of_team(function: Callable[..., Any]) -> str | None:
    return _problem_of_rows(function, user_model())


def _problem_of_sight(function: Callable[..., Any]) -> str | None:
    actor = Actor(user=_somebody())
    for rows in (*_narrowed(), users()):
        problem = _problem_of_rows(function, rows.model, rows, actor)
        if problem is not None:
            return problem
    return None


def _problem_of_name(function: Callable[..., Any]) -> str | None:
    with _tried():
        name = function(_somebody())
        if name is not None and not isinstance(name, str | Promise):
            return f"must return a string, not {type(name).__name__}."
    return None


def _problem_of_rows(
    function: Callable[..., Any], model: type[models.Model], *arguments: Any
) -> str | None:
    kind = model._meta.label
    try:
        with _tried():
            rows = function(*arguments)
            if not isinstance(rows, models.QuerySet):
                return f"must return a queryset of {kind}, not {type(rows).__name__}."
            if rows.model._meta.concrete_model is not model._meta.concrete_model:
                return f"must return a queryset of {kind}, not of {rows.model._meta.label}."
            if rows.query.is_sliced or rows.query.combinator:
                return f"must return a queryset of {kind} that can be filtered further."
    except FieldError as error:
        return f"fails for {kind}: {error}"
    return None


#: The functions that settings name: what each is called with, and what tries it.
_TRIALS: Mapping[str, tuple[tuple[str, ...], Callable[[Callable[..., Any]], str | None]]] = {
    "TEAM_MEMBERS": ((), _problem_of_team),
    "VISIBLE_TO": (("queryset", "actor"), _problem_of_sight),
    "PERSON_NAME": (("user",), _problem_of_name),
}


def _narrowed() -> Iterator[models.QuerySet[Any]]:
    """What ``VISIBLE_TO`` is called for, of the apps that are here."""
    for model in apps.get_models():
        rows = model._default_manager.all()
        # A part is as visible as what it belongs to; the site is not asked.
        if isinstance(rows, VisibleQuerySet) and not isinstance(rows, PartQuerySet):
            yield rows


def _somebody() -> Any:
    """A user who is in no database."""
    key: Any = "-"
    if ids_are_integers():
        key = 0
    elif ids_are_uuids():
        key = uuid.UUID(int=0)
    model: Any = user_model()
    return model(pk=key)


@contextmanager
def _tried() -> Iterator[None]:
    """Lets nothing in the block ask a database.

    That it would, or that it fails for somebody who does not exist, proves nothing. A field that
    is not there does.
    """

    def refuse(*args: Any) -> Any:
        raise _AsksDatabase

    with ExitStack() as stack:
        for connection in connections.all():
            stack.enter_context(connection.execute_wrapper(refuse))
        try:
            yield
        except FieldError:
            raise
        except Exception:  # noqa: BLE001 (whatever a host's function does)
            return


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


@register()
def check_users(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The site's users are in the database that our rows are in."""
    of_users, ours = router.db_for_write(user_model()), alias()
    if of_users == ours:
        return []
    return [
        Error(
            f"Users are in the database {of_users!r}, Taskdock's tables in {ours!r}: these refer to"
            " users by foreign keys and joins, which no database has across two.",
            hint="Let DATABASE_ROUTERS send the user model and Taskdock's apps to one database.",
            id="taskdock.E004",
        )
    ]


@register()
def check_packages(
    app_configs: Sequence[AppConfig] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The apps ``comments`` and ``timers`` are ours, not packages of the site's."""
    found = {config.name: config for config in apps.get_app_configs()}
    return [
        Warned(
            f"The app {name!r} in INSTALLED_APPS is the package at {found[name].path}, not"
            f" Taskdock's: tasks have no {name} of Taskdock's.",
            hint=f"Rename that package to have Taskdock's {name}; or do without, and silence this.",
            id="taskdock.W002",
        )
        for name in ("comments", "timers")
        if name in found and found[name].label != f"taskdock_{name}"
    ]
