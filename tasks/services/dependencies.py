"""Which task waits for which."""

from collections.abc import Sequence

from django.db.models import F

from tasks.actors import Actor
from tasks.database import atomic, deletes_rows, of_self
from tasks.exceptions import DependencyCycle, TaskNotFound
from tasks.models import DependencyTurn, Task, TaskDependency
from tasks.people import storable
from tasks.reads.dependencies import named, path_between
from tasks.services.changes import readable
from tasks.services.history import record

#: How many tasks of a cycle a refusal names, half of them at either end.
NAMED = 10


def add_dependency(*, actor: Actor, task_id: int, blocker_id: int) -> TaskDependency:
    """Let a task wait for another, of whatever project; idempotent.

    The history of the task that waits tells of it; its version does not grow. Raises
    ``TaskNotFound`` where either can't be seen, ``DependencyCycle``, and ``TooManyDependencies``
    where more hang together than are searched.
    """
    with atomic():
        task, blocker = _lock_both(actor, task_id, blocker_id)
        found: TaskDependency | None = TaskDependency.objects.filter(
            blocked=task, blocker=blocker
        ).first()
        if found is not None:
            return found
        _take_turn()
        path = path_between(task.pk, blocker.pk)
        if path is not None:
            raise DependencyCycle(_shortened(actor, [blocker.pk, *path]))
        dependency = TaskDependency.objects.create(blocked=task, blocker=blocker)
        changes = {"blocked_by": [None, readable(blocker)]}
        record(actor=actor, verb="dependency_added", subject=task, changes=changes)
    return dependency


def remove_dependency(*, actor: Actor, task_id: int, blocker_id: int) -> None:
    """Let a task no longer wait for another; idempotent.

    Raises ``TaskNotFound`` where either can't be seen.
    """
    with atomic():
        task, blocker = _lock_both(actor, task_id, blocker_id)
        deletes_rows()
        removed, _ = TaskDependency.objects.filter(blocked=task, blocker=blocker).delete()
        if removed:
            changes = {"blocked_by": [readable(blocker), None]}
            record(actor=actor, verb="dependency_removed", subject=task, changes=changes)


def _lock_both(actor: Actor, *task_ids: int) -> list[Task]:
    """The tasks with these ids, locked in the order of the ids, whichever is which."""
    wanted = {pk for pk in task_ids if storable(pk)}
    rows = Task.objects.visible_to(actor).select_for_update(of=of_self()).filter(pk__in=wanted)
    found = {task.pk: task for task in rows.order_by("pk")}
    try:
        return [found[pk] for pk in task_ids]
    except KeyError as error:
        raise TaskNotFound from error


def _take_turn() -> None:
    """Wait until nobody else adds a dependency, and let nobody until the transaction ends.

    After the locks of tasks, so that whoever has the turn waits for no task. A write, and no mere
    lock: where a transaction sees the past it has to fail, and be tried again.
    """
    turn = DependencyTurn.objects.filter(pk=1)
    if not turn.update(number=F("number") + 1):
        # The very first; two of them at once make one row.
        DependencyTurn.objects.bulk_create([DependencyTurn(pk=1)], ignore_conflicts=True)
        turn.update(number=F("number") + 1)


def _shortened(actor: Actor, path: Sequence[int]) -> list[str]:
    if len(path) <= NAMED:
        return named(actor, path)
    half = NAMED // 2
    names = named(actor, [*path[:half], *path[-half:]])
    return [*names[:half], "…", *names[half:]]
