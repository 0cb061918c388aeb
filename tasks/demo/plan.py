"""What the agency has on its hands: clients and projects with their milestones and teams."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import count, islice
from typing import Any

from tasks.clock import as_kept
from tasks.demo import catalogue, documented
from tasks.demo.calendar import Calendar
from tasks.demo.catalogue import Kind
from tasks.demo.clients import companies
from tasks.demo.staff import ROLES, Staff
from tasks.models import Client, Milestone, Project
from tasks.people import UserId
from tasks.services.projects import DEFAULT_MILESTONE_TITLE
from tasks.services.tasks import POSITION_GAP

#: Kinds without an end, so that there is work on every day, and the others, which take turns.
_INTERNAL, _ENDLESS = "studio", "care"
_COMMISSIONED = (documented.PROJECT_KIND, "branding", "campaign", "shop", "mobile")
#: One project in so many has no end.
_ENDLESS_SHARE = 8
_LONG_OVER = dt.timedelta(days=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of everything a workspace with so many tasks has."""

    days: int
    people: int
    clients: int
    projects: int

    @classmethod
    def of(cls, tasks: int) -> "Size":
        """The sizes for a number of tasks: an agency of nine, and from some thousand tasks more."""
        projects = max(15, tasks // 500)
        return cls(
            days=270 if tasks < 10 * 1000 else 720,
            people=min(max(9, tasks // 1000), 200),
            clients=max(8, projects // 3),
            projects=projects,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Undertaking:
    """A project with what decides on its tasks; work comes up from ``begins`` to ``ends``."""

    project: Project
    milestones: list[Milestone]
    kind: Kind
    team: dict[str, list[UserId]]
    begins: dt.date
    ends: dt.date

    @property
    def members(self) -> list[Any]:
        """Everybody who works on it."""
        return sorted({pk for people in self.team.values() for pk in people})

    @property
    def tags(self) -> list[str]:
        """The quarter that it begins in, and whether it goes on and on."""
        quarter = f"q{(self.begins.month + 2) // 3}"
        return [quarter] if self.kind.days else [quarter, "retainer"]

    @property
    def is_closed(self) -> bool:
        """Whether all that was to be done in it is done."""
        return self.project.status == Project.Status.COMPLETED


def clients(size: Size, calendar: Calendar, staff: Staff, taken: Collection[int]) -> list[Client]:
    """The documented client, and others, all of them owned by who manages the agency."""
    manager: Any = next(iter(staff.by_role["management"]), None)
    created = as_kept(calendar.at(0))
    ids = _free_ids({*taken, documented.CLIENT_ID})
    rows = [
        Client(
            pk=documented.CLIENT_ID,
            name=documented.CLIENT_NAME,
            description="Key account.",
            phone="+1 555 0100",
            website="https://acme.example",
            vat="GB123456789",
            billing_street="1 Market Street",
            billing_city="San Francisco",
            billing_state="CA",
            billing_zip="94105",
            billing_country="United States",
            invoice_due_days=7,
        )
    ]
    rows += [
        Client(pk=next(ids), name=name, description=description)
        for name, description in islice(companies(), size.clients - 1)
    ]
    for row in rows:
        row.owner_id = manager
        row.created_at = row.updated_at = created
    return rows


def undertakings(
    *,
    size: Size,
    calendar: Calendar,
    staff: Staff,
    clients: list[Client],
    taken_projects: Collection[int],
    taken_milestones: Collection[int],
    rng: random.Random,
) -> list[Undertaking]:
    """The documented project, and others, in the order of their ids."""
    project_ids = _free_ids({*taken_projects, documented.PROJECT_ID})
    milestone_ids = _free_ids({*taken_milestones, documented.MILESTONE_ID})
    today = calendar.today
    titles: Counter[str] = Counter()
    plan = [
        _undertaking(
            project=Project(
                pk=documented.PROJECT_ID,
                title=documented.PROJECT_TITLE,
                client=clients[0],
                status=Project.Status.IN_PROGRESS,
                start_date=documented.PROJECT_START,
                due_date=documented.PROJECT_DUE,
            ),
            kind=catalogue.kind(documented.PROJECT_KIND),
            window=(today - dt.timedelta(days=150), today + dt.timedelta(days=40)),
            calendar=calendar,
            default_milestone_id=documented.MILESTONE_ID,
            milestone_ids=milestone_ids,
            staff=staff,
            rng=rng,
        )
    ]
    endless = max(2, size.projects // _ENDLESS_SHARE)
    for number in range(size.projects - 1):
        if number == 0:
            name = _INTERNAL
        else:
            name = _ENDLESS if number <= endless else _COMMISSIONED[number % len(_COMMISSIONED)]
        kind = catalogue.kind(name)
        titles[name] += 1
        client = None if kind.is_internal else clients[(number - 1) % len(clients)]
        window = _window(kind, calendar, rng)
        project = Project(
            pk=next(project_ids),
            title=kind.titles[titles[name] % len(kind.titles)],
            client=client,
            status=_status(kind, window, today, rng),
            start_date=window[0],
            due_date=window[1] if kind.days else None,
        )
        closed = project.status in {Project.Status.CANCELLED, Project.Status.COMPLETED}
        project.is_archived = closed and window[1] < today - _LONG_OVER
        plan.append(
            _undertaking(
                project=project,
                kind=kind,
                window=window,
                calendar=calendar,
                default_milestone_id=next(milestone_ids),
                milestone_ids=milestone_ids,
                staff=staff,
                rng=rng,
            )
        )
    return plan


def _undertaking(
    *,
    project: Project,
    kind: Kind,
    window: tuple[dt.date, dt.date],
    calendar: Calendar,
    default_milestone_id: int,
    milestone_ids: Iterator[int],
    staff: Staff,
    rng: random.Random,
) -> Undertaking:
    first = calendar.at(0)
    begun = dt.datetime.combine(window[0], dt.time(9), tzinfo=dt.UTC)
    project.created_at = project.updated_at = as_kept(min(max(first, begun), calendar.end))
    milestones = [
        Milestone(
            pk=default_milestone_id,
            title=DEFAULT_MILESTONE_TITLE,
            is_default=True,
        )
    ]
    milestones += [
        Milestone(pk=next(milestone_ids), title=stage.title, color=stage.color)
        for stage in kind.stages
    ]
    for number, milestone in enumerate(milestones, start=1):
        milestone.project = project
        milestone.position = number * POSITION_GAP
        milestone.created_at = milestone.updated_at = project.created_at
    team = {role: _some(staff.by_role[role], rng) for role in ROLES}
    manager: Any = next(iter(team["management"]), None)
    project.manager_id = manager
    return Undertaking(
        project=project,
        milestones=milestones,
        kind=kind,
        team=team,
        begins=window[0],
        ends=window[1],
    )


def _some(people: Collection[UserId], rng: random.Random) -> list[UserId]:
    """One or two of them, whoever comes first doing most of the work."""
    return rng.sample(sorted(people), k=min(len(people), 2))


def _window(kind: Kind, calendar: Calendar, rng: random.Random) -> tuple[dt.date, dt.date]:
    first, today = calendar.workdays[0], calendar.today
    if kind.days is None:
        return first, today
    # Some had begun before the demo's time does, and none later than a few weeks ago.
    begins = first + dt.timedelta(days=rng.randrange(-kind.days // 3, (today - first).days - 14))
    return begins, begins + dt.timedelta(days=int(kind.days * (0.7 + 0.6 * rng.random())))


def _status(
    kind: Kind, window: tuple[dt.date, dt.date], today: dt.date, rng: random.Random
) -> Project.Status:
    chance = rng.random()
    if kind.days is None:
        return Project.Status.IN_PROGRESS
    if window[1] < today:
        # The odd one runs late.
        late = Project.Status.IN_PROGRESS if chance < 0.25 else Project.Status.COMPLETED  # noqa: PLR2004
        return Project.Status.CANCELLED if chance > 0.93 else late  # noqa: PLR2004
    return Project.Status.ON_HOLD if chance < 0.1 else Project.Status.IN_PROGRESS  # noqa: PLR2004


def _free_ids(taken: Collection[int]) -> Iterator[int]:
    return (pk for pk in count(1) if pk not in taken)
