"""Every change of a project itself."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack, cast

from tasks.actors import Actor
from tasks.database import atomic, connection
from tasks.exceptions import ManagerNotInTeam, ProjectNotFound
from tasks.models import Client, Milestone, Project, ProjectTag, Task, TaskTally
from tasks.people import UserId
from tasks.progress import shown_progress
from tasks.services.assignees import names_of, positions_of_outsiders, replace_people
from tasks.services.changes import apply, moment_after
from tasks.services.history import record
from tasks.services.project_archiving import activate_tasks_of, archive_tasks_of
from tasks.services.removal import remove_row, remove_tasks
from tasks.services.tagging import replace_tags
from tasks.services.tasks import POSITION_GAP, check_dates
from tasks.texts import check_shown

DEFAULT_MILESTONE_TITLE = "Uncategorised"


class OptionalProjectFields(TypedDict, total=False):
    """What may be left out of a new project."""

    client: Client | None
    description: str | None
    status: str
    is_archived: bool
    manual_progress: int | None
    progress_by_hand: bool
    start_date: dt.date | None
    due_date: dt.date | None
    created_by_id: UserId | None


class ProjectFields(OptionalProjectFields, total=False):
    """What an update of a project may change."""

    title: str


def create_project(*, actor: Actor, title: str, **fields: Unpack[OptionalProjectFields]) -> Project:
    """A new project, with its default milestone.

    With ``progress_by_hand`` its progress stays at 0 until it is set. Raises ``DueBeforeStart``
    and ``TextMissing``.
    """
    check_shown("title", title)
    values = {"created_by_id": actor.user_id, **fields}
    if values.pop("progress_by_hand", False):
        values.setdefault("manual_progress", 0)
    with atomic():
        project = Project(title=title, **values)
        check_dates(start_date=project.start_date, due_date=project.due_date)
        project.updated_at = project.created_at
        project.save(force_insert=True)
        Milestone.objects.create(
            project=project,
            title=DEFAULT_MILESTONE_TITLE,
            position=POSITION_GAP,
            is_default=True,
            created_by_id=actor.user_id,
            created_at=project.created_at,
            updated_at=project.created_at,
        )
        record(actor=actor, verb="created", subject=project)
    return project


def update_project(*, actor: Actor, project_id: int, **fields: Unpack[ProjectFields]) -> Project:
    """Change the given fields and no others.

    Turning ``progress_by_hand`` on keeps the progress as it is now; off, it is computed again.
    Raises ``ProjectNotFound``, ``DueBeforeStart`` and ``TextMissing``.
    """
    values: dict[str, Any] = dict(fields)
    if "title" in values:
        check_shown("title", values["title"])
    by_hand = values.pop("progress_by_hand", None)
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        if by_hand is not None and by_hand != (project.manual_progress is not None):
            progress = shown_progress(actor=actor, project_id=project_id) if by_hand else None
            values.setdefault("manual_progress", progress)
        return _change(actor, project_id, "updated", values)


def archive_project(*, actor: Actor, project_id: int, with_tasks: bool = False) -> Project:
    """Put the project away; its tasks stay as they are, or are archived too.

    Idempotent. Raises ``ProjectNotFound``.
    """
    with atomic():
        project = _change(actor, project_id, "archived", {"is_archived": True})
        if with_tasks:
            archive_tasks_of(actor=actor, project=project)
    return project


def restore_project(*, actor: Actor, project_id: int, with_tasks: bool = False) -> Project:
    """Bring the project back, and those of its tasks that were archived with it if wanted.

    What was archived by itself stays so. Idempotent. Raises ``ProjectNotFound``.
    """
    with atomic():
        project = _change(actor, project_id, "restored", {"is_archived": False})
        if with_tasks:
            activate_tasks_of(actor=actor, project=project)
    return project


def set_manager(*, actor: Actor, project_id: int, user_id: UserId | None) -> Project:
    """Make this team member the project's manager; None leaves it without one.

    Raises ``ProjectNotFound``, and ``ManagerNotInTeam`` for somebody who is neither a team member
    nor the manager already.
    """
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        known = [] if project.manager_id is None else [project.manager_id]
        if user_id is not None and positions_of_outsiders(
            [user_id], actor=actor, already_assigned=known
        ):
            raise ManagerNotInTeam
        if user_id != project.manager_id:
            before, after = names_of({project.manager_id} - {None}, {user_id} - {None})
            project.manager_id = cast("Any", user_id)
            changes = {"manager": [next(iter(people), None) for people in (before, after)]}
            _save(actor, project, "updated", changes)
    return project


def set_members(*, actor: Actor, project_id: int, user_ids: Sequence[UserId]) -> Project:
    """Make exactly these users the project's team; idempotent, duplicates collapse.

    Raises ``ProjectNotFound``, and ``NotATeamMember`` where one of them is neither a team member
    nor assigned already.
    """
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        changes = replace_people(actor, project.members, user_ids)
        if changes:
            _save(actor, project, "assigned", changes)
    return project


def set_project_tags(*, actor: Actor, project_id: int, names: Iterable[str]) -> Project:
    """Make exactly these the project's tags; idempotent, duplicates collapse, new ones are made.

    Raises ``ProjectNotFound``.
    """
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        changes = replace_tags(ProjectTag, project, names)
        if changes:
            _save(actor, project, "tagged", changes)
    return project


def delete_project(*, actor: Actor, project_id: int) -> None:
    """Delete a project with its milestones and tasks; files go after the commit.

    Raises ``ProjectNotFound``, and whatever an extension refuses with.
    """
    with atomic():
        project = lock_project(actor=actor, project_id=project_id, for_deletion=True)
        remove_tasks(actor=actor, tasks=Task._base_manager.filter(project=project))
        # What is left of its sums adds up to nothing.
        TaskTally.objects.filter(project_id=project.pk).delete()
        record(actor=actor, verb="deleted", subject=project)
        remove_row(project)


def lock_project(*, actor: Actor, project_id: int, for_deletion: bool = False) -> Project:
    """The project as it is now, locked until the transaction ends. Raises ``ProjectNotFound``.

    Tasks can be added to it meanwhile, where the database can tell that lock from one
    ``for_deletion``.
    """
    no_key = connection().features.has_select_for_no_key_update and not for_deletion
    visible = Project.objects.visible_to(actor).select_for_update(no_key=no_key)
    project: Project | None = visible.filter(pk=project_id).first()
    if project is None:
        raise ProjectNotFound
    return project


def _change(actor: Actor, project_id: int, verb: str, fields: Mapping[str, Any]) -> Project:
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        changes = apply(project, fields)
        check_dates(start_date=project.start_date, due_date=project.due_date)
        if changes:
            _save(actor, project, verb, changes)
    return project


def _save(actor: Actor, project: Project, verb: str, changes: dict[str, list[Any]]) -> None:
    """Write a locked project's changed fields, when it changed, and its history."""
    project.updated_at = moment_after(project.updated_at)
    stored = {field.name for field in project._meta.concrete_fields}
    project.save(update_fields=[*(stored & changes.keys()), "updated_at"])
    record(actor=actor, verb=verb, subject=project, changes=changes)
