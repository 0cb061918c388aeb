"""What operations of migrations have in common that make triggers."""

from __future__ import annotations

from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState


class TriggerOperation(Operation):
    """Forwards makes triggers, backwards drops them; models know nothing of either."""

    reduces_to_sql = True
    reversible = True

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Change no state: models know of no triggers."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers."""
        self.make(app_label, schema_editor, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the triggers."""
        self.drop(app_label, schema_editor, to_state)

    def make(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        """Make the triggers, in place of what there is of them."""
        raise NotImplementedError

    def drop(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        """Drop what there is of them."""
        raise NotImplementedError


def table_of(schema_editor: BaseDatabaseSchemaEditor, model: Any) -> str:
    """The quoted name of a model's table, on PostgreSQL with its schema.

    Whoever fires a trigger has a search path of its own.
    """
    name = schema_editor.quote_name(model._meta.db_table)
    if schema_editor.connection.vendor != "postgresql":
        return name
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT relnamespace::regnamespace::text FROM pg_class WHERE oid = to_regclass(%s)",
            [name],
        )
        # ``sqlmigrate`` asks before there is a table.
        found = cursor.fetchone()
    return f"{found[0]}.{name}" if found else name
