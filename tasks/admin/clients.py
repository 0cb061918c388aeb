from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceForm, ServiceModelAdmin, register_once
from tasks.admin.fields import TagsField, format_tags, unix_lines
from tasks.admin.links import list_link
from tasks.admin.marks import badge
from tasks.admin.people import PersonField, by_login
from tasks.models import Client
from tasks.people import members_visible_to, person_name, users
from tasks.services import clients


class ClientForm(ServiceForm):
    """A client, with who looks after it and its tags."""

    tags = TagsField(show_hidden_initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client: Client = self.instance
        self.tag_names: list[str] = []
        if client.pk is not None:
            self.tag_names = sorted(client.client_tags.values_list("tag__name", flat=True))
            self.initial["tags"] = format_tags(self.tag_names)
        if "owner" in self.fields:
            # Who has left the team may stay.
            members = Q(pk__in=members_visible_to(self.actor).values("pk")) | Q(pk=client.owner_id)
            self.fields["owner"].queryset = by_login(users().filter(members))  # type: ignore[attr-defined]  # a PersonField

    def clean_tags(self) -> list[str]:
        """A tag that a browser rewrote (it ends lines its own way) is still the one it was."""
        written = {unix_lines(name): name for name in self.tag_names}
        return [written.get(name, name) for name in self.cleaned_data["tags"]]


class ClientAdmin(ServiceModelAdmin):
    """Clients. One that has projects can't be deleted."""

    form = ClientForm
    list_display = ("name", "status_badge", "owned_by", "projects", "created_at")
    list_filter = ("status",)
    list_select_related = ("owner",)
    search_fields = ("folded_name__contains",)
    search_help_text = _("Searches names.")
    people_fields = {"owner": members_visible_to}
    fieldsets = (
        (None, {"fields": ("name", "status", "vat", "description")}),
        (_("Contact"), {"fields": ("phone", "website")}),
        (
            _("Billing address"),
            {
                "fields": (
                    "billing_street",
                    "billing_city",
                    "billing_state",
                    "billing_zip",
                    "billing_country",
                    "invoice_due_days",
                )
            },
        ),
        (
            _("Shipping address"),
            {
                "fields": (
                    "shipping_street",
                    "shipping_city",
                    "shipping_state",
                    "shipping_zip",
                    "shipping_country",
                )
            },
        ),
        (_("Owner and tags"), {"fields": ("owner", "tags")}),
    )

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        if db_field.name == "owner":
            kwargs |= {"form_class": PersonField, "queryset": users()}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(
        self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "owner":
            # No links that add or change a user in passing.
            field.widget = getattr(field.widget, "widget", field.widget)
        return field

    @admin.display(description=_("status"), ordering="status")
    def status_badge(self, obj: Client) -> Any:
        kind = "good" if obj.status == Client.Status.ACTIVE else "muted"
        return badge(obj.get_status_display(), kind)

    @admin.display(description=_("account owner"))
    def owned_by(self, obj: Client) -> str | None:
        return None if obj.owner is None else person_name(obj.owner)

    @admin.display(description=_("projects"))
    def projects(self, obj: Client) -> str:
        return list_link(self, "project", _("Projects"), client__id__exact=obj.pk)

    @admin.display(description=_("tags"))
    def tags(self, obj: Client) -> str:
        return format_tags(sorted(obj.client_tags.values_list("tag__name", flat=True)))

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        tags = values.pop("tags")
        client = clients.create_client(actor=actor, **values)
        if tags:
            clients.set_client_tags(actor=actor, client_id=client.pk, names=tags)
        return client

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        tags = values.pop("tags", None)
        clients.update_client(actor=actor, client_id=pk, **values)
        if tags is not None:
            clients.set_client_tags(actor=actor, client_id=pk, names=tags)

    def delete_row(self, actor: Actor, pk: int) -> None:
        clients.delete_client(actor=actor, client_id=pk)


def register(site: AdminSite) -> None:
    """Register clients."""
    register_once(site, Client, ClientAdmin)
