"""Which tasks wait for which."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import QuerySet

from tasks.actors import Actor
from tasks.exceptions import TooManyDependencies
from tasks.models import Task, TaskDependency
from tasks.reads import seen

#: How many tasks are listed on either side of one.
LISTED = 100
#: How many open blockers are named.
NAMED = 10
#: How far a search goes: that many questions, and that many dependencies in all.
STEPS, SEARCHED = 100, 10_000
OUT_OF_SIGHT = "a task that you can't see"


class OpenBlockers(NamedTuple):
    """The first blockers of a task that are not completed, and whether there are more."""

    tasks: Sequence[Task]
    has_more: bool


def open_blockers(actor: Actor, task_id: int) -> OpenBlockers:
    """What a task still waits for, of what ``actor`` sees, in one query; none of a task unseen."""
    blocked = TaskDependency.objects.visible_to(actor).filter(blocked_id=task_id)
    found: QuerySet[Any] = seen.tasks(actor).filter(
        pk__in=blocked.values("blocker"), status__is_completed=None
    )
    tasks = list(found.order_by("pk")[: NAMED + 1])
    return OpenBlockers(tasks[:NAMED], len(tasks) > NAMED)


def still_waiting(actor: Actor, task_ids: Collection[int]) -> set[int]:
    """Which of these tasks would wait for an open one, of what ``actor`` sees, if all were done."""
    open_ones = seen.tasks(actor).filter(status__is_completed=None).exclude(pk__in=task_ids)
    rows = TaskDependency.objects.visible_to(actor).filter(
        blocked__in=task_ids, blocker__in=open_ones.order_by().values("pk")
    )
    return set(rows.values_list("blocked_id", flat=True))


class Link(NamedTuple):
    """A dependency of a task, and the task at its other end where that is in sight."""

    id: int
    task: Task | None


class Links(NamedTuple):
    """The first dependencies of a task on one side, those in sight first, and if there are more."""

    links: Sequence[Link]
    has_more: bool


def links_of(actor: Actor, task_id: int) -> tuple[Links, Links]:
    """What a task waits for and what waits for it, in three queries; the task is one in sight."""
    rows = [
        list(
            TaskDependency.objects.filter(**{near: task_id})
            .order_by("pk")
            .values_list("pk", far)[: LISTED + 1]
        )
        for near, far in (("blocked_id", "blocker_id"), ("blocker_id", "blocked_id"))
    ]
    wanted = {far for side in rows for _, far in side}
    found = seen.tasks(actor).filter(pk__in=wanted).select_related("status").in_bulk()
    blockers, blocked = (
        Links(
            sorted(
                (Link(pk, found.get(far)) for pk, far in side[:LISTED]),
                key=lambda link: link.task is None,
            ),
            len(side) > LISTED,
        )
        for side in rows
    )
    return blockers, blocked


def path_between(first: int, last: int) -> list[int] | None:
    """The ids of tasks of which each blocks the next, from ``first`` to ``last``; None for none.

    Searched from both ends at once, level by level, one query each, where there is less to follow;
    one end that leads no further settles it. Raises ``TooManyDependencies`` where neither has
    after ``STEPS`` levels or ``SEARCHED`` dependencies.
    """
    if first == last:
        return [first]
    ahead, back = (
        _Search(first, "blocker_id", "blocked_id"),
        _Search(last, "blocked_id", "blocker_id"),
    )
    searched = 0
    for _ in range(STEPS):
        this, other = sorted((ahead, back), key=_Search.size)
        searched += this.step(SEARCHED - searched)
        met = next((pk for pk in this.ends if pk in other.came_from), None)
        if met is not None:
            return [*reversed(ahead.way_to(met)), *back.way_to(met)[1:]]
        if not this.ends:
            return None
    raise TooManyDependencies


class _Search:
    """All that can be reached from one task in one direction, as far as it was followed."""

    def __init__(self, start: int, near: str, far: str) -> None:
        self.near, self.far = near, far
        self.came_from: dict[int, int | None] = {start: None}
        self.ends = [start]

    def size(self) -> tuple[int, int]:
        """How much is to be followed next, and how much was found."""
        return len(self.ends), len(self.came_from)

    def step(self, most: int) -> int:
        """Follow the dependencies of the ends; returns how many there were."""
        rows = TaskDependency.objects.filter(**{f"{self.near}__in": self.ends})
        pairs = list(
            rows.order_by(self.near, self.far).values_list(self.near, self.far)[: most + 1]
        )
        if len(pairs) > most:
            raise TooManyDependencies
        new = {far: near for near, far in reversed(pairs) if far not in self.came_from}
        self.came_from |= new
        self.ends = list(new)
        return len(pairs)

    def way_to(self, pk: int) -> list[int]:
        """The tasks from this one back to the start."""
        way = [pk]
        while (before := self.came_from[way[-1]]) is not None:
            way.append(before)
        return way


def named(actor: Actor, task_ids: Sequence[int]) -> list[str]:
    """Each task by number and title, where ``actor`` sees it, in one query."""
    titles: Mapping[int, str] = dict(_titles(actor, task_ids))
    return [f"#{pk} {titles[pk]}" if pk in titles else OUT_OF_SIGHT for pk in task_ids]


def _titles(actor: Actor, task_ids: Iterable[int]) -> Iterable[tuple[int, str]]:
    rows: Iterable[tuple[int, str]] = (
        seen.tasks(actor).filter(pk__in=set(task_ids)).order_by().values_list("pk", "title")
    )
    return rows
