"""Sums of many rows that the database keeps up itself: see ``tasks.models.counting``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, QuerySet


class Tally(models.Model):
    """Part of a sum, which is that of all rows of a cell.

    ``dimensions`` name what a cell is, ``amounts`` what is summed in it. Triggers write the rows,
    in the transaction of whoever changes what is counted, by whatever means. On PostgreSQL they
    only add and now and then fold, so that two writers never wait for each other, and a cell has
    a handful of rows; on MariaDB a write of many rows leaves many, which others fold; on SQLite a
    cell has one. ``tasks.services.tallies`` checks and mends.
    """

    dimensions: ClassVar[tuple[str, ...]]
    amounts: ClassVar[tuple[str, ...]]

    class Meta:
        abstract = True

    @classmethod
    def counted(cls) -> QuerySet[models.Model, tuple[object, ...]]:
        """What the sums should be: a cell's dimensions and amounts, from the rows themselves."""
        raise NotImplementedError


class TaskTally(Tally):
    """How many tasks a project has, by milestone, status and whether they are archived.

    Ids without foreign keys, which would cost every write of a task three more look-ups.
    """

    dimensions = ("project_id", "milestone_id", "status_id", "is_archived")
    amounts = ("tasks",)

    project_id = models.BigIntegerField()
    milestone_id = models.BigIntegerField()
    status_id = models.BigIntegerField()
    is_archived = models.BooleanField()
    tasks = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                name="taskdock_tally_of_project",
                # The number comes last: what a project's progress asks for is all in the index.
                fields=["project_id", "milestone_id", "status_id", "is_archived", "tasks"],
            ),
            models.Index(name="taskdock_tally_of_milestone", fields=["milestone_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.tasks}"

    @classmethod
    def counted(cls) -> QuerySet[models.Model, tuple[object, ...]]:
        return _tasks_by(cls.dimensions)


class WorkflowTally(Tally):
    """How many tasks there are, by status, priority and whether they are archived.

    Some tens of cells in all: the total of a list of all tasks, or of those of a status, is there
    at once, however many they are.
    """

    dimensions = ("status_id", "priority_id", "is_archived")
    amounts = ("tasks",)

    status_id = models.BigIntegerField()
    priority_id = models.BigIntegerField()
    is_archived = models.BooleanField()
    tasks = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(
                name="taskdock_tally_of_workflow",
                fields=["status_id", "priority_id", "is_archived"],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status_id}, {self.priority_id}: {self.tasks}"

    @classmethod
    def counted(cls) -> QuerySet[models.Model, tuple[object, ...]]:
        return _tasks_by(cls.dimensions)


def _tasks_by(dimensions: tuple[str, ...]) -> QuerySet[models.Model, tuple[object, ...]]:
    from tasks.models.tasks import Task

    rows = Task._base_manager.order_by().values_list(*dimensions)
    return rows.annotate(tasks=Count("pk"))
