"""What the timers app tells ``tasks``."""

from typing import Any

from django.db.models import IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from tasks.extensions import TaskExtension
from tasks.models import Task
from timers import demo
from timers.exceptions import TaskHasInvoicedTime
from timers.models import Timer


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


def refuse_invoiced(tasks: QuerySet[Task, Any]) -> None:
    """Raises ``TaskHasInvoicedTime`` where one of the tasks has."""
    if Timer.objects.filter(task__in=tasks, is_invoiced=True).exists():
        raise TaskHasInvoicedTime


EXTENSION = TaskExtension(
    name="timers",
    time_logged=time_logged,
    before_delete=refuse_invoiced,
    fill_demo=demo.fill,
)
