"""Keys to the API: made, changed and revoked, never shown again."""

import datetime as dt
from typing import TypedDict, Unpack

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import KeyNotFound
from tasks.models import APIKey
from tasks.services.changes import apply
from tasks.services.history import record
from tasks.texts import check_shown


class APIKeyFields(TypedDict, total=False):
    """What may be changed of a key that exists."""

    name: str
    is_read_only: bool
    expires_at: dt.datetime | None


def create_api_key(
    *,
    actor: Actor,
    name: str,
    user: AbstractBaseUser,
    is_read_only: bool = False,
    expires_at: dt.datetime | None = None,
) -> tuple[APIKey, str]:
    """A new key that acts as ``user``, and the token to hand out; it is not stored anywhere.

    Raises ``TextMissing``.
    """
    check_shown("name", name)
    with atomic():
        key, token = APIKey.generate(
            name=name, user=user, is_read_only=is_read_only, expires_at=expires_at
        )
        key.save(force_insert=True)
        record(actor=actor, verb="created", subject=key)
    return key, token


def update_api_key(*, actor: Actor, key_id: int, **fields: Unpack[APIKeyFields]) -> APIKey:
    """Change the given fields; takes effect at once. Raises ``KeyNotFound`` and ``TextMissing``."""
    if "name" in fields:
        check_shown("name", fields["name"])
    with atomic():
        key = _lock(key_id)
        changes = apply(key, fields)
        if changes:
            key.save(update_fields=list(changes))
            record(actor=actor, verb="updated", subject=key, changes=changes)
    return key


def revoke_api_key(*, actor: Actor, key_id: int) -> APIKey:
    """End a key at once and for good; idempotent. Raises ``KeyNotFound``."""
    with atomic():
        key = _lock(key_id)
        if key.revoked_at is None:
            changes = apply(key, {"revoked_at": timezone.now()})
            key.save(update_fields=["revoked_at"])
            record(actor=actor, verb="revoked", subject=key, changes=changes)
    return key


def _lock(key_id: int) -> APIKey:
    key = APIKey.objects.select_for_update().filter(pk=key_id).first()
    if key is None:
        raise KeyNotFound
    return key
