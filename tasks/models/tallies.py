"""Sums of many rows that writers keep up together without waiting for each other."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Count, QuerySet


class Tally(models.Model):
    """Part of a sum: rows are added, never changed, and a sum is that of all rows of a cell.

    ``dimensions`` name what a cell is, ``amounts`` what is summed in it. Whoever changes what is
    counted adds the difference in the same transaction; two of them never touch the same row.
    ``tasks.services.tallies`` writes, folds, checks and mends.
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
                fields=["project_id", "milestone_id", "status_id", "is_archived"],
            ),
            models.Index(name="taskdock_tally_of_milestone", fields=["milestone_id"]),
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.tasks}"

    @classmethod
    def counted(cls) -> QuerySet[models.Model, tuple[object, ...]]:
        from tasks.models.tasks import Task

        rows = Task._base_manager.order_by().values_list(*cls.dimensions)
        return rows.annotate(tasks=Count("pk"))
