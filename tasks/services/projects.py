"""Every change of a project and of its milestones."""

import datetime as dt
from typing import Any, TypedDict, Unpack

from django.db.models import Max

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    DefaultMilestoneKept,
    MilestoneNotFound,
    MilestoneTitleTaken,
    ProjectNotFound,
)
from tasks.extensions import before_delete
from tasks.models import Client, Milestone, Project, Task, TaskTally
from tasks.services.changes import apply, moment_after
from tasks.services.files import remove_files_of
from tasks.services.history import record
from tasks.services.tasks import POSITION_GAP, check_dates, save_changes

DEFAULT_MILESTONE_TITLE = "Uncategorised"


class OptionalProjectFields(TypedDict, total=False):
    """What may be left out of a new project."""

    client: Client | None
    description: str | None
    status: str
    is_archived: bool
    start_date: dt.date | None
    due_date: dt.date | None


class ProjectFields(OptionalProjectFields, total=False):
    """What an update of a project may change."""

    title: str


class MilestoneFields(TypedDict, total=False):
    """What an update of a milestone may change."""

    title: str
    color: str


def create_project(*, actor: Actor, title: str, **fields: Unpack[OptionalProjectFields]) -> Project:
    """A new project, with its default milestone. Raises ``DueBeforeStart``."""
    with atomic():
        project = Project(title=title, created_by_id=actor.user_id, **fields)
        check_dates(start_date=project.start_date, due_date=project.due_date)
        project.save(force_insert=True)
        Milestone.objects.create(
            project=project,
            title=DEFAULT_MILESTONE_TITLE,
            position=POSITION_GAP,
            is_default=True,
            created_by_id=actor.user_id,
        )
        record(actor=actor, verb="created", subject=project)
    return project


def update_project(*, actor: Actor, project_id: int, **fields: Unpack[ProjectFields]) -> Project:
    """Change the given fields and no others. Raises ``ProjectNotFound`` and ``DueBeforeStart``."""
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        changes = apply(project, fields)
        check_dates(start_date=project.start_date, due_date=project.due_date)
        if changes:
            project.updated_at = moment_after(project.updated_at)
            project.save(update_fields=[*changes, "updated_at"])
            record(actor=actor, verb="updated", subject=project, changes=changes)
    return project


def delete_project(*, actor: Actor, project_id: int) -> None:
    """Delete a project with its milestones and tasks; files go after the commit.

    Raises ``ProjectNotFound``, and whatever an extension refuses with.
    """
    with atomic():
        project = lock_project(actor=actor, project_id=project_id)
        tasks = Task.objects.filter(project=project)
        # Whatever is written to a task waits for its lock, so none changes once it has been asked.
        list(tasks.select_for_update().order_by("pk").values_list("pk"))
        before_delete(tasks)
        remove_files_of(tasks)
        record(actor=actor, verb="deleted", subject=project)
        TaskTally.objects.filter(project_id=project.pk).delete()
        project.delete()


def create_milestone(
    *, actor: Actor, project: Project, title: str, color: str = Milestone.Color.DEFAULT
) -> Milestone:
    """A new milestone at the end of the project's. Raises ``MilestoneTitleTaken``."""
    with atomic():
        lock_project(actor=actor, project_id=project.pk)
        _check_title(project.pk, title)
        last = project.milestones.aggregate(last=Max("position"))["last"] or 0
        milestone = Milestone.objects.create(
            project=project,
            title=title,
            color=color,
            position=last + POSITION_GAP,
            created_by_id=actor.user_id,
        )
        record(actor=actor, verb="created", subject=milestone)
    return milestone


def update_milestone(
    *, actor: Actor, milestone_id: int, **fields: Unpack[MilestoneFields]
) -> Milestone:
    """Change the given fields and no others.

    Raises ``MilestoneNotFound`` and ``MilestoneTitleTaken``.
    """
    with atomic():
        milestone = _lock_milestone(actor, milestone_id)
        changes = apply(milestone, fields)
        if "title" in changes:
            _check_title(milestone.project_id, milestone.title, but=milestone.pk)
        if changes:
            milestone.updated_at = moment_after(milestone.updated_at)
            milestone.save(update_fields=[*changes, "updated_at"])
            record(actor=actor, verb="updated", subject=milestone, changes=changes)
    return milestone


def delete_milestone(*, actor: Actor, milestone_id: int) -> None:
    """Delete a milestone; its tasks move to the project's default one.

    Raises ``MilestoneNotFound`` and ``DefaultMilestoneKept``.
    """
    with atomic():
        milestone = _lock_milestone(actor, milestone_id)
        if milestone.is_default:
            raise DefaultMilestoneKept
        default = Milestone.objects.get(project_id=milestone.project_id, is_default=True)
        for task in Task.objects.select_for_update().filter(milestone=milestone).order_by("pk"):
            changes = apply(task, {"milestone": default})
            save_changes(actor=actor, task=task, verb="updated", changes=changes)
        record(actor=actor, verb="deleted", subject=milestone)
        milestone.delete()


def lock_project(*, actor: Actor, project_id: int) -> Project:
    """The project as it is now, locked until the transaction ends. Raises ``ProjectNotFound``."""
    project: Project | None = (
        Project.objects.visible_to(actor).select_for_update().filter(pk=project_id).first()
    )
    if project is None:
        raise ProjectNotFound
    return project


def _lock_milestone(actor: Actor, milestone_id: int) -> Milestone:
    # Its project first, as whoever adds or renames a milestone does.
    project_id: Any = (
        Milestone.objects.visible_to(actor)
        .filter(pk=milestone_id)
        .values_list("project_id", flat=True)
        .first()
    )
    if project_id is None:
        raise MilestoneNotFound
    lock_project(actor=actor, project_id=project_id)
    milestone: Milestone | None = (
        Milestone.objects.select_for_update().filter(pk=milestone_id).first()
    )
    if milestone is None:
        raise MilestoneNotFound
    return milestone


def _check_title(project_id: int, title: str, but: int | None = None) -> None:
    others = Milestone.objects.filter(project_id=project_id, title=title).exclude(pk=but)
    if others.exists():
        raise MilestoneTitleTaken
