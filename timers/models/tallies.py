"""How much time there is, counted ahead: a list of millions of entries tells its total at once."""

from __future__ import annotations

from collections.abc import Iterable

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
        return cls.counts_of(Timer._base_manager.all())

    @classmethod
    def counts_of(cls, timers: QuerySet[Timer]) -> QuerySet[models.Model, tuple[object, ...]]:
        """A cell's dimensions and amounts, of these entries alone."""
        stopped = timers.filter(is_running=None).order_by().values_list(*cls.dimensions)
        return stopped.annotate(total_entries=Count("pk"), total_seconds=Sum("seconds"))

    @classmethod
    def difference(
        cls, *, come: Iterable[Timer] = (), gone: Iterable[Timer] = ()
    ) -> dict[tuple[object, ...], tuple[int, ...]]:
        """What changes when some entries come and others go; one that runs changes nothing."""
        sums: dict[tuple[object, ...], tuple[int, int]] = {}
        for sign, timers in ((1, come), (-1, gone)):
            for timer in timers:
                if timer.is_running:
                    continue
                cell = (timer.work_date, timer.is_invoiced)
                entries, seconds = sums.get(cell, (0, 0))
                sums[cell] = (entries + sign, seconds + sign * timer.seconds)
        return dict(sums)
