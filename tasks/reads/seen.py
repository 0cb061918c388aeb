"""What an actor may see, by kind: where all that is read for somebody begins."""

from typing import Any

from django.db.models import QuerySet

from tasks.actors import Actor
from tasks.models import (
    ChecklistItem,
    Client,
    Milestone,
    Project,
    Task,
    TaskPriority,
    TaskStatus,
)
from tasks.progress import with_progress


def tasks(actor: Actor) -> QuerySet[Any]:
    """Tasks."""
    return Task.objects.visible_to(actor)


def projects(actor: Actor) -> QuerySet[Any]:
    """Projects."""
    return Project.objects.visible_to(actor)


def projects_with_progress(actor: Actor) -> QuerySet[Any]:
    """Projects, each with its ``progress``."""
    return with_progress(Project.objects.visible_to(actor), actor)


def milestones(actor: Actor) -> QuerySet[Any]:
    """Milestones."""
    return Milestone.objects.visible_to(actor)


def clients(actor: Actor) -> QuerySet[Any]:
    """Clients."""
    return Client.objects.visible_to(actor)


def checklist_items(actor: Actor) -> QuerySet[Any]:
    """Checklist items."""
    return ChecklistItem.objects.visible_to(actor)


def statuses(actor: Actor) -> QuerySet[Any]:
    """Statuses: all of them, for everybody."""
    return TaskStatus._default_manager.all()


def priorities(actor: Actor) -> QuerySet[Any]:
    """Priorities: all of them, for everybody."""
    return TaskPriority._default_manager.all()
