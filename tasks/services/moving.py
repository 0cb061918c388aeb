"""Moving a task on the board: to another status, or between two others of its own.

Positions are gapped, so that a move writes one row. Where two neighbours have no number left
between them, as few as needed around the place are spread out; the rest of a column stays.
"""

from collections.abc import Sequence
from typing import NamedTuple

from django.db.models import Q

from tasks.actors import Actor
from tasks.database import alias, atomic, of_self
from tasks.models import Task, TaskStatus
from tasks.people import storable
from tasks.reads import seen
from tasks.saving import update
from tasks.services.history import record
from tasks.services.tasks import POSITION_GAP, end_of_column, enter_status, lock_task, save_changes

#: How much room each row gets at least where rows are spread out.
_ROOM = 4
#: How many rows a look around the place reads at first.
_NEAR = 32


class Moved(NamedTuple):
    """A task that was moved.

    ``is_at_place`` is false where those that it should stand at are not in the column any more,
    so that it went to the end.
    """

    task: Task
    is_at_place: bool


class _Row(NamedTuple):
    position: int
    pk: int


def move_task(
    *,
    actor: Actor,
    task_id: int,
    status: TaskStatus,
    before_id: int | None = None,
    after_id: int | None = None,
) -> Moved:
    """Put the task into the status' column: right before one task, or right after another.

    Where ``before_id`` is not in the column (any more), ``after_id`` says where; where neither is,
    or none is given, the task goes to the end. A new status is what an update would do: history,
    version, completion. A place alone is nothing that a client of the API can see: no version.
    Two who move at once leave one order, by position and id. Raises ``TaskNotFound``.
    """
    with atomic():
        column = _Column(actor, task_id, status)
        place = column.place(before_id, after_id)
        plan = {} if place is None else column.plan(*place)
        # All of them at once and in one order, so that no two moves wait for each other.
        rows = Task._base_manager.select_for_update(of=of_self()).filter(pk__in=[task_id, *plan])
        locked = list(rows.order_by("pk")) if storable(task_id) else []
        task = lock_task(actor=actor, task_id=task_id)
        own = plan.pop(task_id, None)
        new = column.end_for(task) if own is None else own.new
        # What somebody else has moved meanwhile stays where they put it.
        pushed = [
            row
            for row in locked
            if row.pk in plan and (row.status_id, row.position) == (status.pk, plan[row.pk].old)
        ]
        for row in pushed:
            row.position = plan[row.pk].new
        if pushed:
            Task._base_manager.bulk_update(pushed, ["position"], batch_size=500)
        if task.status_id == status.pk:
            moved = {"position": [task.position, new]}
            if task.position != new:
                task.position = new
                update(task, ["position"])
                record(actor=actor, verb="moved", subject=task, changes=moved)
        else:
            changes = enter_status(task, status, new, actor)
            save_changes(actor=actor, task=task, verb="updated", changes=changes)
    wanted = before_id is not None or after_id is not None
    return Moved(task=task, is_at_place=place is not None or not wanted)


class _Change(NamedTuple):
    old: int | None
    new: int


class _Column:
    """A status' tasks but for the one that is moved: all there are, whoever sees them."""

    def __init__(self, actor: Actor, task_id: int, status: TaskStatus) -> None:
        self._actor, self._task_id, self._status = actor, task_id, status
        known = [task_id] if storable(task_id) else []
        self._rows = (
            Task._base_manager.using(alias()).filter(status_id=status.pk).exclude(pk__in=known)
        )

    def place(self, before: int | None, after: int | None) -> tuple[_Row, bool] | None:
        """The task to stand at, and whether it is before it; None for the end."""
        ids = [pk for pk in (before, after) if pk is not None and storable(pk)]
        found = seen.tasks(self._actor).filter(pk__in=ids, status_id=self._status.pk)
        rows = {row.pk: row for row in found.exclude(pk=self._task_id)} if ids else {}
        for pk, is_before in ((before, True), (after, False)):
            if pk is not None and pk in rows:
                return _Row(rows[pk].position, pk), is_before
        return None

    def end_for(self, task: Task) -> int:
        """The position at the end: the task's own, where it is the last already."""
        beyond = Q(position__gt=task.position) | Q(position=task.position, pk__gt=task.pk)
        is_last = task.status_id == self._status.pk and not self._rows.filter(beyond).exists()
        return task.position if is_last else end_of_column(self._status)

    def plan(self, at: _Row, is_before: bool) -> dict[int, _Change]:
        """The positions to write, of the task and of those that have to make room for it."""
        count = _NEAR
        while True:
            lower = self._beside(at, count, is_after=False, with_it=not is_before)
            upper = self._beside(at, count, is_after=True, with_it=is_before)
            is_all_lower, is_all_upper = len(lower) < count, len(upper) < count
            found = self._fitting(lower, upper)
            if found is not None:
                return {self._task_id: _Change(None, found)}
            plans = [
                plan
                for plan in (
                    self._spread(lower, upper, 1, is_all=is_all_upper),
                    self._spread(upper, lower, -1, is_all=is_all_lower),
                )
                if plan is not None
            ]
            if plans:
                return min(plans, key=len)
            count *= 4

    def _beside(self, at: _Row, count: int, *, is_after: bool, with_it: bool) -> list[_Row]:
        # By the position first, which an index is entered by; those of the same one are few.
        side, order = ("gt", "") if is_after else ("lt", "-")
        same = self._rows.filter(position=at.position, **{f"pk__{side}": at.pk})
        ties = same.order_by(f"{order}pk").values_list("position", "pk")[:count]
        far = self._rows.filter(**{f"position__{side}": at.position})
        rest = far.order_by(f"{order}position", f"{order}pk").values_list("position", "pk")
        rows = [*([at] if with_it else []), *(_Row(*row) for row in ties)]
        if len(rows) < count:
            rows += [_Row(*row) for row in rest[: count - len(rows)]]
        return rows[:count]

    def _fitting(self, lower: Sequence[_Row], upper: Sequence[_Row]) -> int | None:
        """A position between the two nearest, if there is one."""
        if not lower:
            return upper[0].position - POSITION_GAP
        if not upper:
            return lower[0].position + POSITION_GAP
        low, high = lower[0], upper[0]
        for position in ((low.position + high.position) // 2, low.position, high.position):
            if low < _Row(position, self._task_id) < high:
                return position
        return None

    def _spread(
        self, fixed: Sequence[_Row], pushed: Sequence[_Row], sign: int, *, is_all: bool
    ) -> dict[int, _Change] | None:
        """Positions for the task and the first few of ``pushed``, away from what is ``fixed``."""
        start = fixed[0].position
        for number in range(1, len(pushed) + 1):
            if number == len(pushed):
                if not is_all:
                    return None
                step = POSITION_GAP
            else:
                step = abs(pushed[number].position - start) // (number + 2)
                if step < _ROOM:
                    continue
            changes = {
                row.pk: _Change(row.position, start + sign * step * place)
                for place, row in enumerate(pushed[:number], start=2)
            }
            return {self._task_id: _Change(None, start + sign * step), **changes}
        return None
