"""Who works on a task."""

from collections.abc import Iterable, Sequence, Set
from typing import Any

from tasks.actors import Actor
from tasks.database import atomic, deletes_rows
from tasks.exceptions import NotATeamMember
from tasks.models import Task
from tasks.people import UserId, members_visible_to, people_by_id, storable
from tasks.services.tasks import lock_task, save_changes


def set_assignees(*, actor: Actor, task_id: int, user_ids: Sequence[UserId]) -> Task:
    """Make exactly these users the task's assignees; idempotent, duplicates collapse.

    Raises ``TaskNotFound``, and ``NotATeamMember`` where one of them is neither a team member nor
    assigned already.
    """
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        changes = replace_people(actor, task.assignees, user_ids)
        save_changes(actor=actor, task=task, verb="assigned", changes=changes)
    return task


def replace_people(actor: Actor, rows: Any, user_ids: Sequence[UserId]) -> dict[str, list[Any]]:
    """Make exactly these users those that ``rows``, of something that is locked, name.

    Returns what history is told, nothing for no change. Raises ``NotATeamMember`` where one of
    them is neither a team member nor named already.
    """
    assigned = set(rows.values_list("user_id", flat=True))
    outsiders = positions_of_outsiders(user_ids, actor=actor, already_assigned=assigned)
    if outsiders:
        raise NotATeamMember(outsiders)
    wanted = set(user_ids)
    if wanted == assigned:
        return {}
    deletes_rows()
    rows.filter(user_id__in=assigned - wanted).delete()
    rows.bulk_create(
        rows.model(**{rows.field.name: rows.instance, "user_id": user_id})
        for user_id in in_order(wanted - assigned)
    )
    return {"assigned": names_of(assigned, wanted)}


def positions_of_outsiders(
    user_ids: Sequence[UserId], *, actor: Actor, already_assigned: Iterable[UserId]
) -> list[int]:
    """Which of these (counted from 0) ``actor`` may not assign.

    Who is assigned already may stay, also after leaving the team.
    """
    allowed = set(already_assigned)
    unknown = [user_id for user_id in user_ids if user_id not in allowed and storable(user_id)]
    if unknown:
        allowed |= set(
            members_visible_to(actor).filter(pk__in=unknown).values_list("pk", flat=True)
        )
    return [position for position, user_id in enumerate(user_ids) if user_id not in allowed]


def in_order(ids: Iterable[UserId]) -> list[Any]:
    """Ids of people, sorted."""
    # Of one type, whichever the site's user model has.
    some: list[Any] = list(ids)
    return sorted(some)


def names_of(before: Set[Any], after: Set[Any]) -> list[Any]:
    """Two sets of people as history keeps a change from the one to the other."""
    people = people_by_id(before | after)
    return [
        [people[user_id]._asdict() for user_id in in_order(ids) if user_id in people]
        for ids in (before, after)
    ]
