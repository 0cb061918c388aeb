"""The index that searches want, where PostgreSQL's user may not have it, or finds it elsewhere."""

import os
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connections

from tasks.database import connection
from tasks.models import Task

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]


@pytest.fixture
def site_of_a_mere_role(django_db_blocker):
    """A database whose user may make tables and nothing else, and what lays the ground there."""
    ours = connection()
    name = f"taskdock_mere_{os.getpid()}"
    connections.databases["superuser"] = {**ours.settings_dict, "NAME": name}
    connections.databases["mere"] = {
        **ours.settings_dict,
        "NAME": name,
        "USER": name,
        "PASSWORD": name,
    }

    def lay(*statements):
        with connections["superuser"].cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)

    with django_db_blocker.unblock():
        with ours._nodb_cursor() as cursor:
            cursor.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{name}'")
            cursor.execute(f"CREATE DATABASE {name}")
        try:
            lay(f"GRANT CREATE ON SCHEMA public TO {name}")
            yield lay
        finally:
            for alias in ("superuser", "mere"):
                connections[alias].close()
                del connections[alias]
                del connections.databases[alias]
            with ours._nodb_cursor() as cursor:
                cursor.execute(f"DROP DATABASE {name}")
                cursor.execute(f"DROP ROLE {name}")


def trigram_index():
    with connections["mere"].cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'taskdock_task_trigrams'")
        return [definition for (definition,) in cursor.fetchall()]


def extensions():
    with connections["mere"].cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension WHERE extname = 'pg_trgm'")
        return [name for (name,) in cursor.fetchall()]


def test_search_index_that_is_refused_is_told_of_and_done_without(site_of_a_mere_role, caplog):
    call_command("migrate", "taskdock", database="mere", verbosity=0)
    (told,) = [record for record in caplog.records if record.name == "tasks.models.indexes"]
    assert "taskdock_task_trigrams" in told.getMessage()
    assert "permission denied" in told.getMessage()
    assert (trigram_index(), extensions()) == ([], [])
    tasks = Task.objects.using("mere").filter(folded_title__contains="design")
    assert list(tasks) == []
    call_command("migrate", "taskdock", "0004", database="mere", verbosity=0)


def test_search_index_can_be_made_up_for_by_the_documented_sql(site_of_a_mere_role):
    call_command("migrate", "taskdock", database="mere", verbosity=0)
    text = (Path(__file__).parents[1] / "docs" / "scaling.md").read_text()
    (sql,) = re.findall(r"```\w*\n(.*?)```", text, re.DOTALL)
    site_of_a_mere_role(*filter(str.strip, sql.split(";")))
    made_by_hand = trigram_index()
    call_command("migrate", "taskdock", "0004", database="mere", verbosity=0)
    assert trigram_index() == []
    call_command("migrate", "taskdock", database="mere", verbosity=0)
    assert trigram_index() == made_by_hand != []


def test_search_index_finds_the_extension_in_another_schema(site_of_a_mere_role, caplog):
    site_of_a_mere_role(
        'CREATE SCHEMA "Our extensions"',
        'CREATE EXTENSION pg_trgm SCHEMA "Our extensions"',
        'GRANT USAGE ON SCHEMA "Our extensions" TO PUBLIC',
    )
    call_command("migrate", "taskdock", database="mere", verbosity=0)
    assert len(trigram_index()) == 1
    assert caplog.records == []
    call_command("migrate", "taskdock", "0004", database="mere", verbosity=0)
    assert (trigram_index(), extensions()) == ([], ["pg_trgm"])
