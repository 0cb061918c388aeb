"""Who calls: ``Authorization: Bearer KEY``."""

import hmac
from datetime import timedelta
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tasks.actors import Actor, Door
from tasks.models import APIKey
from tasks.models.api_keys import digest_of
from tasks.people import has_field
from tasks.platform import wording

#: How fresh ``last_used_at`` is kept: a write a minute, not a write a request.
LAST_USE_STEP = timedelta(minutes=1)


class KeyAuthentication(BaseAuthentication):
    """Looks the key up in one query; every kind of bad key takes the same way to the same 401."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, Actor]:
        key = _usable_key(digest_of(_token(request)))
        if key is None or key.user is None or not key.user.is_active:
            raise AuthenticationFailed
        _note_use(key)
        return key.user, Actor(user=key.user, door=Door.API, key=key)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class KeyMayWrite(BasePermission):
    """A read-only key reads."""

    message = wording.READ_ONLY

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = cast("Actor", request.auth)
        is_read = request.method in {"GET", "HEAD"}
        return is_read or actor.key is None or not actor.key.is_read_only


def _token(request: Request) -> str:
    scheme, _, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else ""


def _usable_key(digest: str) -> APIKey | None:
    now = timezone.now()
    usable = Q(revoked_at=None) & (Q(expires_at=None) | Q(expires_at__gt=now))
    if has_field("is_active"):
        usable &= Q(user__is_active=True)
    # What is not usable is not read, so that a revoked key takes no longer than an unknown one.
    key = APIKey.objects.filter(usable, digest=digest).select_related("user").first()
    return key if key is not None and hmac.compare_digest(key.digest, digest) else None


def _note_use(key: APIKey) -> None:
    now = timezone.now()
    if key.last_used_at is not None and now - key.last_used_at < LAST_USE_STEP:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - LAST_USE_STEP)
    APIKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
