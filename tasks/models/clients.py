from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.querysets import VisibleQuerySet


class Client(models.Model):
    """Who projects are done for. Managed in the admin; the API shows ``{id, name}``."""

    name = models.CharField(_("name"), max_length=255)
    description = models.TextField(_("description"), blank=True, default="")
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("updated"), default=timezone.now, editable=False)

    objects = VisibleQuerySet.as_manager()

    class Meta:
        verbose_name = _("client")
        verbose_name_plural = _("clients")
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="taskdock_client_name_not_empty", condition=~models.Q(name="")
            )
        ]

    def __str__(self) -> str:
        return self.name
