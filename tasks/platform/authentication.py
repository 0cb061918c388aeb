"""Who calls: ``Authorization: Bearer KEY``."""

import hmac
from collections.abc import Sequence
from datetime import timedelta
from functools import cache, partial
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import CharField, DateTimeField, Q, QuerySet
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tasks.actors import Actor, Door
from tasks.models import APIKey
from tasks.models.api_keys import digest_of
from tasks.people import has_field, user_model
from tasks.platform import wording
from tasks.platform.key_use import note_use
from tasks.platform.requests import APIRequest
from tasks.querysets import is_narrowed
from tasks.reads.people import name_columns
from tasks.statements import Parameter, Question, kept, with_rows

#: How fresh ``last_used_at`` is kept: a write a minute, not a write a request.
LAST_USE_STEP = timedelta(minutes=1)
#: What a request needs to know of its key.
_KEY_COLUMNS = ("id", "name", "user_id", "digest", "is_read_only")


class KeyAuthentication(BaseAuthentication):
    """Looks the key up in one query; every kind of bad key takes the same way to the same 401."""

    def authenticate(self, request: Request) -> tuple[AbstractBaseUser, Actor]:
        found = _usable_key(digest_of(_token(request)), cast("APIRequest", request))
        if found is None:
            raise AuthenticationFailed
        key, user = found
        return user, Actor(user=user, door=Door.API, key=key)

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


def _usable_key(digest: str, request: APIRequest) -> tuple[APIKey, AbstractBaseUser] | None:
    """The key with this digest, and its user, where both are good."""
    # Asked for each time: a key that is revoked, wherever, opens nothing from that moment on.
    of_key, of_user, now = _key_columns(), _user_columns(), timezone.now()
    lately = now - LAST_USE_STEP
    values = {"digest": digest, "now": now, "lately": lately}
    asked = Question(kept(APIKey, _usable_keys, of_key, of_user), values)
    foreseen, using = request.foreseen, asked.statement.using
    if foreseen is not None and foreseen.statement.using == using:
        row, request.found = with_rows(asked, foreseen)
    else:
        row = next(iter(asked.rows()), None)
    if row is None:
        return None
    *of_its_user, was_used_lately = row[len(of_key) :]
    key = APIKey.from_db(using, (*of_key, "revoked_at"), (*row[: len(of_key)], None))
    # Who only reads is not asked for anything: no instance need be made.
    user: Any = SimpleLazyObject(partial(user_model().from_db, using, of_user, of_its_user))
    is_usable = settings.USE_TZ or key.is_usable(now)
    is_active = has_field("is_active") or user.is_active
    if not (is_usable and is_active and hmac.compare_digest(key.digest, digest)):
        return None
    if not was_used_lately:
        note_use(key_id=key.pk, now=now, lately=lately)
    return key, user


def _usable_keys(of_key: Sequence[str], of_user: Sequence[str]) -> QuerySet[Any, Any]:
    """The key, and its user; what is not usable takes no longer than what is unknown."""
    usable = Q(expires_at=None) | Q(expires_at__gt=Parameter("now", DateTimeField()))
    if has_field("is_active"):
        usable &= Q(user__is_active=True)
    digest = Parameter("digest", CharField())
    keys = APIKey.objects.filter(usable, digest=digest, revoked_at=None, user__isnull=False)
    # The moment itself would be read with each row that is asked for beside the key.
    was_used_lately = Q(last_used_at__gt=Parameter("lately", DateTimeField()))
    told = keys.annotate(was_used_lately=was_used_lately).order_by()
    of_its_user = (f"user__{name}" for name in of_user)
    return told.values_list(*of_key, *of_its_user, "was_used_lately")


def _key_columns() -> tuple[str, ...]:
    """What is read of the key.

    Of naive times the database can't tell which are past: when clocks are set back, an hour comes
    twice.
    """
    return _KEY_COLUMNS if settings.USE_TZ else (*_KEY_COLUMNS, "expires_at")


def _user_columns() -> tuple[str, ...]:
    """What is read of the user: all of it where the site's own code will look at it.

    The rest is deferred: whoever asks for it after all makes a query.
    """
    return _columns_with(None if is_narrowed() else name_columns())


@cache
def _columns_with(names: tuple[str, ...] | None) -> tuple[str, ...]:
    every = tuple(field.attname for field in user_model()._meta.concrete_fields)
    if names is None:
        return every
    needed = {str(user_model()._meta.pk.attname), *names, "is_active", "is_staff", "is_superuser"}
    return tuple(column for column in every if column in needed)
