from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.folding import GROWTH
from tasks.models.fields import FlagField, FoldingModel, NormalField

TITLE_LENGTH = 100

color_validator = RegexValidator(
    r"\A#[0-9a-f]{6}\Z", _("A colour is written as #rrggbb, in small letters.")
)


class Stage(FoldingModel):
    """What statuses and priorities have in common: a coloured, sorted list with one default.

    ``normal_title`` is what makes a title unique, composed or decomposed.
    """

    title = models.CharField(_("title"), max_length=TITLE_LENGTH, unique=True)
    normal_title = NormalField(source="title", max_length=GROWTH * TITLE_LENGTH)
    color = models.CharField(
        _("colour"),
        max_length=7,
        default="#8a94a6",
        validators=[color_validator],
        help_text=_("#rrggbb, as #4f8cff."),
    )
    position = models.BigIntegerField(_("position"), default=0)
    is_default = FlagField(
        _("default"), default=None, help_text=_("What a new task gets in the admin.")
    )

    class Meta:
        abstract = True
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="taskdock_%(class)s_normal_title", fields=["normal_title"]
            ),
            models.UniqueConstraint(name="taskdock_%(class)s_one_default", fields=["is_default"]),
            models.CheckConstraint(
                name="taskdock_%(class)s_default_true_or_null",
                condition=models.Q(is_default__isnull=True) | models.Q(is_default=True),
            ),
            models.CheckConstraint(
                name="taskdock_%(class)s_title_not_empty", condition=~models.Q(title="")
            ),
        ]

    def __str__(self) -> str:
        return self.title


class TaskStatus(Stage):
    """A column of the workflow. Exactly one is the default and exactly one means completed.

    The database sees to at most one of each, the services to at least one.
    """

    is_completed = FlagField(
        _("means completed"),
        default=None,
        help_text=_("Tasks that enter this status are completed."),
    )

    class Meta(Stage.Meta):
        abstract = False
        verbose_name = _("status")
        verbose_name_plural = _("statuses")
        constraints = [
            *Stage.Meta.constraints,
            models.UniqueConstraint(
                name="taskdock_taskstatus_one_completed", fields=["is_completed"]
            ),
            models.CheckConstraint(
                name="taskdock_taskstatus_completed_true_or_null",
                condition=models.Q(is_completed__isnull=True) | models.Q(is_completed=True),
            ),
        ]


class TaskPriority(Stage):
    """How urgent a task is. Exactly one is the default."""

    class Meta(Stage.Meta):
        abstract = False
        verbose_name = _("priority")
        verbose_name_plural = _("priorities")
