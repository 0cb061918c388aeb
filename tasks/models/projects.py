from django.conf import settings
from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.folding import GROWTH
from tasks.models.clients import Client
from tasks.models.fields import CasefoldedField, FlagField, FoldingModel, NormalField
from tasks.querysets import MilestoneQuerySet, VisibleQuerySet

TITLE_LENGTH = 255
COLOR_LENGTH = 50
#: A colour of a milestone is a key, not a value: what it looks like is for who shows it.
COLOR_KEY = r"[A-Za-z0-9-]+"

color_key_validator = RegexValidator(
    rf"\A{COLOR_KEY}\Z", _("A colour is a key of letters, digits and dashes.")
)


class Project(FoldingModel):
    """What tasks belong to. Every project has exactly one default milestone.

    ``manual_progress`` is a percentage set by hand; without one, the progress is the share of the
    active tasks that are completed.
    """

    class Status(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        IN_PROGRESS = "in_progress", _("in progress")
        ON_HOLD = "on_hold", _("on hold")
        CANCELLED = "cancelled", _("cancelled")
        COMPLETED = "completed", _("completed")

    client = models.ForeignKey(
        Client,
        verbose_name=_("client"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="projects",
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    folded_title = CasefoldedField(source="title", max_length=GROWTH * TITLE_LENGTH)
    description = models.TextField(_("description"), null=True, blank=True)  # noqa: DJ001 (the API tells null apart)
    status = models.CharField(
        _("status"), max_length=20, choices=Status, default=Status.NOT_STARTED
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    manual_progress = models.PositiveSmallIntegerField(
        _("progress by hand"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(100)],
        help_text=_("A percentage. Left empty: the share of the tasks that are completed."),
    )
    manager = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("manager"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    start_date = models.DateField(_("start"), null=True, blank=True)
    due_date = models.DateField(_("due"), null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                name="taskdock_project_title_not_empty", condition=~models.Q(title="")
            ),
            models.CheckConstraint(
                name="taskdock_project_due_after_start",
                condition=models.Q(start_date__isnull=True)
                | models.Q(due_date__isnull=True)
                | models.Q(due_date__gte=models.F("start_date")),
                violation_error_message=_("The due date must be on or after the start date."),
            ),
            models.CheckConstraint(
                name="taskdock_project_progress_percentage",
                condition=models.Q(manual_progress__isnull=True)
                | models.Q(manual_progress__lte=100),
            ),
        ]
        indexes = [models.Index(name="taskdock_project_created", fields=["created_at", "id"])]

    def __str__(self) -> str:
        return self.title


class ProjectMember(models.Model):
    """A team member assigned to a project. Goes with its user, as with a task's assignee."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, db_index=False, related_name="members"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("team member"),
        on_delete=models.CASCADE,
        related_name="+",
    )

    class Meta:
        verbose_name = _("team member of a project")
        verbose_name_plural = _("team members of projects")
        constraints = [
            models.UniqueConstraint(name="taskdock_member_once", fields=["project", "user"])
        ]

    def __str__(self) -> str:
        return f"{self.project_id}: {self.user_id}"


class Milestone(FoldingModel):
    """A stage of a project. The default one ("Uncategorised") takes what has no other.

    ``normal_title`` is what makes a title unique in its project, composed or decomposed.
    """

    class Color(models.TextChoices):
        """The colours that the admin knows; any other key is kept as it is."""

        DEFAULT = "default", _("grey")
        PRIMARY = "primary", _("blue")
        INFO = "info", _("cyan")
        SUCCESS = "success", _("green")
        WARNING = "warning", _("yellow")
        DANGER = "danger", _("red")

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.CASCADE, related_name="milestones"
    )
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    folded_title = CasefoldedField(source="title", max_length=GROWTH * TITLE_LENGTH)
    normal_title = NormalField(source="title", max_length=GROWTH * TITLE_LENGTH)
    color = models.CharField(
        _("colour"),
        max_length=COLOR_LENGTH,
        default=Color.DEFAULT,
        validators=[color_key_validator],
    )
    position = models.BigIntegerField(_("position"), default=0, editable=False)
    is_default = FlagField(_("default"), default=None, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("created by"),
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                name="taskdock_milestone_one_default", fields=["project", "is_default"]
            ),
            models.UniqueConstraint(
                name="taskdock_milestone_title_unique",
                fields=["project", "normal_title"],
            ),
            models.CheckConstraint(
                name="taskdock_milestone_default_true_or_null",
                condition=models.Q(is_default__isnull=True) | models.Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.title
