"""Rows of every model of ours, few or many, written fast: past the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from comments.models import Comment
from tasks.actors import Actor
from tasks.clock import as_kept
from tasks.files import attachment_storage, stored_name
from tasks.models import (
    APIKey,
    Attachment,
    ChecklistItem,
    Client,
    ClientTag,
    Milestone,
    Project,
    ProjectMember,
    ProjectTag,
    RecurrenceRun,
    Tag,
    Task,
    TaskAssignee,
    TaskDependency,
    TaskNote,
    TaskPin,
    TaskPriority,
    TaskRecurrence,
    TaskStatus,
    TaskTag,
)
from tasks.services.history import entry
from tasks.testing import make_client, make_project, make_task, make_user
from timers.models import Timer


class Rows:
    """A row of each model that everything else hangs on, and so much of everything else."""

    def __init__(self) -> None:
        self.grown = 0
        self.client = make_client("A client")
        self.project = make_project("A project", client=self.client)
        self.default_milestone = self.project.milestones.get()
        self.milestone = Milestone.objects.create(project=self.project, title="A milestone")
        self.status = TaskStatus.objects.create(title="A status", position=1)
        self.priority = TaskPriority.objects.create(title="A priority", position=1)
        self.task = self._task("A task")
        self.bare_task = self._task("A task of its own")
        self.idle_client = make_client("A client without projects")
        self.people: list[Any] = []
        self.blockers: list[Task] = []
        self.recurrence = self._recurring(self.task)

    def grow(self, number: int) -> None:
        """Add so many of everything, to the rows that are there and beside them."""
        names = [f"{n:03}" for n in range(self.grown, self.grown + number)]
        self.grown += number
        people: list[Any] = [make_user(first_name="Person", last_name=name) for name in names]
        self.people += people
        tags = Tag.objects.bulk_create(Tag(name=f"tag {name}") for name in names)
        clients = Client.objects.bulk_create(
            Client(name=f"A client {name}", owner=person)
            for name, person in zip(names, people, strict=True)
        )
        Project.objects.bulk_create(
            Project(title=f"A project {name}", client=self.client, manager=person)
            for name, person in zip(names, people, strict=True)
        )
        Milestone.objects.bulk_create(
            Milestone(project=self.project, title=f"A milestone {name}") for name in names
        )
        TaskStatus.objects.bulk_create(
            TaskStatus(title=f"A status {name}", position=9) for name in names
        )
        TaskPriority.objects.bulk_create(
            TaskPriority(title=f"A priority {name}", position=9) for name in names
        )
        for name, person in zip(names, people, strict=True):
            APIKey.generate(name=f"A key {name}", user=person)[0].save()
        tasks = Task.objects.bulk_create(self._new_task(f"A task {name}") for name in names)
        for task in (self.task, *tasks):
            # The first task has as much of everything as there are others with one each.
            some = range(number) if task is self.task else range(1)
            self._fill(task, [(people[n], tags[n]) for n in some])
        self._hang_together(tasks)
        for task in tasks:
            self._recurring(task)
        RecurrenceRun.objects.bulk_create(
            RecurrenceRun(
                recurrence=self.recurrence,
                occurs_on=dt.date(2000, 1, 1) + dt.timedelta(days=task.pk),
                copy_id=task.pk,
            )
            for task in tasks
        )
        ProjectMember.objects.bulk_create(
            ProjectMember(project=self.project, user=person) for person in people
        )
        ProjectTag.objects.bulk_create(
            ProjectTag(content_object=self.project, tag=tag) for tag in tags
        )
        ClientTag.objects.bulk_create(
            ClientTag(content_object=self.client, tag=tag) for tag in tags
        )
        ChecklistItem.objects.bulk_create(
            ChecklistItem(project=self.project, text="An item") for _ in names
        )
        for client in clients:
            entry(actor=Actor(), verb="created", subject=client).save()

    def _recurring(self, task: Task) -> TaskRecurrence:
        row: TaskRecurrence = TaskRecurrence.objects.create(
            task=task,
            rule="FREQ=DAILY",
            starts_on=dt.date(2026, 1, 5),
            at=dt.time(9),
            zone="UTC",
            next_on=dt.date(2026, 1, 5),
            next_at=as_kept(dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)),
        )
        return row

    def _hang_together(self, tasks: list[Task]) -> None:
        """Let the first task wait for these."""
        self.blockers += tasks
        TaskDependency.objects.bulk_create(
            TaskDependency(blocker=task, blocked=self.task) for task in tasks
        )

    def _new_task(self, title: str) -> Task:
        return Task(
            project=self.project,
            milestone=self.milestone,
            status=self.status,
            priority=self.priority,
            title=title,
        )

    def _task(self, title: str) -> Task:
        return make_task(
            title,
            project=self.project,
            milestone_id=self.milestone.pk,
            status=self.status,
            priority=self.priority,
        )

    def _fill(self, task: Task, parts: list[tuple[Any, Tag]]) -> None:
        TaskAssignee.objects.bulk_create(
            TaskAssignee(task=task, user=person) for person, _ in parts
        )
        TaskTag.objects.bulk_create(TaskTag(content_object=task, tag=tag) for _, tag in parts)
        items = ChecklistItem.objects.bulk_create(
            ChecklistItem(task=task, text="An item") for _ in parts
        )
        Comment.objects.bulk_create(
            Comment(**subject, text="A comment", creator=person)
            for item, (person, _) in zip(items, parts, strict=True)
            for subject in ({"task": task}, {"checklist_item": item})
        )
        Attachment.objects.bulk_create(
            Attachment(task=task, file=_file(), name="a note.txt", size=5, uploaded_by=person)
            for person, _ in parts
        )
        TaskNote.objects.bulk_create(
            TaskNote(task=task, user=person, text="A note") for person, _ in parts
        )
        TaskPin.objects.bulk_create(TaskPin(task=task, user=person) for person, _ in parts)
        times: list[dict[str, Any]] = [{"seconds": 60}]
        if task is self.task:
            times.append({"is_running": True, "started_at": timezone.now()})
        Timer.objects.bulk_create(
            Timer(task=task, user=person, work_date=dt.date(2026, 1, 1), **time)
            for person, _ in parts
            for time in times
        )


def _file() -> str:
    return attachment_storage().save(stored_name(), ContentFile(b"A note"))
