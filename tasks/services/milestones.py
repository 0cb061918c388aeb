"""Every change of a project's milestones."""

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict, Unpack

from django.db.models import Max
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import (
    DefaultMilestoneKept,
    MilestoneNotFound,
    MilestoneNotInProject,
    MilestoneTitleTaken,
    MilestoneUnknown,
    NoDefaultMilestone,
    ProjectNotFound,
    ProjectUnknown,
)
from tasks.folding import normal
from tasks.models import Milestone, Project, Task, TaskTally
from tasks.people import BIGGEST_ID
from tasks.services.changes import apply, moment_after
from tasks.services.history import record
from tasks.services.projects import lock_project
from tasks.services.removal import remove_row, remove_tasks
from tasks.services.sorting import moved, put_in_order
from tasks.services.task_moves import move_to_milestone
from tasks.services.tasks import POSITION_GAP
from tasks.texts import check_shown


class MilestoneFields(TypedDict, total=False):
    """What an update of a milestone may change."""

    title: str
    color: str


def create_milestone(
    *, actor: Actor, project: Project, title: str, color: str = Milestone.Color.DEFAULT
) -> Milestone:
    """A new milestone at the end of the project's.

    Raises ``ProjectUnknown``, ``MilestoneTitleTaken`` and ``TextMissing``.
    """
    check_shown("title", title)
    with atomic():
        try:
            lock_project(actor=actor, project_id=project.pk)
        except ProjectNotFound as error:
            raise ProjectUnknown from error
        check_milestone_title(project.pk, title)
        last = project.milestones.aggregate(last=Max("position"))["last"] or 0
        now = timezone.now()
        milestone = Milestone.objects.create(
            project=project,
            title=title,
            color=color,
            position=last + POSITION_GAP,
            created_by_id=actor.user_id,
            created_at=now,
            updated_at=now,
        )
        record(actor=actor, verb="created", subject=milestone)
    return milestone


def update_milestone(
    *, actor: Actor, milestone_id: int, **fields: Unpack[MilestoneFields]
) -> Milestone:
    """Change the given fields and no others.

    Raises ``MilestoneNotFound``, ``MilestoneTitleTaken`` and ``TextMissing``.
    """
    if "title" in fields:
        check_shown("title", fields["title"])
    with atomic():
        milestone = _lock_milestone(actor, milestone_id)
        changes = apply(milestone, fields)
        if "title" in changes:
            check_milestone_title(milestone.project_id, milestone.title, but=milestone.pk)
        if changes:
            milestone.updated_at = moment_after(milestone.updated_at)
            milestone.save(update_fields=[*changes, "updated_at"])
            record(actor=actor, verb="updated", subject=milestone, changes=changes)
    return milestone


def delete_milestone(
    *, actor: Actor, milestone_id: int, delete_tasks: bool = False, move_to: int | None = None
) -> None:
    """Delete a milestone; its tasks move to the project's default one, or go too.

    ``move_to`` names another one of the project for them. Raises ``MilestoneNotFound``,
    ``DefaultMilestoneKept``, ``NoDefaultMilestone`` and ``MilestoneNotInProject`` where there is
    none to move to, and whatever an extension refuses the deletion of its tasks with.
    """
    with atomic():
        milestone = _lock_milestone(actor, milestone_id)
        if milestone.is_default:
            raise DefaultMilestoneKept
        if delete_tasks:
            remove_tasks(actor=actor, tasks=Task._base_manager.filter(milestone=milestone))
        else:
            target = _target(milestone, move_to)
            move_to_milestone(actor=actor, source=milestone, target=target)
        # What is left of its sums adds up to nothing.
        TaskTally.objects.filter(milestone_id=milestone.pk).delete()
        record(actor=actor, verb="deleted", subject=milestone)
        remove_row(milestone)


def sort_milestones(*, actor: Actor, milestone_ids: Sequence[int]) -> None:
    """Put these, all of one project, first and in this order; its others follow as they were.

    Raises ``MilestoneUnknown`` for ids that are unknown, repeated, or of another project than the
    first.
    """
    with atomic():
        project_id = project_of_all(actor=actor, milestone_ids=milestone_ids)
        try:
            project = lock_project(actor=actor, project_id=project_id)
        except ProjectNotFound as error:
            raise MilestoneUnknown(range(len(milestone_ids))) from error
        # Read again under the lock: one may have gone meanwhile.
        project_of_all(actor=actor, milestone_ids=milestone_ids)
        rows = {row.pk: row for row in project.milestones.order_by("position", "pk")}
        first = set(milestone_ids)
        _sort(actor, project, rows, [*milestone_ids, *(pk for pk in rows if pk not in first)])


def move_milestone(*, actor: Actor, milestone_id: int, before: int | None = None) -> None:
    """Put a milestone right before the one with the id ``before``, or after all of its project.

    Whoever else sorts them at the same time waits; idempotent. Raises ``MilestoneNotFound``, and
    ``MilestoneNotInProject`` where ``before`` is none of its project.
    """
    with atomic():
        project = _lock_milestone(actor, milestone_id).project
        rows = {row.pk: row for row in project.milestones.order_by("position", "pk")}
        if before is not None and before not in rows:
            raise MilestoneNotInProject
        _sort(actor, project, rows, moved(rows, milestone_id, before))


def project_of_all(*, actor: Actor, milestone_ids: Sequence[int]) -> int:
    """The one project of these. Raises ``MilestoneUnknown`` as ``sort_milestones`` does."""
    projects: dict[int, int] = dict(
        Milestone.objects.visible_to(actor)
        .filter(pk__in=[pk for pk in milestone_ids if 0 < pk <= BIGGEST_ID])
        .values_list("pk", "project_id")
    )
    first = next((projects[pk] for pk in milestone_ids if pk in projects), None)
    seen: set[int] = set()
    strangers = []
    for place, pk in enumerate(milestone_ids):
        if pk in seen or pk not in projects or projects[pk] != first:
            strangers.append(place)
        seen.add(pk)
    if first is None or strangers:
        raise MilestoneUnknown(strangers)
    return first


def _sort(
    actor: Actor, project: Project, rows: Mapping[int, Milestone], ordered: list[int]
) -> None:
    """Put all milestones of a locked project in this order; ``rows`` are in that they have."""
    before = list(rows)
    put_in_order([rows[pk] for pk in ordered])
    if ordered != before:
        changes = {"milestones": [before, ordered]}
        record(actor=actor, verb="milestones_sorted", subject=project, changes=changes)


def _target(milestone: Milestone, move_to: int | None) -> Milestone:
    # Whoever may see it: its project's milestones are one another's neighbours.
    others = Milestone.objects.filter(project_id=milestone.project_id).exclude(pk=milestone.pk)
    if move_to is None:
        target = others.filter(is_default=True).first()
    else:
        target = others.select_for_update().filter(pk=move_to).first()
    if target is None:
        raise NoDefaultMilestone if move_to is None else MilestoneNotInProject
    found: Milestone = target
    return found


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
    try:
        lock_project(actor=actor, project_id=project_id)
    except ProjectNotFound as error:
        raise MilestoneNotFound from error
    milestone: Milestone | None = (
        Milestone.objects.select_for_update().filter(pk=milestone_id).first()
    )
    if milestone is None:
        raise MilestoneNotFound
    return milestone


def check_milestone_title(project_id: int, title: str, but: int | None = None) -> None:
    """Raises ``MilestoneTitleTaken`` where another one of the project has this title.

    Titles are told apart by case, but not by composed and decomposed forms. ``but`` is the id of
    the milestone that is to have it.
    """
    others = Milestone.objects.filter(project_id=project_id, normal_title=normal(title)).exclude(
        pk=but
    )
    if others.exists():
        raise MilestoneTitleTaken
