from typing import Any

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.db import models
from django.utils.translation import gettext_lazy as _

from tasks.actors import Actor
from tasks.admin.base import ServiceModelAdmin, register_once
from tasks.admin.links import list_link
from tasks.models import Client
from tasks.services import clients


class ClientAdmin(ServiceModelAdmin):
    """Clients. One that has projects can't be deleted."""

    list_display = ("name", "projects", "created_at")
    search_fields = ("name",)
    fields = ("name", "description")

    @admin.display(description=_("projects"))
    def projects(self, obj: Client) -> str:
        return list_link(self, "project", _("Projects"), client__id__exact=obj.pk)

    def create_row(self, actor: Actor, values: dict[str, Any]) -> models.Model:
        return clients.create_client(actor=actor, **values)

    def update_row(self, actor: Actor, pk: int, values: dict[str, Any]) -> None:
        clients.update_client(actor=actor, client_id=pk, **values)

    def delete_row(self, actor: Actor, pk: int) -> None:
        clients.delete_client(actor=actor, client_id=pk)


def register(site: AdminSite) -> None:
    """Register clients."""
    register_once(site, Client, ClientAdmin)
