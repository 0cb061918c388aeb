from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import pytest
from django.apps import apps

from tasks.database import connection

pytest.register_assert_rewrite("tests.api.answers")

from tests.api.endpoints import World  # noqa: E402 (after the line above)

OURS = ("taskdock", "taskdock_comments", "taskdock_timers")


def rows() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table of ours, but for when a key was last used."""
    return {label: _select(statement) for label, statement in _statements()}


@cache
def _statements() -> list[tuple[str, str]]:
    models = [model for label in OURS for model in apps.get_app_config(label).get_models()]
    return [(model._meta.label, _statement(model)) for model in models]


def _statement(model: Any) -> str:
    quote = connection().ops.quote_name
    columns = [field.column for field in model._meta.concrete_fields]
    kept = ", ".join(quote(column) for column in columns if column != "last_used_at")
    return (
        f"SELECT {kept} FROM {quote(model._meta.db_table)} ORDER BY {quote(model._meta.pk.column)}"
    )


def _select(statement: str) -> list[tuple[Any, ...]]:
    with connection().cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


@contextmanager
def unchanged_rows() -> Iterator[None]:
    before = rows()
    yield
    assert rows() == before


@pytest.fixture
def unchanged(db: None) -> Callable[[], AbstractContextManager[None]]:
    """``with unchanged():`` no row of ours is added, changed or gone, history included."""
    return unchanged_rows


@pytest.fixture
def world(db: None) -> World:
    """A project with a task that has everything, a foreign project, and somebody else's task."""
    return World()
