"""Every change of a task itself, once, for API, admin, commands and hosts alike."""

import datetime as dt
from typing import Any, TypedDict, Unpack

from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.utils import timezone

from tasks import statements
from tasks.actors import Actor
from tasks.aggregates import AS_IT_IS, MaxAll
from tasks.database import alias, atomic, of_self
from tasks.exceptions import (
    DueBeforeStart,
    MilestoneNotInProject,
    NoDefaultMilestone,
    TaskNotFound,
)
from tasks.extensions import before_delete
from tasks.models import Milestone, Project, Task, TaskPriority, TaskStatus
from tasks.people import storable
from tasks.reads import seen
from tasks.saving import insert, update
from tasks.services.changes import apply, moment_after
from tasks.services.files import remove_files_of
from tasks.services.history import record
from tasks.services.removal import remove_row
from tasks.statements import Parameter, Question, Row
from tasks.texts import clean_title

_COLUMNS = tuple(field.attname for field in Task._meta.concrete_fields)
#: The distance between neighbours in a column, so that most moves need one row written.
POSITION_GAP = 1024


class OptionalTaskFields(TypedDict, total=False):
    """What may be left out; ``milestone_id`` None means the project's default."""

    milestone_id: int | None
    description: str | None
    start_date: dt.date | None
    due_date: dt.date | None
    is_client_visible: bool
    is_billable: bool


class TaskFields(OptionalTaskFields, total=False):
    """All that an update may change."""

    title: str
    status: TaskStatus
    priority: TaskPriority


def lock_task(*, actor: Actor, task_id: int) -> Task:
    """The task as it is now, locked until the transaction ends. Raises ``TaskNotFound``."""
    found = statements.seen(seen.tasks, actor, _locked, using=alias()).instances({"pk": task_id})
    if not found:
        raise TaskNotFound
    task: Task = found[0]
    return task


def _locked(tasks: QuerySet[Task]) -> QuerySet[Task]:
    # Without "of", a narrowing that joins would lock more than the task.
    locked = tasks.select_for_update(of=of_self())
    return locked.filter(pk=Parameter("pk", BigIntegerField())).order_by()


def _lock_task_and_end_of_column(
    actor: Actor, task_id: int, status: TaskStatus
) -> tuple[Task, int]:
    """``lock_task``, its status at hand, and ``end_of_column`` of another, in one question."""
    asked = statements.seen(seen.tasks, actor, _locked_with_status_and_last, using=alias())
    found = asked.rows({"pk": task_id, "status": status.pk}) if storable(task_id) else []
    if not found:
        raise TaskNotFound
    ((*columns, title, last),) = found
    task = Task.from_db(alias(), _COLUMNS, columns)
    task.status = TaskStatus.from_db(alias(), ("id", "title"), (task.status_id, title))
    return task, (last or 0) + POSITION_GAP


def _locked_with_status_and_last(tasks: QuerySet[Task]) -> QuerySet[Any, Any]:
    own = TaskStatus._default_manager.filter(pk=OuterRef("status_id")).order_by()
    last = Subquery(_last_position(), output_field=AS_IT_IS)
    both: QuerySet[Any, Any] = _locked(tasks).annotate(
        status_title=Subquery(own.values("title")), last=last
    )
    return both.values_list(*_COLUMNS, "status_title", "last")


def create_task(
    *,
    actor: Actor,
    project: Project,
    title: str,
    status: TaskStatus,
    priority: TaskPriority,
    **fields: Unpack[OptionalTaskFields],
) -> Task:
    """A new task at the end of its status' column.

    Raises ``MilestoneNotInProject``, ``NoDefaultMilestone``, ``DueBeforeStart`` and what
    ``clean_title`` does.
    """
    with atomic():
        milestone, position = milestone_and_end_of_column(
            actor=actor,
            project_id=project.pk,
            milestone_id=fields.pop("milestone_id", None),
            status=status,
        )
        task = Task(
            project=project,
            milestone=milestone,
            title=clean_title(title),
            priority=priority,
            created_by_id=actor.user_id,
            **fields,
        )
        check_dates(start_date=task.start_date, due_date=task.due_date)
        add_task(actor=actor, task=task, status=status, position=position)
        record(actor=actor, verb="created", subject=task)
    return task


def update_task(*, actor: Actor, task_id: int, **fields: Unpack[TaskFields]) -> Task:
    """Change the given fields and no others; what is set to the value it has is no change.

    Raises ``TaskNotFound``, ``MilestoneNotInProject``, ``NoDefaultMilestone``, ``DueBeforeStart``
    and what ``clean_title`` does.
    """
    with atomic():
        status = fields.pop("status", None)
        if status is None:
            task, end = lock_task(actor=actor, task_id=task_id), 0
        else:
            task, end = _lock_task_and_end_of_column(actor, task_id, status)
        values: dict[str, Any] = dict(fields)
        if "milestone_id" in values:
            values["milestone"] = milestone_of(
                actor=actor, project_id=task.project_id, milestone_id=values.pop("milestone_id")
            )
        if "title" in values:
            values["title"] = clean_title(values["title"])
        changes = apply(task, values)
        check_dates(start_date=task.start_date, due_date=task.due_date)
        if status is not None:
            changes |= enter_status(task, status, end, actor)
        save_changes(actor=actor, task=task, verb="updated", changes=changes)
    return task


def set_status(*, actor: Actor, task_id: int, status: TaskStatus) -> Task:
    """Move the task to a status; one that it already has changes nothing.

    Raises ``TaskNotFound``.
    """
    return update_task(actor=actor, task_id=task_id, status=status)


def archive_task(*, actor: Actor, task_id: int) -> Task:
    """Put the task away; idempotent. Raises ``TaskNotFound``."""
    return _set_archived(actor, task_id, is_archived=True)


def activate_task(*, actor: Actor, task_id: int) -> Task:
    """Bring the task back; idempotent. Raises ``TaskNotFound``."""
    return _set_archived(actor, task_id, is_archived=False)


def delete_task(*, actor: Actor, task_id: int) -> None:
    """Delete the task with all that belongs to it, but its history; files go after the commit.

    Raises ``TaskNotFound``, and whatever an extension refuses with.
    """
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        tasks = Task.objects.filter(pk=task.pk)
        before_delete(tasks)
        remove_files_of(tasks)
        record(actor=actor, verb="deleted", subject=task)
        remove_row(task)


def milestone_of(*, actor: Actor, project_id: int, milestone_id: int | None) -> Milestone:
    """The project's milestone with this id, or its default one for None.

    Raises ``MilestoneNotInProject`` or ``NoDefaultMilestone``.
    """
    wanted = _wanted_milestone(actor, milestone_id)
    found = wanted.instances({"project": project_id, "pk": milestone_id})
    if not found:
        raise _no_milestone(milestone_id)
    milestone: Milestone = found[0]
    return milestone


def milestone_and_end_of_column(
    *, actor: Actor, project_id: int, milestone_id: int | None, status: TaskStatus
) -> tuple[Milestone, int]:
    """``milestone_of`` and ``end_of_column``, in one question."""
    if milestone_id is not None and not storable(milestone_id):
        raise MilestoneNotInProject
    wanted = _wanted_milestone(actor, milestone_id)
    found, last = statements.together(
        [
            Question(wanted, {"project": project_id, "pk": milestone_id}),
            Question(statements.kept(Task, _last_position), {"status": status.pk}),
        ]
    )
    if found is None:
        raise _no_milestone(milestone_id)
    return wanted.instance(found), _end_after(last)


def _wanted_milestone(actor: Actor, milestone_id: int | None) -> statements.Statement:
    build = _default_milestone if milestone_id is None else _milestone
    return statements.seen(seen.milestones, actor, build)


def _no_milestone(milestone_id: int | None) -> Exception:
    return NoDefaultMilestone() if milestone_id is None else MilestoneNotInProject()


def _default_milestone(milestones: QuerySet[Milestone]) -> QuerySet[Milestone]:
    project = Parameter("project", BigIntegerField())
    return milestones.filter(project_id=project, is_default=True).order_by()


def _milestone(milestones: QuerySet[Milestone]) -> QuerySet[Milestone]:
    project, pk = Parameter("project", BigIntegerField()), Parameter("pk", BigIntegerField())
    return milestones.filter(project_id=project, pk=pk).order_by()


def check_dates(*, start_date: dt.date | None, due_date: dt.date | None) -> None:
    """Raises ``DueBeforeStart`` where both are there and in the wrong order."""
    if start_date is not None and due_date is not None and due_date < start_date:
        raise DueBeforeStart


def add_task(*, actor: Actor, task: Task, status: TaskStatus, position: int) -> None:
    """Insert an unsaved task at a position in the status' column, with a new task's stamps."""
    enter_status(task, status, position, actor)
    task.created_at = task.updated_at = task.status_changed_at or timezone.now()
    insert(task)


def end_of_column(status: TaskStatus) -> int:
    """A position after every task of the status.

    Two simultaneous inserts may get the same one: ties are ordered by id, so neither is lost and
    nobody waits for a lock on a whole column.
    """
    (last,) = statements.kept(Task, _last_position).rows({"status": status.pk})
    return _end_after(last)


def _end_after(last: Row | None) -> int:
    """The position after the one that ``_last_position`` found, which is null in no column."""
    return ((last[0] if last else 0) or 0) + POSITION_GAP


def _last_position() -> QuerySet[Any, Any]:
    column = Task._default_manager.filter(status_id=Parameter("status", BigIntegerField()))
    last: QuerySet[Any, Any] = column.order_by().annotate(last=MaxAll("position"))
    return last.values_list("last")


def save_changes(*, actor: Actor, task: Task, verb: str, changes: dict[str, list[Any]]) -> None:
    """Write a locked task's changed fields, its version and its history; nothing for no changes."""
    if not changes:
        return
    task.version += 1
    task.updated_at = moment_after(task.updated_at)
    stored = {field.name for field in task._meta.concrete_fields}
    written = stored & changes.keys()
    if "status" in written:
        written |= {
            "position",
            "previous_status",
            "status_changed_at",
            "completed_at",
            "completed_by",
        }
    update(task, {*written, "version", "updated_at"})
    record(actor=actor, verb=verb, subject=task, changes=changes)


def enter_status(
    task: Task, status: TaskStatus, position: int, actor: Actor
) -> dict[str, list[Any]]:
    """The one status rule: stamps, the status it came from, who completed it, its new position."""
    previous_id = task.status_id
    if previous_id == status.pk:
        return {}
    changes: dict[str, list[Any]] = {}
    if previous_id is None:
        task.status = status
    else:
        changes = apply(task, {"status": status})
        task.previous_status_id = previous_id
    now = timezone.now()
    task.position = position
    task.status_changed_at = now
    task.completed_at = now if status.is_completed else None
    task.completed_by_id = actor.user_id if status.is_completed else None
    return changes


def _set_archived(actor: Actor, task_id: int, *, is_archived: bool) -> Task:
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        verb = "archived" if is_archived else "activated"
        changes = apply(task, {"is_archived": is_archived})
        save_changes(actor=actor, task=task, verb=verb, changes=changes)
    return task
