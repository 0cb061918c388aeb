"""How much time there is, counted ahead: a list of millions of entries tells its total at once."""

from __future__ import annotations

from django.db import models
from django.db.models import Count, QuerySet, Sum

from tasks.models.tallies import Tally
from timers.models.timers import Timer


class TimeTally(Tally):
    """How many entries a day has, and how many seconds, by whether they are invoiced.

    A timer that runs is not in it: there is at most one a user, and its seconds grow by themselves.
    """

    dimensions = ("work_date", "is_invoiced")
    amounts = ("entries", "seconds")

    work_date = models.DateField()
    is_invoiced = models.BooleanField()
    entries = models.BigIntegerField()
    seconds = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(name="taskdock_time_tally_of_day", fields=["work_date", "is_invoiced"]),
        ]

    def __str__(self) -> str:
        return f"{self.work_date}: {self.seconds} s"

    @classmethod
    def counted(cls) -> QuerySet[models.Model, tuple[object, ...]]:
        stopped = Timer._base_manager.filter(is_running=None).order_by()
        return stopped.values_list(*cls.dimensions).annotate(
            total_entries=Count("pk"), total_seconds=Sum("seconds")
        )
