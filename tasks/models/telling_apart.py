"""Texts that are told apart by every character, whatever the database makes of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState
from django.db.models import CharField, FileField, TextField

CHARSET = "utf8mb4"
#: Two texts are the same here where all their characters are.
EXACT = "utf8mb4_bin"
#: For all other texts, where the site's own collation is one of a smaller set of characters.
LOOSE = "utf8mb4_general_ci"


class TellApart(Operation):
    """MariaDB and MySQL tell these columns' texts apart by case, accents and all.

    ``exact`` names fields by model. A database's own collation would most often take "a", "A" and
    "ä" for the same, and refuse the second of them where they are unique. The other texts of our
    tables keep it, but hold every character: a set that lacks some gives way to ``utf8mb4``.
    A migration that alters one of the fields, or adds a model with texts, repeats this.
    """

    reduces_to_sql = True
    reversible = True

    def __init__(self, exact: Mapping[str, Sequence[str]]) -> None:
        self.exact = exact

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no state: models know of no collation."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Alter the columns that are not so yet."""
        if schema_editor.connection.vendor != "mysql":
            return
        exact = {(model.lower(), field) for model, fields in self.exact.items() for field in fields}
        holds_all = _charset(schema_editor) == CHARSET
        for model in to_state.apps.get_models():
            options: Any = model._meta
            if options.app_label != app_label or not self.allow_migrate_model(
                schema_editor.connection.alias, model
            ):
                continue
            changes = []
            for field in _texts(model):
                if (options.model_name, field.name) in exact:
                    changes.append(_change(schema_editor, field, EXACT))
                elif not holds_all:
                    changes.append(_change(schema_editor, field, LOOSE))
            if not holds_all:
                changes.append(f"DEFAULT CHARACTER SET {CHARSET} COLLATE {LOOSE}")
            if changes:
                table = schema_editor.quote_name(options.db_table)
                schema_editor.execute(f"ALTER TABLE {table} {', '.join(changes)}")

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Leave it: what is told apart by now could not be the same again."""

    def describe(self) -> str:
        """What ``migrate --plan`` says."""
        return "Tell texts apart by every character"


def _charset(schema_editor: BaseDatabaseSchemaEditor) -> str:
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("SELECT @@character_set_database")
        ((charset,),) = cursor.fetchall()
    return str(charset)


def _texts(model: Any) -> Iterator[Any]:
    """The fields of a model that hold text of ours; what refers to others' is as theirs is."""
    for field in model._meta.local_concrete_fields:
        if isinstance(field, CharField | TextField | FileField):
            yield field


def _change(schema_editor: BaseDatabaseSchemaEditor, field: Any, collation: str) -> str:
    column, kind = schema_editor.quote_name(field.column), field.db_type(schema_editor.connection)
    null = "NULL" if field.null else "NOT NULL"
    return f"MODIFY {column} {kind} CHARACTER SET {CHARSET} COLLATE {collation} {null}"
