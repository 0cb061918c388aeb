"""What MariaDB is asked for, whatever a site's database is like by itself."""

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import models

from tasks.database import connection
from tasks.models.telling_apart import CHARSET, EXACT

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection().vendor != "mysql", reason="is about MariaDB alone"),
]

TOLD_APART = {
    ("taskdock_attachment", "file"),
    ("taskdock_importedkey", "key"),
    ("taskdock_importedkey", "source"),
    ("taskdock_milestone", "title"),
    ("taskdock_milestone", "normal_title"),
    ("taskdock_tag", "name"),
    ("taskdock_tag", "normal_name"),
    ("taskdock_taskpriority", "title"),
    ("taskdock_taskpriority", "normal_title"),
    ("taskdock_taskstatus", "title"),
    ("taskdock_taskstatus", "normal_title"),
}


def collations():
    """The character set and the collation of each column of ours that holds text."""
    with connection().cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, character_set_name, collation_name"
            " FROM information_schema.columns WHERE table_schema = schema()"
        )
        found = {(table, column): row for table, column, *row in cursor.fetchall()}
    texts = models.CharField | models.TextField | models.FileField
    return {
        (model._meta.db_table, field.column): found[model._meta.db_table, field.column]
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if model._meta.app_label.startswith("taskdock") and isinstance(field, texts)
    }


def test_texts_take_every_character_and_unique_ones_are_told_apart():
    found = collations()
    assert {charset for charset, _ in found.values()} == {CHARSET}
    assert {of for of, (_, collation) in found.items() if collation == EXACT} == TOLD_APART


def test_checks_have_nothing_to_say():
    assert run_checks(databases=[connection().alias]) == []


@pytest.mark.parametrize(
    ("level", "ids"),
    [
        ("read committed", []),
        ("Serializable", []),
        ("repeatable read", ["taskdock.W001"]),
        (None, ["taskdock.W001"]),
    ],
)
def test_isolation_level_that_loses_writes_is_warned_of(monkeypatch, level, ids):
    monkeypatch.setitem(connection().settings_dict["OPTIONS"], "isolation_level", level)
    messages = run_checks(databases=[connection().alias])
    assert [message.id for message in messages] == ids
