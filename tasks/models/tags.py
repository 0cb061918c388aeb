from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, NaturalKeyManager, TagBase

from tasks.folding import GROWTH
from tasks.models.clients import Client
from tasks.models.fields import NormalField, with_copies
from tasks.models.projects import Project
from tasks.models.tasks import Task
from tasks.querysets import TagQuerySet

TAG_LENGTH = 100


class Tag(TagBase):
    """A tag of ours, apart from a host's own: 1 to 100 characters, told apart by case.

    The name is stored as it was first sent; ``normal_name`` makes its composed and decomposed
    forms one tag. Has no slug: nothing addresses a tag by one, and a unique slug would make "Ä" and
    "ä" race.
    """

    slug = None  # type: ignore[assignment]  # how Django drops an inherited field
    normal_name = NormalField(source="name", max_length=GROWTH * TAG_LENGTH)

    objects: ClassVar[Any] = NaturalKeyManager.from_queryset(TagQuerySet)()

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="taskdock_tag_normal_name", fields=["normal_name"])
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's: taggit's own would look for a free slug first."""
        if (fields := kwargs.get("update_fields")) is not None:
            kwargs["update_fields"] = with_copies(type(self), frozenset(fields))
        models.Model.save(self, *args, **kwargs)


class TaskTag(ItemBase):
    """A tag on a task, read and written as a row: no ``TAGGIT_*`` setting of a host changes it."""

    content_object = models.ForeignKey(
        Task,
        db_column="task_id",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="task_tags",
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="task_tags")

    natural_key_fields = ["content_object", "tag"]

    class Meta:
        verbose_name = _("tag of a task")
        verbose_name_plural = _("tags of tasks")
        constraints = [
            models.UniqueConstraint(name="taskdock_tasktag_once", fields=["content_object", "tag"])
        ]


class ProjectTag(ItemBase):
    """A tag on a project."""

    content_object = models.ForeignKey(
        Project,
        db_column="project_id",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="project_tags",
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="project_tags")

    natural_key_fields = ["content_object", "tag"]

    class Meta:
        verbose_name = _("tag of a project")
        verbose_name_plural = _("tags of projects")
        constraints = [
            models.UniqueConstraint(
                name="taskdock_projecttag_once", fields=["content_object", "tag"]
            )
        ]


class ClientTag(ItemBase):
    """A tag on a client."""

    content_object = models.ForeignKey(
        Client,
        db_column="client_id",
        on_delete=models.CASCADE,
        db_index=False,
        related_name="client_tags",
    )
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="client_tags")

    natural_key_fields = ["content_object", "tag"]

    class Meta:
        verbose_name = _("tag of a client")
        verbose_name_plural = _("tags of clients")
        constraints = [
            models.UniqueConstraint(
                name="taskdock_clienttag_once", fields=["content_object", "tag"]
            )
        ]
