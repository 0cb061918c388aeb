"""What stands in two tables, kept the same by the database: an operation for migrations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from tasks.models.triggers import TriggerOperation, table_of


class CopyByTrigger(TriggerOperation):
    """Where ``source``'s ``column`` changes, so does ``copy`` of the rows that point to it.

    ``model`` holds the copies, ``relation`` is its foreign key to ``source``. New rows bring theirs
    along. On SQLite, a migration that alters the source's table repeats this.
    """

    def __init__(self, model: str, *, copy: str, source: str, column: str, relation: str) -> None:
        self.model = model
        self.copy = copy
        self.source = source
        self.column = column
        self.relation = relation

    def make(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        """Make the trigger, in place of what there is of it."""
        self.drop(app_label, schema_editor, state)
        for statement in self._statements(app_label, schema_editor, state, _CREATE):
            schema_editor.execute(statement, None)

    def describe(self) -> str:
        """What ``migrate --plan`` says."""
        return f"Copy {self.source}.{self.column} to {self.model}.{self.copy} by a trigger"

    def drop(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        """Drop it."""
        for statement in self._statements(app_label, schema_editor, state, _DROP):
            schema_editor.execute(statement, None)

    def _statements(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        state: ProjectState,
        templates: dict[str, tuple[str, ...]],
    ) -> Iterator[str]:
        model: Any = state.apps.get_model(app_label, self.model)
        source: Any = state.apps.get_model(app_label, self.source)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        quote = schema_editor.quote_name
        names = {
            "name": quote(f"{model._meta.db_table}_{self.copy}"),
            "copies": table_of(schema_editor, model),
            "copy": quote(model._meta.get_field(self.copy).column),
            "relation": quote(model._meta.get_field(self.relation).column),
            "sources": table_of(schema_editor, source),
            "column": quote(source._meta.get_field(self.column).column),
            "key": quote(source._meta.pk.column),
        }
        for template in templates[schema_editor.connection.vendor]:
            yield template.format(**names)


_UPDATE = "UPDATE {copies} SET {copy} = NEW.{column} WHERE {relation} = NEW.{key};"
_CREATE: dict[str, tuple[str, ...]] = {
    "postgresql": (
        (
            "CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $body$ BEGIN {_UPDATE} RETURN NULL; END $body$"
        ),
        (
            "CREATE TRIGGER {name} AFTER UPDATE OF {column} ON {sources} FOR EACH ROW"
            " WHEN (OLD.{column} <> NEW.{column}) EXECUTE FUNCTION {name}()"
        ),
    ),
    "sqlite": (
        (
            "CREATE TRIGGER {name} AFTER UPDATE OF {column} ON {sources} FOR EACH ROW"
            f" WHEN OLD.{{column}} <> NEW.{{column}} BEGIN {_UPDATE} END"
        ),
    ),
    "mysql": (
        (
            "CREATE TRIGGER {name} AFTER UPDATE ON {sources} FOR EACH ROW"
            f" IF OLD.{{column}} <> NEW.{{column}} THEN {_UPDATE} END IF"
        ),
    ),
}
_DROP: dict[str, tuple[str, ...]] = {
    "postgresql": ("DROP FUNCTION IF EXISTS {name}() CASCADE",),
    "sqlite": ("DROP TRIGGER IF EXISTS {name}",),
    "mysql": ("DROP TRIGGER IF EXISTS {name}",),
}
