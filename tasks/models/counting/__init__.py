"""Sums that the database keeps up itself, whoever writes: operations for migrations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

from tasks.models.counting import mysql, postgresql, sqlite
from tasks.models.counting.names import EVENTS, Counting
from tasks.models.triggers import TriggerOperation, table_of

_VENDORS: Mapping[str, Any] = {"mysql": mysql, "postgresql": postgresql, "sqlite": sqlite}


class CountByTriggers(TriggerOperation):
    """From here on triggers keep the sums of a ``Tally`` up, beginning with what there is.

    ``counted`` is the model whose rows are counted, but for those that have something in the field
    ``unless``. ``dimensions`` are fields that both models have; ``amounts`` says of each amount
    which field is summed, None where rows are counted. All of it is said again here, since what a
    migration does must not change with the models.

    While it counts nobody else writes: PostgreSQL and SQLite see to that; where MariaDB or MySQL is
    used, stop the site.
    """

    def __init__(
        self,
        tally: str,
        *,
        counted: str,
        dimensions: Sequence[str],
        amounts: Mapping[str, str | None],
        unless: str | None = None,
    ) -> None:
        self.tally = tally
        self.counted = counted
        self.dimensions = dimensions
        self.amounts = amounts
        self.unless = unless

    def describe(self) -> str:
        """What ``migrate --plan`` says."""
        return f"Count {self.counted} in {self.tally} by triggers"

    def make(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        """Make the triggers, in place of what there is of them, and count."""
        self.drop(app_label, schema_editor, state)
        for counting in self._countings(app_label, schema_editor, state):
            # The triggers first: to make them shuts other writers out.
            for statement in _VENDORS[schema_editor.connection.vendor].create(counting):
                schema_editor.execute(statement, None)
            for statement in counting.recount():
                schema_editor.execute(statement, None)

    def drop(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> None:
        """Drop the triggers; the sums stay as they are."""
        for counting in self._countings(app_label, schema_editor, state):
            for statement in _VENDORS[schema_editor.connection.vendor].drop(counting):
                schema_editor.execute(statement, None)

    def _countings(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, state: ProjectState
    ) -> Iterator[Counting]:
        """What is counted, in names of this database; nothing where the site keeps ours apart."""
        tally = state.apps.get_model(app_label, self.tally)
        counted = state.apps.get_model(app_label, self.counted)
        if not self.allow_migrate_model(schema_editor.connection.alias, tally):
            return
        quote = schema_editor.quote_name

        def column(model: Any, name: str) -> str:
            return quote(model._meta.get_field(name).column)

        yield Counting(
            tally=table_of(schema_editor, tally),
            counted=table_of(schema_editor, counted),
            key=quote(tally._meta.pk.column),
            dimensions={column(tally, name): column(counted, name) for name in self.dimensions},
            amounts={
                column(tally, name): None if summed is None else column(counted, summed)
                for name, summed in self.amounts.items()
            },
            unless=None if self.unless is None else column(counted, self.unless),
            triggers={event: quote(f"{tally._meta.db_table}_{event.lower()}") for event in EVENTS},
        )


class StopCounting(CountByTriggers):
    """The other way round: drops the triggers, and backwards makes them and counts.

    SQLite alters most tables by making them anew, without their triggers, and no table that a
    trigger writes to. So a migration that alters a counted table or a tally stops counting first,
    and counts again as its last operation.
    """

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Drop the triggers."""
        self.drop(app_label, schema_editor, to_state)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Make the triggers, and count."""
        self.make(app_label, schema_editor, to_state)

    def describe(self) -> str:
        """What ``migrate --plan`` says."""
        return f"Drop the triggers that count {self.counted} in {self.tally}"
