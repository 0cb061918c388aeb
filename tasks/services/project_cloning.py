"""Copying a project, with as much of what belongs to it as is wanted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import models
from django.utils import timezone

from tasks.actors import Actor
from tasks.batches import by_key
from tasks.database import atomic, of_self
from tasks.exceptions import NoDefaultStatus
from tasks.models import (
    Attachment,
    ChecklistItem,
    Client,
    HistoryEntry,
    Milestone,
    Project,
    ProjectMember,
    ProjectTag,
    Task,
    TaskAssignee,
    TaskDependency,
    TaskStatus,
    TaskTag,
)
from tasks.reads.groups import grouped
from tasks.services.attachments import open_attachment
from tasks.services.events import CREATION, News, announce, creation
from tasks.services.file_owner import owned_folder
from tasks.services.files import store
from tasks.services.history import entry, record
from tasks.services.projects import DEFAULT_MILESTONE_TITLE, lock_project
from tasks.services.tasks import POSITION_GAP, check_dates, end_of_column
from tasks.texts import clean_title

#: How many tasks are in memory at a time, and how many rows of what belongs to them.
BATCH, PARTS = 500, 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a copy of a project takes along. Checklists and files go with the tasks alone."""

    milestones: bool = False
    tasks: bool = False
    checklists: bool = False
    files: bool = False


def clone_project(
    *,
    actor: Actor,
    project_id: int,
    title: str,
    client: Client | None,
    start_date: dt.date | None,
    due_date: dt.date | None,
    wanted: Wanted,
) -> Project:
    """A project of this title that has not begun, for this client, from and to these days.

    Takes along description, manager, team and tags; on demand the milestones and the tasks. Their
    copies are in the default status, since nothing of a new project is done: with priority,
    description, dates, switches, assignees and tags, archived where the source is, in the order of
    the source; on demand with their checklists, all of it pending, and their files. Without its
    milestone a task goes to the default one. Which of them wait for which is as in the source; what
    waits for another project's tasks does so no more. Never timers, comments, notes, pins or
    completion. All or nothing, in constant memory but for the dependencies.

    Raises ``ProjectNotFound``, ``DueBeforeStart``, ``NoDefaultStatus``, ``FileMissing`` and what
    ``clean_title`` does.
    """
    check_dates(start_date=start_date, due_date=due_date)
    with atomic():
        source = lock_project(actor=actor, project_id=project_id)
        now = timezone.now()
        clone = Project(
            title=clean_title(title),
            client=client,
            description=source.description,
            manager_id=source.manager_id,
            start_date=start_date,
            due_date=due_date,
            created_by_id=actor.user_id,
            created_at=now,
            updated_at=now,
        )
        clone.save(force_insert=True)
        ProjectMember.objects.bulk_create(
            ProjectMember(project=clone, user_id=user_id)
            for user_id in source.members.order_by("user_id").values_list("user_id", flat=True)
        )
        ProjectTag.objects.bulk_create(
            ProjectTag(content_object=clone, tag_id=tag_id)
            for tag_id in source.project_tags.order_by("tag_id").values_list("tag_id", flat=True)
        )
        copying = _Copying(actor, source, clone, wanted, now)
        copying.milestones()
        if wanted.tasks:
            copying.tasks()
        origin = {"id": source.pk, "name": source.title}
        record(actor=actor, verb="cloned", subject=clone, changes={"source": [None, origin]})
    return clone


class _Copying:
    """One copy that is being made."""

    def __init__(
        self, actor: Actor, source: Project, clone: Project, wanted: Wanted, now: dt.datetime
    ) -> None:
        self.actor = actor
        self.source = source
        self.clone = clone
        self.wanted = wanted
        self.now = now
        #: The ids of the copies by the ids of what they were copied from.
        self.milestone_ids: dict[int, int] = {}
        self.default_id = 0

    def milestones(self) -> None:
        """The default one, and on demand the others in their order."""
        sources = list(
            Milestone.objects.visible_to(self.actor)
            .filter(project=self.source)
            .order_by("position", "pk")
        )
        copied = [row for row in sources if self.wanted.milestones or row.is_default]
        copies = [
            Milestone(
                project=self.clone,
                title=row.title if self.wanted.milestones else DEFAULT_MILESTONE_TITLE,
                color=row.color if self.wanted.milestones else Milestone.Color.DEFAULT,
                position=place * POSITION_GAP,
                is_default=row.is_default,
                created_by_id=self.actor.user_id,
                created_at=self.now,
                updated_at=self.now,
            )
            for place, row in enumerate(copied, start=1)
        ]
        if not any(row.is_default for row in copies):
            # The source has lost its own, or the actor may not see it.
            copies.append(
                Milestone(
                    project=self.clone,
                    title=_free_title(row.title for row in copies),
                    position=(len(copies) + 1) * POSITION_GAP,
                    is_default=True,
                    created_by_id=self.actor.user_id,
                    created_at=self.now,
                    updated_at=self.now,
                )
            )
        Milestone.objects.bulk_create(copies)
        self.milestone_ids = {row.pk: copy.pk for row, copy in zip(copied, copies, strict=False)}
        (self.default_id,) = (row.pk for row in copies if row.is_default)

    def tasks(self) -> None:
        """The tasks that the actor sees, a batch at a time, each batch locked while it is read."""
        status = TaskStatus.objects.filter(is_default=True).first()
        if status is None:
            raise NoDefaultStatus
        # By one statement: read bit by bit, what others change meanwhile might come to a cycle.
        dependencies = list(
            TaskDependency.objects.filter(
                blocker__project=self.source, blocked__project=self.source
            ).values_list("blocker_id", "blocked_id")
        )
        dependent = {pk for pair in dependencies for pk in pair}
        seen = Task.objects.visible_to(self.actor).filter(project=self.source).order_by("pk")
        copied: dict[int, int] = {}
        position = end_of_column(status)
        last = 0
        while batch := list(seen.filter(pk__gt=last).select_for_update(of=of_self())[:BATCH]):
            last = batch[-1].pk
            copies = []
            for task in batch:
                copies.append(self._copy(task, status, position))
                position += POSITION_GAP
            written = Task.objects.bulk_create(copies)
            self._write(batch, written)
            copied |= {
                task.pk: copy.pk
                for task, copy in zip(batch, written, strict=True)
                if task.pk in dependent
            }
        _insert(
            TaskDependency(
                blocker_id=copied[blocker], blocked_id=copied[blocked], created_at=self.now
            )
            for blocker, blocked in dependencies
            if blocker in copied and blocked in copied
        )

    def _copy(self, task: Task, status: TaskStatus, position: int) -> Task:
        return Task(
            project=self.clone,
            milestone_id=self.milestone_ids.get(task.milestone_id, self.default_id),
            status=status,
            priority_id=task.priority_id,
            title=task.title,
            description=task.description,
            start_date=task.start_date,
            due_date=task.due_date,
            is_archived=task.is_archived,
            is_client_visible=task.is_client_visible,
            is_billable=task.is_billable,
            position=position,
            status_changed_at=self.now,
            # As of every new task: a site may begin them all in the completed status.
            completed_at=self.now if status.is_completed else None,
            completed_by_id=self.actor.user_id if status.is_completed else None,
            created_by_id=self.actor.user_id,
            created_at=self.now,
            updated_at=self.now,
        )

    def _write(self, batch: Sequence[Task], copies: Sequence[Task]) -> None:
        copy_of = {task.pk: copy for task, copy in zip(batch, copies, strict=True)}
        assigned = list(TaskAssignee.objects.filter(task__in=copy_of).order_by("pk"))
        _insert(TaskAssignee(task=copy_of[row.task_id], user_id=row.user_id) for row in assigned)
        _insert(
            TaskTag(content_object=copy_of[row.content_object_id], tag_id=row.tag_id)
            for row in TaskTag.objects.filter(content_object__in=copy_of).order_by("pk")
        )
        if self.wanted.checklists:
            _insert(self._checklists(copy_of))
        if self.wanted.files:
            _insert(self._files(copy_of))
        HistoryEntry.objects.bulk_create(
            entry(
                actor=self.actor,
                verb="cloned",
                subject=copy,
                changes={"source": [None, {"id": task.pk, "name": task.title}]},
            )
            for task, copy in zip(batch, copies, strict=True)
        )
        announce(
            CREATION, partial(self._creations, copy_of, assigned), actor=self.actor, at=self.now
        )

    def _creations(
        self, copy_of: dict[int, Task], assigned: Iterable[TaskAssignee]
    ) -> Iterator[News]:
        people = grouped((row.task_id, row.user_id) for row in assigned)
        for pk, copy in copy_of.items():
            yield from creation(copy, source_id=pk, assigned=sorted(people.get(pk, ())))

    def _checklists(self, copy_of: dict[int, Task]) -> Iterator[ChecklistItem]:
        items = ChecklistItem.objects.filter(task__in=copy_of).order_by("task", "position", "pk")
        for item in items.iterator(PARTS):
            yield ChecklistItem(
                task=copy_of[item.task_id],
                text=item.text,
                position=item.position,
                created_by_id=self.actor.user_id,
                created_at=self.now,
                updated_at=self.now,
            )

    def _files(self, copy_of: dict[int, Task]) -> Iterator[Attachment]:
        folder = None
        for attachment in by_key(Attachment.objects.filter(task__in=copy_of)):
            folder = folder or owned_folder()
            with open_attachment(attachment) as file:
                yield Attachment(
                    task=copy_of[attachment.task_id],
                    file=store(file, folder=folder),
                    name=attachment.name,
                    size=attachment.size,
                    content_type=attachment.content_type,
                    is_cover=attachment.is_cover,
                    uploaded_by_id=self.actor.user_id,
                    created_at=self.now,
                )


def _insert(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model as they come, some at a time."""
    batch: list[Any] = []
    for row in rows:
        batch.append(row)
        if len(batch) == PARTS:
            type(row)._default_manager.bulk_create(batch)
            batch = []
    if batch:
        type(batch[0])._default_manager.bulk_create(batch)


def _free_title(taken: Iterable[str]) -> str:
    titles = set(taken)
    title, number = DEFAULT_MILESTONE_TITLE, 1
    while title in titles:
        number += 1
        title = f"{DEFAULT_MILESTONE_TITLE} {number}"
    return title
