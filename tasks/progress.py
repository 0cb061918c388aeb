"""How far projects are, and how many tasks milestones have: from tallies, or task by task.

Where a site narrows who sees what, a tally would tell of tasks that its reader may not see: then
everything is counted from the tasks that the reader sees.
"""

from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Greatest, Least, Mod, NullIf

from tasks import conf
from tasks.actors import Actor
from tasks.models import Project, Task, TaskStatus, TaskTally


def tasks_of_milestone(actor: Actor) -> Combinable:
    """The number of a milestone's tasks, archived ones included, over a queryset of milestones."""
    tasks, number = _source(actor)
    return _of_each(tasks, "milestone_id", number())


def with_progress(projects: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """The projects with ``progress``: 0 to 100, rounded down, by hand or of their active tasks."""
    tasks, number = _source(actor)
    is_completed = Q(status_id__in=TaskStatus.objects.filter(is_completed=True).values("pk"))
    share = _share(Coalesce(number(filter=is_completed), Value(0)), number())
    found: QuerySet[Any] = projects.annotate(
        progress=Case(
            When(manual_progress__isnull=False, then=F("manual_progress")),
            default=_of_each(tasks.filter(is_archived=False), "project_id", share),
            output_field=IntegerField(),
        )
    )
    return found


def shown_progress(*, actor: Actor, project_id: int) -> int:
    """The progress of one project."""
    found = with_progress(Project.objects.filter(pk=project_id), actor)
    progress: int = found.values_list("progress", flat=True).get()
    return progress


def _source(actor: Actor) -> tuple[QuerySet[Any], Any]:
    """Rows that tell of tasks, and the aggregate that makes a number of tasks of them."""
    if conf.hook("VISIBLE_TO") is None:
        return TaskTally.objects.all(), lambda **kwargs: Sum("tasks", **kwargs)
    return Task.objects.visible_to(actor), lambda **kwargs: Count("pk", **kwargs)


def _of_each(tasks: QuerySet[Any], column: str, expression: Any) -> Combinable:
    """The expression over the tasks whose ``column`` is the outer row; 0 where there are none."""
    found = (
        tasks.filter(**{column: OuterRef("pk")})
        .order_by()
        .values(column)
        .annotate(found=expression)
        .values("found")
    )
    return Coalesce(Subquery(found, output_field=IntegerField()), Value(0))


def _share(part: Any, whole: Any) -> Any:
    """A percentage, rounded down; null where the whole is 0.

    Exact on every database, also where dividing integers makes a fraction. Where triggers were off
    a tally may be out of step: what it says is kept between 0 and 100.
    """
    hundredfold = Least(Greatest(part, Value(0)), Greatest(whole, Value(0))) * Value(100)
    divisor = NullIf(Greatest(whole, Value(0)), Value(0))
    return (hundredfold - Mod(hundredfold, divisor)) / divisor
