"""Every change of a client."""

from collections.abc import Iterable
from typing import TypedDict, Unpack

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import ProtectedError

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import ClientInUse, ClientNotFound
from tasks.models import Client, ClientTag, Project
from tasks.services.changes import apply, moment_after
from tasks.services.history import Changes, record
from tasks.services.removal import remove_row
from tasks.services.tagging import replace_tags
from tasks.texts import check_shown


class OptionalClientFields(TypedDict, total=False):
    """What may be left out of a new client; what may be empty is an empty string, never null."""

    description: str
    status: str
    phone: str
    website: str
    vat: str
    owner: AbstractBaseUser | None
    billing_street: str
    billing_city: str
    billing_state: str
    billing_zip: str
    billing_country: str
    invoice_due_days: int | None
    shipping_street: str
    shipping_city: str
    shipping_state: str
    shipping_zip: str
    shipping_country: str


class ClientFields(OptionalClientFields, total=False):
    """What an update of a client may change."""

    name: str


def create_client(*, actor: Actor, name: str, **fields: Unpack[OptionalClientFields]) -> Client:
    """A new client. Raises ``TextMissing``."""
    check_shown("name", name)
    with atomic():
        client = Client.objects.create(name=name, **fields)
        record(actor=actor, verb="created", subject=client)
    return client


def update_client(*, actor: Actor, client_id: int, **fields: Unpack[ClientFields]) -> Client:
    """Change the given fields and no others.

    Raises ``ClientNotFound`` and ``TextMissing``.
    """
    if "name" in fields:
        check_shown("name", fields["name"])
    with atomic():
        client = _lock(actor, client_id)
        _save_changes(actor, client, "updated", apply(client, fields))
    return client


def set_client_tags(*, actor: Actor, client_id: int, names: Iterable[str]) -> Client:
    """Make exactly these the client's tags; idempotent, duplicates collapse, new ones are made.

    Names are trimmed and told apart by case. Raises ``ClientNotFound``.
    """
    with atomic():
        client = _lock(actor, client_id)
        _save_changes(actor, client, "tagged", replace_tags(ClientTag, client, names))
    return client


def delete_client(*, actor: Actor, client_id: int) -> None:
    """Delete a client without projects.

    Raises ``ClientNotFound``, ``ClientInUse``, and ``StillReferredTo`` where rows of the site's
    refer to it.
    """
    with atomic():
        client = _lock(actor, client_id)
        record(actor=actor, verb="deleted", subject=client)
        try:
            remove_row(client)
        except ProtectedError as error:
            if not any(isinstance(one, Project) for one in error.protected_objects):
                raise
            raise ClientInUse from error


def _lock(actor: Actor, client_id: int) -> Client:
    client: Client | None = (
        Client.objects.visible_to(actor).select_for_update().filter(pk=client_id).first()
    )
    if client is None:
        raise ClientNotFound
    return client


def _save_changes(actor: Actor, client: Client, verb: str, changes: Changes) -> None:
    """Write a locked client's changed fields and its history; nothing for no changes."""
    if not changes:
        return
    client.updated_at = moment_after(client.updated_at)
    stored = {field.name for field in client._meta.concrete_fields}
    client.save(update_fields=[*(stored & changes.keys()), "updated_at"])
    record(actor=actor, verb=verb, subject=client, changes=changes)
