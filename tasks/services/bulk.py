"""Many tasks at once, by the rules of one: what the demo writes through, and imports."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from typing import Any

from django.db import connections, models, router
from django.db.models import Max
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import TaskdockError
from tasks.models import HistoryEntry, Tag, Task, TaskAssignee, TaskStatus, TaskTag
from tasks.people import UserId
from tasks.services.events import CREATION, announce, creation
from tasks.services.history import entry
from tasks.services.new_tasks import (
    NOBODY,
    InvalidNewTask,
    NewTask,
    NewTaskRefused,
    Nobody,
    Rules,
    tag_names,
)
from tasks.services.tagging import tags_named
from tasks.services.tasks import POSITION_GAP
from tasks.texts import clean_title

#: How many tasks are in memory at a time.
BATCH = 1000


#: Fields whose values every database takes without ado.
_STORED_AS_THEY_ARE = (
    models.BooleanField,
    models.CharField,
    models.IntegerField,
    models.TextField,
)


def add_tasks(
    *,
    actor: Actor,
    tasks: Iterable[NewTask],
    progress: Callable[[int], object] | None = None,
    written: Callable[[Sequence[int]], object] | None = None,
) -> int:
    """Add the tasks, each at the end of its status' column; returns how many.

    All or nothing, in one transaction, with one history row a task. The tasks are consumed as they
    are written, so that memory does not grow with their number. ``progress`` is told how many were
    written since it was told last, ``written`` their ids in the order of the tasks. Raises
    ``NewTaskRefused`` for the first that breaks a rule.
    """
    added = 0
    explicit_ids = False
    stream = iter(tasks)
    with atomic():
        writer = _Writer(actor)
        while batch := list(islice(stream, BATCH)):
            if added == 0:
                explicit_ids = batch[0].id is not None
            ids = writer.write(batch, first=added, explicit_ids=explicit_ids)
            added += len(batch)
            if written is not None:
                written(ids)
            if progress is not None:
                progress(len(batch))
        if explicit_ids:
            advance_sequences(Task)
    return added


def advance_sequences(*written: type[models.Model]) -> None:
    """See that the next ids of these models are free, after rows were given theirs.

    Only PostgreSQL counts apart from its rows. A sequence is never moved back: what it has handed
    out to somebody else meanwhile stays theirs.
    """
    for model in _with_parents(written):
        connection = connections[router.db_for_write(model)]
        key: Any = model._meta.pk
        if connection.vendor != "postgresql" or not isinstance(key, models.AutoField):
            continue
        quote: Any = connection.ops.quote_name
        table, column = quote(model._meta.db_table), quote(key.column)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_serial_sequence(%s, %s)", [table, key.column])
            (sequence,) = cursor.fetchone()
            cursor.execute(
                "SELECT setval(%s::regclass,"  # noqa: S608 (names quoted by the backend)
                f" GREATEST(max({column}), pg_sequence_last_value(%s::regclass), 1))"
                f" FROM {table}",
                [sequence, sequence],
            )


def _with_parents(written: Iterable[type[models.Model]]) -> Iterator[type[models.Model]]:
    for model in written:
        concrete = model._meta.concrete_model or model
        yield concrete
        yield from concrete._meta.get_parent_list()


class _Writer:
    """Writes batches, and remembers what the tasks of one transaction may refer to."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.rules = Rules(actor)
        self.tags: dict[str, Tag] = {}
        self.ends_of_columns: dict[int, int] = {}

    def write(self, batch: Sequence[NewTask], *, first: int, explicit_ids: bool) -> list[int]:
        self.rules.learn(batch)
        now = timezone.now()
        taken = self._taken_ids(batch) if explicit_ids else set()
        rows: list[Task] = []
        assigned: list[list[Any]] = []
        tags: list[list[str]] = []
        for index, new in enumerate(batch, start=first):
            try:
                if (new.id is not None) is not explicit_ids:
                    raise InvalidNewTask("id", "Either all tasks have an {id} or none has.")
                if explicit_ids and new.id in taken:
                    raise InvalidNewTask("id", "The {id} has already been taken.")
                taken.add(new.id)
                self.rules.check(new)
                rows.append(self._row(new, now))
                assigned.append(sorted(set(new.assigned)))
                tags.append(tag_names(new))
            except TaskdockError as error:
                raise NewTaskRefused(index, error) from error
        self._learn_tags(tags)
        if explicit_ids:
            fields = Task._meta.concrete_fields
            _insert(
                Task,
                [field.attname for field in fields],
                ([field.pre_save(row, add=True) for field in fields] for row in rows),
            )
        else:
            Task.objects.bulk_create(rows)
        ids = [row.pk for row in rows]
        _insert(
            TaskAssignee,
            ("task", "user", "task_created_at"),
            (
                (row.pk, user_id, row.created_at)
                for row, user_ids in zip(rows, assigned, strict=True)
                for user_id in user_ids
            ),
        )
        _insert(
            TaskTag,
            ("content_object", "tag"),
            (
                (pk, self.tags[name].pk)
                for pk, names in zip(ids, tags, strict=True)
                for name in names
            ),
        )
        self._write_history(rows, assigned, tags)
        return ids

    def _row(self, new: NewTask, now: dt.datetime) -> Task:
        created_at = new.created_at or now
        return Task(
            pk=new.id,
            project_id=new.project_id,
            milestone_id=self.rules.milestone_id(new),
            priority_id=new.priority_id,
            title=clean_title(new.title),
            description=new.description,
            start_date=new.start_date,
            due_date=new.due_date,
            is_client_visible=new.is_client_visible,
            is_billable=new.is_billable,
            is_archived=new.is_archived,
            created_by_id=self._person_id(new.created_by_id),
            created_at=created_at,
            **self._entry_into_status(new, created_at),
        )

    def _entry_into_status(self, new: NewTask, created_at: dt.datetime) -> dict[str, Any]:
        """The one status rule, for a task that has come to its status elsewhere."""
        status = self.rules.statuses[new.status_id]
        changed_at = new.status_changed_at or created_at
        return {
            "status_id": new.status_id,
            "previous_status_id": new.previous_status_id,
            "position": self._next_position(status),
            "status_changed_at": changed_at,
            "completed_at": changed_at if status.is_completed else None,
            "completed_by_id": self._person_id(new.completed_by_id)
            if status.is_completed
            else None,
            "updated_at": new.updated_at or changed_at,
        }

    def _next_position(self, status: TaskStatus) -> int:
        if status.pk not in self.ends_of_columns:
            column = Task.objects.filter(status=status)
            self.ends_of_columns[status.pk] = column.aggregate(last=Max("position"))["last"] or 0
        self.ends_of_columns[status.pk] += POSITION_GAP
        return self.ends_of_columns[status.pk]

    def _person_id(self, user_id: UserId | Nobody | None) -> Any:
        if user_id is NOBODY:
            return None
        return self.actor.user_id if user_id is None else user_id

    def _write_history(
        self, rows: Sequence[Task], assigned: Sequence[list[Any]], tags: Sequence[list[str]]
    ) -> None:
        same = entry(actor=self.actor, verb="created", subject=rows[0])
        announce(
            CREATION,
            lambda: chain.from_iterable(
                creation(row, assigned=user_ids)
                for row, user_ids in zip(rows, assigned, strict=True)
            ),
            actor=self.actor,
            at=same.at,
        )
        columns = [
            field.attname for field in HistoryEntry._meta.concrete_fields if not field.primary_key
        ]
        values = {column: getattr(same, column) for column in columns}
        entries = []
        for row, user_ids, names in zip(rows, assigned, tags, strict=True):
            changes: dict[str, list[Any]] = {}
            if user_ids:
                people = [self.rules.people[user_id]._asdict() for user_id in user_ids]
                changes["assigned"] = [[], people]
            if names:
                changes["tags"] = [[], sorted(self.tags[name].name for name in names)]
            values |= {"subject_id": row.pk, "subject_name": row.title, "changes": changes}
            entries.append(list(values.values()))
        _insert(HistoryEntry, columns, entries)

    def _learn_tags(self, tags: Iterable[Iterable[str]]) -> None:
        unknown = {name for names in tags for name in names} - self.tags.keys()
        self.tags |= tags_named(unknown)

    def _taken_ids(self, batch: Sequence[NewTask]) -> set[int | None]:
        ids = {new.id for new in batch if new.id is not None}
        return set(Task.objects.filter(pk__in=ids).values_list("pk", flat=True))


def _insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows that nothing needs as instances: half the time of ``bulk_create``."""
    connection = connections[router.db_for_write(model)]
    quote: Any = connection.ops.quote_name
    fields: list[Any] = [model._meta.get_field(name) for name in names]
    columns = ", ".join(quote(field.column) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    adapted = [
        partial(field.get_db_prep_save, connection=connection)
        if not isinstance(getattr(field, "target_field", field), _STORED_AS_THEY_ARE)
        else None
        for field in fields
    ]
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})",  # noqa: S608 (names quoted by the backend)
            [
                [
                    value if adapt is None else adapt(value)
                    for adapt, value in zip(adapted, row, strict=True)
                ]
                for row in rows
            ],
        )
