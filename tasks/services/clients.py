"""Every change of a client."""

from typing import TypedDict, Unpack

from django.db.models import ProtectedError

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import ClientNotFound, StillInUse
from tasks.models import Client
from tasks.services.changes import apply, moment_after
from tasks.services.history import record


class ClientFields(TypedDict, total=False):
    """What an update of a client may change."""

    name: str
    description: str


def create_client(*, actor: Actor, name: str, description: str = "") -> Client:
    """A new client."""
    with atomic():
        client = Client.objects.create(name=name, description=description)
        record(actor=actor, verb="created", subject=client)
    return client


def update_client(*, actor: Actor, client_id: int, **fields: Unpack[ClientFields]) -> Client:
    """Change the given fields and no others. Raises ``ClientNotFound``."""
    with atomic():
        client = _lock(actor, client_id)
        changes = apply(client, fields)
        if changes:
            client.updated_at = moment_after(client.updated_at)
            client.save(update_fields=[*changes, "updated_at"])
            record(actor=actor, verb="updated", subject=client, changes=changes)
    return client


def delete_client(*, actor: Actor, client_id: int) -> None:
    """Delete a client without projects. Raises ``ClientNotFound`` and ``StillInUse``."""
    with atomic():
        client = _lock(actor, client_id)
        record(actor=actor, verb="deleted", subject=client)
        try:
            client.delete()
        except ProtectedError as error:
            raise StillInUse("The client still has projects.") from error


def _lock(actor: Actor, client_id: int) -> Client:
    client: Client | None = (
        Client.objects.visible_to(actor).select_for_update().filter(pk=client_id).first()
    )
    if client is None:
        raise ClientNotFound
    return client
