from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tasks.folding import GROWTH
from tasks.models.fields import CasefoldedField, FoldingModel
from tasks.querysets import VisibleQuerySet

NAME_LENGTH = 255


class Client(FoldingModel):
    """Who projects are done for. Managed in the admin; the API reads.

    What may be empty is an empty string; ``invoice_due_days`` is null where nothing is agreed.
    """

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        SUSPENDED = "suspended", _("suspended")

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    folded_name = CasefoldedField(source="name", max_length=GROWTH * NAME_LENGTH)
    description = models.TextField(_("description"), blank=True, default="")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    phone = models.CharField(_("phone"), max_length=50, blank=True, default="")
    website = models.CharField(_("website"), max_length=255, blank=True, default="")
    vat = models.CharField(_("VAT number"), max_length=50, blank=True, default="")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("account owner"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    billing_street = models.CharField(_("street"), max_length=255, blank=True, default="")
    billing_city = models.CharField(_("city"), max_length=100, blank=True, default="")
    billing_state = models.CharField(_("state"), max_length=100, blank=True, default="")
    billing_zip = models.CharField(_("postal code"), max_length=20, blank=True, default="")
    billing_country = models.CharField(_("country"), max_length=100, blank=True, default="")
    invoice_due_days = models.PositiveSmallIntegerField(
        _("days to pay an invoice"), null=True, blank=True
    )
    shipping_street = models.CharField(_("street"), max_length=255, blank=True, default="")
    shipping_city = models.CharField(_("city"), max_length=100, blank=True, default="")
    shipping_state = models.CharField(_("state"), max_length=100, blank=True, default="")
    shipping_zip = models.CharField(_("postal code"), max_length=20, blank=True, default="")
    shipping_country = models.CharField(_("country"), max_length=100, blank=True, default="")
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
