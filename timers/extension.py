"""What the timers app tells ``tasks``."""

from pathlib import Path
from typing import Any, cast

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tasks.extensions import TaskExtension
from tasks.models import Task
from tasks.services import tallies
from timers import demo
from timers.exceptions import TaskHasInvoicedTime
from timers.models import Timer, TimeTally


def time_logged() -> Combinable:
    """The seconds of a task's stopped timers; computed when read, so it can't drift."""
    logged = (
        Timer.objects.filter(task=OuterRef("pk"), is_running=None)
        .order_by()
        .values("task")
        .annotate(total=Sum("seconds"))
        .values("total")
    )
    return Coalesce(Subquery(logged, output_field=IntegerField()), 0)


def take_time_along(tasks: QuerySet[Task, Any]) -> None:
    """Count out the time of tasks that go. Raises ``TaskHasInvoicedTime`` where one of them has."""
    of_tasks = Timer._base_manager.filter(task__in=tasks)
    # Whoever starts a timer elsewhere stops the one that runs here, without asking for our task:
    # wait for that, or the time is counted and goes uncounted.
    list(of_tasks.filter(is_running=True).select_for_update().order_by("pk").values_list("pk"))
    gone = {
        (work_date, is_invoiced): (-entries, -int(seconds))
        for work_date, is_invoiced, entries, seconds in cast("Any", TimeTally.counts_of(of_tasks))
    }
    if any(is_invoiced for _, is_invoiced in gone):
        raise TaskHasInvoicedTime
    tallies.add(TimeTally, gone)


EXTENSION = TaskExtension(
    name="timers",
    time_logged=time_logged,
    before_delete=take_time_along,
    fill_demo=demo.fill,
    reference=Path(__file__).with_name("openapi.json"),
)
