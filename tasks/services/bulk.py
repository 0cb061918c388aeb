"""Many tasks at once, by the rules of one: what the demo writes through, and imports."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import Any

from django.db import connections, models, router
from django.db.models import Max
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    Invalid,
    MilestoneNotInProject,
    NoDefaultMilestone,
    NotATeamMember,
    PriorityNotFound,
    ProjectNotFound,
    StatusNotFound,
    TaskdockError,
)
from tasks.models import (
    HistoryEntry,
    Milestone,
    Project,
    Task,
    TaskAssignee,
    TaskPriority,
    TaskStatus,
    TaskTag,
)
from tasks.models.tags import TAG_LENGTH
from tasks.people import Person, UserId, members_visible_to, people_by_id, storable
from tasks.services.events import CREATION, announce, creation
from tasks.services.history import entry
from tasks.services.tagging import tags_named
from tasks.services.tasks import POSITION_GAP, check_dates
from tasks.texts import check_storable, clean_title

#: How many tasks are in memory at a time.
BATCH = 1000


#: Fields whose values every database takes without ado.
_STORED_AS_THEY_ARE = (
    models.BooleanField,
    models.CharField,
    models.IntegerField,
    models.TextField,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be added. What is left out is as ``create_task`` would have it.

    ``milestone_id`` None means the project's default. ``created_at`` None means now.
    ``status_changed_at``, not before ``created_at`` and by default the same, is when the task
    entered its status: in the completed status, when it was completed. ``completed_by_id`` and
    ``created_by_id`` default to the actor's user. ``id`` is for rows whose ids are known
    elsewhere: of one call, all tasks have one or none has.
    """

    project_id: int
    title: str
    status_id: int
    priority_id: int
    milestone_id: int | None = None
    description: str | None = None
    start_date: dt.date | None = None
    due_date: dt.date | None = None
    is_client_visible: bool = False
    is_billable: bool = False
    is_archived: bool = False
    assigned: Sequence[UserId] = ()
    tags: Sequence[str] = ()
    created_at: dt.datetime | None = None
    created_by_id: UserId | None = None
    previous_status_id: int | None = None
    status_changed_at: dt.datetime | None = None
    completed_by_id: UserId | None = None
    id: int | None = None


class NewTaskRefused(TaskdockError):
    """A task breaks a rule: the one at ``index``, counted from 0, for the reason ``error``."""

    def __init__(self, index: int, error: TaskdockError) -> None:
        self.index = index
        self.error = error
        super().__init__(f"Task {index + 1}: {error}")


class InvalidNewTask(Invalid):
    """A value that only tasks from elsewhere can have wrong; the API checks its own."""

    def __init__(self, field: str, template: str) -> None:
        self.field = field
        self.template = template
        super().__init__()


def add_tasks(
    *,
    actor: Actor,
    tasks: Iterable[NewTask],
    progress: Callable[[int], object] | None = None,
) -> int:
    """Add the tasks, each at the end of its status' column; returns how many.

    All or nothing, in one transaction, with one history row a task. The tasks are consumed as they
    are written, so that memory does not grow with their number. ``progress`` is told how many were
    written since it was told last. Raises ``NewTaskRefused`` for the first that breaks a rule.
    """
    added = 0
    explicit_ids = False
    stream = iter(tasks)
    with atomic():
        writer = _Writer(actor)
        while batch := list(islice(stream, BATCH)):
            if added == 0:
                explicit_ids = batch[0].id is not None
            writer.write(batch, first=added, explicit_ids=explicit_ids)
            added += len(batch)
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
        self.statuses = {status.pk: status for status in TaskStatus.objects.all()}
        self.priority_ids = set(TaskPriority.objects.values_list("pk", flat=True))
        self.project_ids: set[int] = set()
        self.default_milestones: dict[int, int] = {}
        self.project_of_milestone: dict[int, int] = {}
        self.people: dict[UserId, Person] = {}
        self.member_ids: set[UserId] = set()
        self.tag_ids: dict[str, int] = {}
        self.ends_of_columns: dict[int, int] = {}

    def write(self, batch: Sequence[NewTask], *, first: int, explicit_ids: bool) -> None:
        self._learn(batch)
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
                rows.append(self._row(new, now))
                assigned.append(self._assigned(new))
                tags.append(_tag_names(new))
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
                (pk, self.tag_ids[name])
                for pk, names in zip(ids, tags, strict=True)
                for name in names
            ),
        )
        self._write_history(rows, assigned, tags)

    def _row(self, new: NewTask, now: dt.datetime) -> Task:
        title = clean_title(new.title)
        check_storable("description", new.description or "")
        if new.project_id not in self.project_ids:
            raise ProjectNotFound
        if new.status_id not in self.statuses:
            raise StatusNotFound
        if new.priority_id not in self.priority_ids:
            raise PriorityNotFound
        check_dates(start_date=new.start_date, due_date=new.due_date)
        created_at = new.created_at or now
        return Task(
            pk=new.id,
            project_id=new.project_id,
            milestone_id=self._milestone_id(new),
            priority_id=new.priority_id,
            title=title,
            description=new.description,
            start_date=new.start_date,
            due_date=new.due_date,
            is_client_visible=new.is_client_visible,
            is_billable=new.is_billable,
            is_archived=new.is_archived,
            created_by_id=self._person_id("created_by", new.created_by_id),
            created_at=created_at,
            **self._entry_into_status(new, created_at),
        )

    def _entry_into_status(self, new: NewTask, created_at: dt.datetime) -> dict[str, Any]:
        """The one status rule, for a task that has come to its status elsewhere."""
        status = self.statuses[new.status_id]
        changed_at = new.status_changed_at or created_at
        if changed_at < created_at:
            raise InvalidNewTask(
                "status_changed_at",
                "The {status_changed_at} must be a date after or equal to {created_at}.",
            )
        if new.completed_by_id is not None and not status.is_completed:
            raise InvalidNewTask("completed_by", "Only a completed task has a {completed_by}.")
        previous_id = new.previous_status_id
        if previous_id is not None and (
            previous_id not in self.statuses or previous_id == new.status_id
        ):
            raise InvalidNewTask("previous_status", "The selected {previous_status} is invalid.")
        return {
            "status_id": new.status_id,
            "previous_status_id": previous_id,
            "position": self._next_position(status),
            "status_changed_at": changed_at,
            "completed_at": changed_at if status.is_completed else None,
            "completed_by_id": self._person_id("completed_by", new.completed_by_id)
            if status.is_completed
            else None,
            "updated_at": changed_at,
        }

    def _next_position(self, status: TaskStatus) -> int:
        if status.pk not in self.ends_of_columns:
            column = Task.objects.filter(status=status)
            self.ends_of_columns[status.pk] = column.aggregate(last=Max("position"))["last"] or 0
        self.ends_of_columns[status.pk] += POSITION_GAP
        return self.ends_of_columns[status.pk]

    def _milestone_id(self, new: NewTask) -> int:
        if new.milestone_id is None:
            if new.project_id not in self.default_milestones:
                raise NoDefaultMilestone
            return self.default_milestones[new.project_id]
        if self.project_of_milestone.get(new.milestone_id) != new.project_id:
            raise MilestoneNotInProject
        return new.milestone_id

    def _person_id(self, field: str, user_id: UserId | None) -> Any:
        if user_id is None:
            return None if self.actor.user is None else self.actor.user.pk
        if user_id not in self.people:
            raise InvalidNewTask(field, f"The selected {{{field}}} is invalid.")
        return user_id

    def _assigned(self, new: NewTask) -> list[Any]:
        outsiders = [
            position
            for position, user_id in enumerate(new.assigned)
            if user_id not in self.member_ids
        ]
        if outsiders:
            raise NotATeamMember(outsiders)
        return sorted(set(new.assigned))

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
                people = [self.people[user_id]._asdict() for user_id in user_ids]
                changes["assigned"] = [[], people]
            if names:
                changes["tags"] = [[], names]
            values |= {"subject_id": row.pk, "subject_name": row.title, "changes": changes}
            entries.append(list(values.values()))
        _insert(HistoryEntry, columns, entries)

    def _learn(self, batch: Sequence[NewTask]) -> None:
        """Look up, in a few queries, what these tasks refer to and none before them did."""
        project_ids = _storable({new.project_id for new in batch} - self.project_ids)
        if project_ids:
            projects = Project.objects.visible_to(self.actor).filter(pk__in=project_ids)
            self.project_ids |= set(projects.values_list("pk", flat=True))
            defaults = Milestone.objects.visible_to(self.actor).filter(
                project_id__in=project_ids, is_default=True
            )
            self.default_milestones |= dict(defaults.values_list("project_id", "pk"))
        milestone_ids = _storable(
            {new.milestone_id for new in batch} - self.project_of_milestone.keys() - {None}
        )
        if milestone_ids:
            milestones = Milestone.objects.visible_to(self.actor).filter(pk__in=milestone_ids)
            self.project_of_milestone |= dict(milestones.values_list("pk", "project_id"))
        assigned = {user_id for new in batch for user_id in new.assigned}
        others = {user_id for new in batch for user_id in (new.created_by_id, new.completed_by_id)}
        self.people |= people_by_id(_storable((assigned | others) - self.people.keys() - {None}))
        candidates = _storable(assigned - self.member_ids)
        if candidates:
            members = members_visible_to(self.actor).filter(pk__in=candidates)
            self.member_ids |= set(members.values_list("pk", flat=True))

    def _learn_tags(self, tags: Iterable[Iterable[str]]) -> None:
        unknown = {name for names in tags for name in names} - self.tag_ids.keys()
        self.tag_ids |= {name: tag.pk for name, tag in tags_named(unknown).items()}

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


def _storable(ids: Iterable[Any]) -> list[Any]:
    return [pk for pk in ids if storable(pk)]


def _tag_names(new: NewTask) -> list[str]:
    names = sorted({name.strip() for name in new.tags})
    for name in names:
        if not 1 <= len(name) <= TAG_LENGTH:
            raise InvalidNewTask("tags", f"A tag has 1 to {TAG_LENGTH} characters.")
        check_storable("tags", name)
    return names
