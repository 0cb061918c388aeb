"""The tasks that come up, in the order in which they do; made as they are asked for."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import gcd

from django.conf import settings

from tasks.clock import as_kept
from tasks.demo import documented, outcome
from tasks.demo.calendar import Calendar, month
from tasks.demo.catalogue import Piece
from tasks.demo.outcome import Workflow
from tasks.demo.plan import Undertaking
from tasks.demo.staff import ROLES, Staff
from tasks.people import UserId
from tasks.services.new_tasks import NewTask

_EXTRA_TAGS = ("client feedback", "quick win", "blocked", "priority", "follow-up")
_EXTRA_TAG, _OWN_TAGS = 0.15, 0.75
#: Work that nobody has sorted under a milestone.
_UNSORTED = 0.12
_VISIBLE, _BILLABLE = 0.35, 0.8
_GROWTH = 0.65
#: The shares of tasks for nobody, and for one person, added up; the rest is for two.
_FOR_NOBODY, _FOR_ONE = 0.1, 0.78
#: The shares of the first priorities, added up.
_PRIORITIES = (0.64, 0.9)


class Work:
    """All the tasks of a demo: iterate once. Equal arguments make equal tasks."""

    def __init__(
        self,
        *,
        number: int,
        calendar: Calendar,
        undertakings: Sequence[Undertaking],
        staff: Staff,
        workflow: Workflow,
        rng: random.Random,
    ) -> None:
        self.number = number
        self.calendar = calendar
        self.staff = staff
        self.workflow = workflow
        self.rng = rng
        self.came_up: Counter[int] = Counter()
        # Which projects bring up work, by the number of the workday.
        self.under_way = [
            [project for project in undertakings if project.begins <= day <= project.ends]
            for day in calendar.workdays
        ]

    def __iter__(self) -> Iterator[NewTask]:
        """The tasks by id: the documented one in its place, or last where there are fewer."""
        for place in range(1, self.number + 1):
            if place == min(documented.TASK_ID, self.number):
                yield self._documented()
            else:
                yield self._task(place)

    def _documented(self) -> NewTask:
        created = documented.created_at(self.calendar.end)
        task = documented.task(created_at=created, assigned=self.staff.documented)
        return _as_stored(task)

    def _task(self, place: int) -> NewTask:
        rng, days = self.rng, len(self.calendar.workdays)
        # Somewhere in its share of the time: who comes later is later. Business is growing.
        share = ((place - rng.random()) / self.number) ** _GROWTH
        moment = min(share * days, days - 0.001)
        created = self.calendar.at(moment)
        where = rng.choice(self.under_way[int(moment)])
        stage = self._stage(where, created.date())
        piece, title = self._piece(where, stage, created.date())
        start_date, due_date = outcome.dates(created.date(), rng)
        people = where.team[piece.role]
        is_for_client = not where.kind.is_internal
        new = NewTask(
            id=place,
            project_id=where.project.pk,
            milestone_id=where.milestones[0 if rng.random() < _UNSORTED else stage + 1].pk,
            title=title,
            description=piece.description,
            status_id=self.workflow.default,
            priority_id=self._priority(),
            start_date=start_date,
            due_date=due_date,
            is_client_visible=rng.random() < _VISIBLE and is_for_client,
            is_billable=rng.random() < _BILLABLE and is_for_client,
            assigned=self._assigned(where, people),
            tags=self._tags(piece),
            created_at=created,
            created_by_id=next(iter(where.team["management"]), None),
        )
        lived = outcome.lived(
            new,
            created=created,
            project_is_closed=where.is_closed,
            doer=next(iter(people), None),
            workflow=self.workflow,
            calendar=self.calendar,
            rng=rng,
        )
        return _as_stored(lived)

    def _stage(self, where: Undertaking, day: dt.date) -> int:
        stages = len(where.kind.stages)
        if where.kind.days is None:
            return self.rng.randrange(stages)
        progress = (day - where.begins).days / max(1, (where.ends - where.begins).days)
        # Stages overlap.
        progress += (self.rng.random() - 0.5) * 0.3
        return min(max(int(progress * stages), 0), stages - 1)

    def _piece(self, where: Undertaking, stage: int, day: dt.date) -> tuple[Piece, str]:
        """The next piece of work of a stage. Once all have come up, they do so again."""
        milestone_id, pieces = where.milestones[stage + 1].pk, where.kind.stages[stage].pieces
        again, step = divmod(self.came_up[milestone_id], len(pieces))
        self.came_up[milestone_id] += 1
        piece = pieces[(milestone_id + step * _stride(len(pieces))) % len(pieces)]
        title = piece.title.replace("{month}", month(day))
        return piece, f"{title}, round {again + 1}" if again and where.kind.days else title

    def _priority(self) -> int:
        chance = self.rng.random()
        priorities = self.workflow.priorities
        rank = sum(chance >= share for share in _PRIORITIES)
        return priorities[min(rank, len(priorities) - 1)]

    def _assigned(self, where: Undertaking, people: Sequence[UserId]) -> tuple[UserId, ...]:
        chance = self.rng.random()
        other = self.rng.choice(where.team[self.rng.choice(ROLES)] or [None])
        if chance < _FOR_NOBODY or other is None:
            return ()
        return (people[0],) if chance < _FOR_ONE else (people[0], other)

    def _tags(self, piece: Piece) -> tuple[str, ...]:
        own = piece.tags if self.rng.random() < _OWN_TAGS else ()
        extra = self.rng.choice(_EXTRA_TAGS)
        return (*own, extra) if self.rng.random() < _EXTRA_TAG else own


def _stride(length: int) -> int:
    """A step that visits all of so many places, far from the one before."""
    return next(
        step for step in range(round(length * 0.618) or 1, length + 2) if gcd(step, length) == 1
    )


def _as_stored(task: NewTask) -> NewTask:
    if settings.USE_TZ:
        return task
    return replace(
        task,
        created_at=task.created_at and as_kept(task.created_at),
        status_changed_at=task.status_changed_at and as_kept(task.status_changed_at),
    )
