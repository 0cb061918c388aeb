"""What the timers app tells ``tasks``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.aggregates import AS_IT_IS, CountAll, SumAll
from tasks.extensions import TaskExtension
from tasks.models import Task
from timers import demo
from timers.exceptions import TaskHasInvoicedTime
from timers.models import Timer

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from tasks.admin.panels import Panel
    from tasks.admin.places import Place


def time_logged() -> Combinable:
    """The seconds of a task's stopped timers; computed when read, so it can't drift."""
    stopped = Timer.objects.filter(task=OuterRef("pk"), is_running=None).order_by()
    logged = stopped.annotate(total=SumAll("seconds")).values("total")
    return Coalesce(Subquery(logged, output_field=AS_IT_IS), 0, output_field=AS_IT_IS)


def keep_invoiced_time(tasks: QuerySet[Task, Any]) -> None:
    """Raises ``TaskHasInvoicedTime`` where one of these tasks, which are locked, has."""
    # Whoever invoices locks the task first; whoever stops a timer from elsewhere invoices nothing.
    if Timer._base_manager.filter(task__in=tasks, is_invoiced=True).exists():
        raise TaskHasInvoicedTime


def kept_tasks(tasks: QuerySet[Task, Any]) -> dict[int, str]:
    """Which of these tasks have invoiced time."""
    invoiced = Timer._base_manager.filter(task__in=tasks, is_invoiced=True).order_by()
    keys = invoiced.values_list("task_id", flat=True).distinct()
    return dict.fromkeys(keys, TaskHasInvoicedTime.message)


def running_timers() -> Combinable:
    """How many timers run on a task."""
    running = Timer.objects.filter(task=OuterRef("pk"), is_running=True).order_by()
    number = running.annotate(number=CountAll()).values("number")
    return Coalesce(Subquery(number, output_field=AS_IT_IS), 0, output_field=AS_IT_IS)


def stop_timers(actor: Actor, task_id: int) -> int:
    """Stop the timers that run on a task."""
    from timers.services.timers import stop_timers_of_task

    return stop_timers_of_task(actor=actor, task_id=task_id)


def admin_panels() -> Sequence[Panel]:
    """What a task's page in the admin shows of this app; there need not be an admin."""
    from timers.admin.panels import PANELS

    return PANELS


def admin_bar(request: HttpRequest, site: AdminSite) -> SafeString | None:
    """The running timer of whoever asks, above the title of each page."""
    from timers.admin import running

    return running.admin_bar(request, site)


def admin_buttons(
    request: HttpRequest, site: AdminSite, tasks: Sequence[Task]
) -> dict[int, SafeString]:
    """What starts and stops a timer beside each of these tasks."""
    from timers.admin import running

    return running.admin_buttons(request, site, tasks)


def admin_places() -> Sequence[Place]:
    """The pages of this app to which those of the admin lead."""
    from tasks.admin.places import Place

    return [
        Place(name="taskdock_timers_timer_week", title=_("Time"), model="taskdock_timers.Timer")
    ]


EXTENSION = TaskExtension(
    name="timers",
    time_logged=time_logged,
    before_delete=keep_invoiced_time,
    kept_tasks=kept_tasks,
    running_timers=running_timers,
    stop_timers=stop_timers,
    stop_permission="taskdock_timers.change_timer",
    fill_demo=demo.fill,
    reference=Path(__file__).with_name("openapi.json"),
    admin_panels=admin_panels,
    admin_bar=admin_bar,
    admin_buttons=admin_buttons,
    admin_places=admin_places,
)
