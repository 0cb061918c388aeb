"""Indexes that only PostgreSQL has or needs: operations for migrations.

They are not in the ``Meta`` of models: SQLite would refuse them there, and MariaDB would warn of
them whenever a site starts.
"""

from __future__ import annotations

import logging
from typing import Any

from django.db import DatabaseError, models, router, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation, OperationCategory
from django.db.migrations.state import ProjectState

logger = logging.getLogger(__name__)

PENDING_KILOBYTES = 256


class AddPostgreSQLIndex(Operation):
    """An index of a model, on PostgreSQL; elsewhere nothing happens."""

    category = OperationCategory.ADDITION
    reduces_to_sql = True
    reversible = True

    def __init__(self, model_name: str, index: models.Index) -> None:
        self.model_name = model_name
        self.index = index

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Models know nothing of it."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the index."""
        if self._concerns(app_label, schema_editor):
            self._add(to_state.apps.get_model(app_label, self.model_name), schema_editor)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the index, if it is there."""
        if self._concerns(app_label, schema_editor):
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")

    def describe(self) -> str:
        """What ``migrate --plan`` says."""
        return f"Create index {self.index.name} of {self.model_name}, on PostgreSQL"

    def _concerns(self, app_label: str, schema_editor: BaseDatabaseSchemaEditor) -> bool:
        connection = schema_editor.connection
        return connection.vendor == "postgresql" and router.allow_migrate(
            connection.alias, app_label, model_name=self.model_name.lower()
        )

    def _add(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        schema_editor.add_index(model, self.index)


class AddTrigramIndex(AddPostgreSQLIndex):
    """An index of one column for ``LIKE '%...%'``, by PostgreSQL's extension ``pg_trgm``.

    Where the extension is neither there nor to be had, a warning says so and searches go on reading
    every row. ``docs/scaling.md`` tells how to add the index later.
    """

    def _add(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        try:
            # What is refused must not take the migration's transaction along.
            with transaction.atomic(using=schema_editor.connection.alias):
                schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
                schema_editor.execute(self._sql(model, schema_editor))
        except DatabaseError as error:
            logger.warning(
                "Searches will read every row until there is an index %s, as docs/scaling.md has"
                " it: %s",
                self.index.name,
                str(error).strip(),
            )

    def _sql(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> str:
        field: Any = model._meta.get_field(self.index.fields[0])
        quote = schema_editor.quote_name
        operators = "gin_trgm_ops"
        with schema_editor.connection.cursor() as cursor:
            # Wherever the site has put the extension; before it is there, in sqlmigrate, nowhere.
            cursor.execute(
                "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace"
                " WHERE extname = 'pg_trgm'"
            )
            for (schema,) in cursor.fetchall():
                operators = f"{quote(schema)}.{operators}"
        # A title has dozens of trigrams: writers note them in a list, which one of them now and
        # then works off. The list is short, since every search reads it.
        return (
            f"CREATE INDEX IF NOT EXISTS {quote(self.index.name)} ON {quote(model._meta.db_table)}"
            f" USING gin ({quote(field.column)} {operators})"
            f" WITH (gin_pending_list_limit = {PENDING_KILOBYTES})"
        )
