"""Writing the demo into a database that holds no tasks yet."""

import datetime as dt
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models

from tasks.actors import Actor, Door
from tasks.clock import as_kept
from tasks.database import atomic
from tasks.demo import documented, plan, staff
from tasks.demo.calendar import Calendar
from tasks.demo.outcome import Workflow
from tasks.demo.parts import add_parts
from tasks.demo.work import Work
from tasks.exceptions import Refused
from tasks.models import (
    Client,
    HistoryEntry,
    Milestone,
    Project,
    ProjectMember,
    ProjectTag,
    Task,
    TaskPriority,
    TaskStatus,
)
from tasks.services.administrators import administrator, make_administrator
from tasks.services.bulk import add_tasks, advance_sequences
from tasks.services.history import entry, record
from tasks.services.tagging import tags_named

#: What history calls it: a site has the demo once, whatever became of it since.
LOADED = "demo_loaded"
DEFAULT_TASKS, DEFAULT_SEED = 600, 1

R = TypeVar("R", bound=models.Model)


class DemoRefused(Refused):
    """The database is not as the demo needs it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What was written; ``administrator`` with the password where there had been none."""

    tasks: int
    projects: int
    clients: int
    people: int
    administrator: tuple[AbstractBaseUser, str] | None


def was_loaded() -> bool:
    """Whether the database has had the demo, even if all of it was deleted since."""
    return HistoryEntry.objects.filter(verb=LOADED).exists()


def load(
    *,
    tasks: int = DEFAULT_TASKS,
    seed: int = DEFAULT_SEED,
    today: dt.date,
    progress: Callable[[int], object] | None = None,
) -> Loaded:
    """Write the demo, all or nothing, ending the day before ``today``.

    Equal arguments make equal rows; another ``today`` moves the days. Raises ``DemoRefused``.
    """
    with atomic():
        _check()
        made = make_administrator() if administrator() is None else None
        actor = Actor(user=administrator(), door=Door.COMMAND)
        size = plan.Size.of(tasks)
        calendar = Calendar(today, size.days)
        people = staff.hire(size.people, random.Random(f"{seed} people"))  # noqa: S311 (nothing secret)
        clients = plan.clients(size, calendar, people, _ids(Client))
        undertakings = plan.undertakings(
            size=size,
            calendar=calendar,
            staff=people,
            clients=clients,
            taken_projects=_ids(Project),
            taken_milestones=_ids(Milestone),
            rng=random.Random(f"{seed} projects"),  # noqa: S311 (nothing secret)
        )
        projects = [undertaking.project for undertaking in undertakings]
        _add(actor, clients)
        _add(actor, projects)
        _add(actor, [stone for undertaking in undertakings for stone in undertaking.milestones])
        advance_sequences(Client, Project, Milestone)
        _add_members_and_tags(undertakings)
        work = Work(
            number=tasks,
            calendar=calendar,
            undertakings=undertakings,
            staff=people,
            workflow=Workflow.of_site(),
            rng=random.Random(f"{seed} work"),  # noqa: S311 (nothing secret)
        )
        number = add_tasks(actor=actor, tasks=work, progress=progress)
        add_parts(
            actor=actor,
            rng=random.Random(f"{seed} parts"),  # noqa: S311 (nothing secret)
            now=as_kept(calendar.end),
        )
        record(actor=actor, verb=LOADED, subject=projects[0])
    return Loaded(
        tasks=number,
        projects=len(projects),
        clients=len(clients),
        people=len(people),
        administrator=made,
    )


def _add_members_and_tags(undertakings: Sequence[plan.Undertaking]) -> None:
    tags = tags_named(name for undertaking in undertakings for name in undertaking.tags)
    ProjectTag.objects.bulk_create(
        ProjectTag(content_object=undertaking.project, tag=tags[name])
        for undertaking in undertakings
        for name in undertaking.tags
    )
    ProjectMember.objects.bulk_create(
        ProjectMember(project=undertaking.project, user_id=user_id)
        for undertaking in undertakings
        for user_id in undertaking.members
    )


def _check() -> None:
    if Task.objects.exists():
        raise DemoRefused("The database already holds tasks. The demo needs one without.")
    for model, pk in (
        (Client, documented.CLIENT_ID),
        (Project, documented.PROJECT_ID),
        (Milestone, documented.MILESTONE_ID),
    ):
        if model._default_manager.filter(pk=pk).exists():
            raise DemoRefused(
                f"The database already holds a {model._meta.model_name} with the id {pk}, which "
                "the demo needs for the documentation's own."
            )
    missing = set(documented.STATUS_IDS) - _ids(TaskStatus)
    if missing or documented.PRIORITY_ID not in _ids(TaskPriority):
        raise DemoRefused(
            "The demo needs the statuses 1 and 2 and the priority 2, as a new workspace has them."
        )


def _ids(model: type[models.Model]) -> set[int]:
    return set(model._default_manager.values_list("pk", flat=True))


def _add(actor: Actor, rows: Sequence[R]) -> None:
    """Insert rows with a history row each; nobody creates a default milestone by itself."""
    type(rows[0])._default_manager.bulk_create(rows)
    HistoryEntry.objects.bulk_create(
        entry(actor=actor, verb="created", subject=row)
        for row in rows
        if not getattr(row, "is_default", None)
    )
