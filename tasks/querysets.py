"""What of our rows is meant, said once: predicates for every reader and every look-up."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models

from tasks import conf
from tasks.actors import Actor


def is_narrowed() -> bool:
    """Whether the site shows some of our rows to some and not to others.

    What was made for one actor, a statement or a number, must then be used for no other.
    """
    return conf.hook("VISIBLE_TO") is not None


class VisibleQuerySet(models.QuerySet[Any]):
    """Rows of a kind that a site may show to some and not to others."""

    def visible_to(self, actor: Actor) -> Self:
        """What ``actor`` may see: all, or what ``TASKDOCK["VISIBLE_TO"]`` leaves of it.

        The site's narrowing becomes a subquery, so that its joins and its DISTINCT can neither
        double a row nor stand in the way of a lock.
        """
        narrow = conf.hook("VISIBLE_TO")
        if narrow is None:
            return self
        everything = self.model._default_manager.using(self.db).all()
        return self.filter(pk__in=narrow(everything, actor).values("pk"))


class TaskQuerySet(VisibleQuerySet):
    """Tasks."""

    def active(self) -> Self:
        """Tasks that are not archived."""
        return self.filter(is_archived=False)

    def archived(self) -> Self:
        """Tasks put away."""
        return self.filter(is_archived=True)

    def assigned_to(self, user_id: Any) -> Self:
        """Tasks that the user with this primary key is assigned to; each once."""
        return self.filter(assignees__user_id=user_id)


class MilestoneQuerySet(VisibleQuerySet):
    """Milestones: those that the site shows, of projects that it shows."""

    def visible_to(self, actor: Actor) -> Self:
        """What ``actor`` may see."""
        if not is_narrowed():
            return self
        project: Any = self.model._meta.get_field("project").related_model
        seen = project._default_manager.visible_to(actor).values("pk")
        return super().visible_to(actor).filter(project__in=seen)


class PartQuerySet(VisibleQuerySet):
    """Rows that are as visible as what they belong to; ``parents`` names the foreign keys to it."""

    parents: ClassVar[tuple[str, ...]] = ("task",)

    def visible_to(self, actor: Actor) -> Self:
        """What belongs to something that ``actor`` may see."""
        if not is_narrowed():
            return self
        visible = models.Q()
        for name in self.parents:
            parent: Any = self.model._meta.get_field(name).related_model
            seen = parent._default_manager.visible_to(actor).values("pk")
            visible |= models.Q(**{f"{name}__in": seen})
        return self.filter(visible)


class ChecklistItemQuerySet(PartQuerySet):
    """Checklist items, of tasks and of projects."""

    parents = ("task", "project")
