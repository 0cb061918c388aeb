"""What a task from elsewhere must be: the rules of one task, asked for many at a time."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise
from typing import Any, Final

from django.utils import timezone

from tasks.actors import Actor
from tasks.exceptions import (
    Invalid,
    MilestoneNotInProject,
    NoDefaultMilestone,
    NotATeamMember,
    PriorityNotFound,
    ProjectNotFound,
    StatusNotFound,
    TaskdockError,
)
from tasks.folding import is_blank, normal
from tasks.models import Milestone, Project, TaskPriority, TaskStatus
from tasks.models.tags import TAG_LENGTH
from tasks.people import Person, UserId, members_visible_to, people_by_id, storable
from tasks.services.tasks import check_dates
from tasks.texts import check_storable, clean_title


class Nobody(Enum):
    """The type of ``NOBODY``."""

    NOBODY = "nobody"


#: Stands for no user where None would be the actor's.
NOBODY: Final = Nobody.NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTask:
    """A task to be added. What is left out is as ``create_task`` would have it.

    ``milestone_id`` None means the project's default. ``created_at`` None means now.
    ``status_changed_at``, not before ``created_at`` and by default the same, is when the task
    entered its status: in the completed status, when it was completed. ``updated_at``, not before
    that and by default the same, is when it was last changed. ``completed_by_id`` and
    ``created_by_id`` default to the actor's user; ``NOBODY`` is somebody who is gone. ``id`` is for
    rows whose ids are known elsewhere: of one call, all tasks have one or none has.
    """

    project_id: int
    title: str
    status_id: int
    priority_id: int
    milestone_id: int | None = None
    description: str | None = None
    start_date: dt.date | None = None
    due_date: dt.date | None = None
    is_client_visible: bool = False
    is_billable: bool = False
    is_archived: bool = False
    assigned: Sequence[UserId] = ()
    tags: Sequence[str] = ()
    created_at: dt.datetime | None = None
    created_by_id: UserId | Nobody | None = None
    previous_status_id: int | None = None
    status_changed_at: dt.datetime | None = None
    completed_by_id: UserId | Nobody | None = None
    updated_at: dt.datetime | None = None
    id: int | None = None


class NewTaskRefused(TaskdockError):
    """A task breaks a rule: the one at ``index``, counted from 0, for the reason ``error``."""

    def __init__(self, index: int, error: TaskdockError) -> None:
        self.index = index
        self.error = error
        super().__init__(f"Task {index + 1}: {error}")


class InvalidNewTask(Invalid):
    """A value that only tasks from elsewhere can have wrong; the API checks its own."""

    def __init__(self, field: str, template: str) -> None:
        self.field = field
        self.template = template
        super().__init__()


class Rules:
    """What new tasks must keep to, and what they may refer to, remembered from batch to batch.

    ``learn`` looks up what a batch refers to, in a few queries; then ``check`` and ``problems``
    take each of its tasks without any.
    """

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.statuses = {status.pk: status for status in TaskStatus.objects.all()}
        self.priority_ids = set(TaskPriority.objects.values_list("pk", flat=True))
        self.project_ids: set[int] = set()
        self.default_milestones: dict[int, int] = {}
        self.project_of_milestone: dict[int, int] = {}
        self.people: dict[UserId, Person] = {}
        self.member_ids: set[UserId] = set()
        self._rules: Sequence[Callable[[NewTask], object]] = (
            _title,
            _description,
            self._project,
            self._status,
            self._priority,
            _dates,
            self.milestone_id,
            self._created_by,
            self._moments,
            self._completed_by,
            self._previous_status,
            self._assigned,
            tag_names,
        )
        #: Rules about where a task goes.
        self._placing = frozenset({self._project, self.milestone_id})

    def check(self, new: NewTask) -> None:
        """Raises the first of ``problems``."""
        for rule in self._rules:
            rule(new)

    def problems(self, new: NewTask, *, is_placed: bool = True) -> Iterator[TaskdockError]:
        """All that is wrong with the task; where it goes counts only if that ``is_placed``."""
        for rule in self._rules:
            if is_placed or rule not in self._placing:
                try:
                    rule(new)
                except TaskdockError as error:
                    yield error

    def learn(self, batch: Sequence[NewTask]) -> None:
        """Look up, in a few queries, what these tasks refer to and none before them did."""
        project_ids = _storable({new.project_id for new in batch} - self.project_ids)
        if project_ids:
            projects = Project.objects.visible_to(self.actor).filter(pk__in=project_ids)
            self.project_ids |= set(projects.values_list("pk", flat=True))
            defaults = Milestone.objects.visible_to(self.actor).filter(
                project_id__in=project_ids, is_default=True
            )
            self.default_milestones |= dict(defaults.values_list("project_id", "pk"))
        milestone_ids = _storable(
            {new.milestone_id for new in batch} - self.project_of_milestone.keys() - {None}
        )
        if milestone_ids:
            milestones = Milestone.objects.visible_to(self.actor).filter(pk__in=milestone_ids)
            self.project_of_milestone |= dict(milestones.values_list("pk", "project_id"))
        assigned = {user_id for new in batch for user_id in new.assigned}
        others = {
            user_id
            for new in batch
            for user_id in (new.created_by_id, new.completed_by_id)
            if user_id is not None and user_id is not NOBODY
        }
        self.people |= people_by_id(_storable((assigned | others) - self.people.keys()))
        candidates = _storable(assigned - self.member_ids)
        if candidates:
            members = members_visible_to(self.actor).filter(pk__in=candidates)
            self.member_ids |= set(members.values_list("pk", flat=True))

    def milestone_id(self, new: NewTask) -> int:
        """Where the task goes. Raises ``NoDefaultMilestone`` and ``MilestoneNotInProject``."""
        if new.milestone_id is None:
            if new.project_id not in self.default_milestones:
                raise NoDefaultMilestone
            return self.default_milestones[new.project_id]
        if self.project_of_milestone.get(new.milestone_id) != new.project_id:
            raise MilestoneNotInProject
        return new.milestone_id

    def _project(self, new: NewTask) -> None:
        if new.project_id not in self.project_ids:
            raise ProjectNotFound

    def _status(self, new: NewTask) -> None:
        if new.status_id not in self.statuses:
            raise StatusNotFound

    def _priority(self, new: NewTask) -> None:
        if new.priority_id not in self.priority_ids:
            raise PriorityNotFound

    def _created_by(self, new: NewTask) -> None:
        self._person("created_by", new.created_by_id)

    def _completed_by(self, new: NewTask) -> None:
        status = self.statuses.get(new.status_id)
        if new.completed_by_id in {None, NOBODY} or status is None:
            return
        if not status.is_completed:
            raise InvalidNewTask("completed_by", "Only a completed task has a {completed_by}.")
        self._person("completed_by", new.completed_by_id)

    def _person(self, field: str, user_id: UserId | Nobody | None) -> None:
        if user_id is not None and user_id is not NOBODY and user_id not in self.people:
            raise InvalidNewTask(field, f"The selected {{{field}}} is invalid.")

    def _moments(self, new: NewTask) -> None:
        later = {"status_changed_at": new.status_changed_at, "updated_at": new.updated_at}
        given = {field: moment for field, moment in later.items() if moment is not None}
        if not given:
            return
        moments = {"created_at": new.created_at or timezone.now(), **given}
        for before, after in pairwise(moments):
            if moments[after] < moments[before]:
                raise InvalidNewTask(
                    after, f"The {{{after}}} must be a date after or equal to {{{before}}}."
                )

    def _previous_status(self, new: NewTask) -> None:
        previous_id = new.previous_status_id
        if previous_id is not None and (
            previous_id not in self.statuses or previous_id == new.status_id
        ):
            raise InvalidNewTask("previous_status", "The selected {previous_status} is invalid.")

    def _assigned(self, new: NewTask) -> None:
        outsiders = [
            position
            for position, user_id in enumerate(new.assigned)
            if user_id not in self.member_ids
        ]
        if outsiders:
            raise NotATeamMember(outsiders)


def tag_names(new: NewTask) -> list[str]:
    """The task's tags, trimmed, each once, composed or decomposed.

    Raises ``InvalidNewTask`` and ``UnstorableText``.
    """
    names: dict[str, str] = {}
    for name in map(str.strip, new.tags):
        if is_blank(name) or len(name) > TAG_LENGTH:
            raise InvalidNewTask("tags", f"A tag has 1 to {TAG_LENGTH} characters.")
        check_storable("tags", name)
        names.setdefault(normal(name), name)
    return sorted(names.values())


def _title(new: NewTask) -> None:
    clean_title(new.title)


def _description(new: NewTask) -> None:
    check_storable("description", new.description or "")


def _dates(new: NewTask) -> None:
    check_dates(start_date=new.start_date, due_date=new.due_date)


def _storable(ids: Iterable[Any]) -> list[Any]:
    return [pk for pk in ids if storable(pk)]
