"""What of our rows is meant, said once: predicates for every reader and every look-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar, Self

from django.apps import apps
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
        return self.filter(pk__in=narrow(self._everything, actor).values("pk"))

    def is_all_visible_to(self, actor: Actor) -> bool:
        """Whether the site leaves nothing of this kind out for ``actor``, as far as it can be told.

        Seen without asking the database: a narrowing that happens to hide no row is one.
        """
        narrow = conf.hook("VISIBLE_TO")
        if narrow is None:
            return True
        kept = narrow(self._everything, actor).query
        return not (kept.where or kept.is_sliced or kept.combinator or kept.is_empty())

    @property
    def _everything(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = self.model._default_manager.using(self.db).all()
        return rows


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
        seen = self._projects.visible_to(actor).values("pk")
        return super().visible_to(actor).filter(project__in=seen)

    def is_all_visible_to(self, actor: Actor) -> bool:
        """Whether ``actor`` sees all of them, and all projects."""
        return super().is_all_visible_to(actor) and self._projects.is_all_visible_to(actor)

    @property
    def _projects(self) -> VisibleQuerySet:
        project: Any = self.model._meta.get_field("project").related_model
        rows: VisibleQuerySet = project._default_manager.all()
        return rows


class PartQuerySet(VisibleQuerySet):
    """Rows that are as visible as what they belong to; ``parents`` names the foreign keys to it."""

    parents: ClassVar[tuple[str, ...]] = ("task",)

    def visible_to(self, actor: Actor) -> Self:
        """What belongs to something that ``actor`` may see."""
        if not is_narrowed():
            return self
        visible = models.Q()
        for name, rows in self._wholes():
            visible |= models.Q(**{f"{name}__in": rows.visible_to(actor).values("pk")})
        return self.filter(visible)

    def is_all_visible_to(self, actor: Actor) -> bool:
        """Whether ``actor`` sees everything that these can belong to."""
        return all(rows.is_all_visible_to(actor) for _, rows in self._wholes())

    def _wholes(self) -> Iterator[tuple[str, VisibleQuerySet]]:
        for name in self.parents:
            parent: Any = self.model._meta.get_field(name).related_model
            yield name, parent._default_manager.all()


class ChecklistItemQuerySet(PartQuerySet):
    """Checklist items, of tasks and of projects."""

    parents = ("task", "project")


class RunQuerySet(PartQuerySet):
    """What recurrences made."""

    parents = ("recurrence",)


class DependencyQuerySet(PartQuerySet):
    """Dependencies: those whose two tasks are both in sight."""

    parents = ("blocker", "blocked")

    def visible_to(self, actor: Actor) -> Self:
        """What is between tasks that ``actor`` may see."""
        if not is_narrowed():
            return self
        found = self
        for name, rows in self._wholes():
            found = found.filter(**{f"{name}__in": rows.visible_to(actor).values("pk")})
        return found


class OwnQuerySet(PartQuerySet):
    """What people have on tasks for themselves: each sees their own, on tasks that they see."""

    def visible_to(self, actor: Actor) -> Self:
        """What ``actor`` has."""
        if actor.user is None:
            return self.none()
        return super().visible_to(actor).filter(user_id=actor.user_id)

    def is_all_visible_to(self, actor: Actor) -> bool:
        """Never: there may be somebody else's."""
        return False


class TagQuerySet(PartQuerySet):
    """Tags: those that are on something."""

    parents = ("task_tags", "project_tags", "client_tags")

    def _wholes(self) -> Iterator[tuple[str, VisibleQuerySet]]:
        for name in self.parents:
            through: Any = self.model._meta.get_field(name).related_model
            whole = through._meta.get_field("content_object").related_model
            yield f"{name}__content_object", whole._default_manager.all()

    def visible_to(self, actor: Actor) -> Self:
        """What is on something that ``actor`` may see; each once."""
        if not is_narrowed():
            return self
        seen = super().visible_to(actor).order_by().values("pk")
        return self.filter(pk__in=seen)


class HistoryQuerySet(VisibleQuerySet):
    """History: what the site shows of it, of things that it shows.

    What is gone can't be asked for any more: what became of it sees who sees all of its kind.
    """

    def visible_to(self, actor: Actor) -> Self:
        """What ``actor`` may see."""
        if not is_narrowed():
            return self
        kinds = {
            str(model._meta.model_name): rows
            for model in apps.get_models()
            if model is not self.model
            and isinstance(rows := model._default_manager.all(), VisibleQuerySet)
        }
        seen = ~models.Q(subject_type__in=list(kinds))
        for name, rows in kinds.items():
            of_kind = models.Q(subject_type=name)
            if not rows.is_all_visible_to(actor):
                of_kind &= models.Q(subject_id__in=rows.visible_to(actor).values("pk"))
            seen |= of_kind
        return super().visible_to(actor).filter(seen)
