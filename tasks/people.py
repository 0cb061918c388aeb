"""People of whatever user model the site has.

Nothing is assumed of the model but what Django asks of every user model: a primary key of any
type and ``USERNAME_FIELD``.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist
from django.db import models

from tasks import conf

UserId: TypeAlias = int | uuid.UUID | str
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)
#: The largest integer that a column of ours, or of anybody's users, holds.
BIGGEST_ID = 2**63 - 1
#: Python refuses to read integers of many thousand digits; nothing means one.
_MAX_DIGITS = 1000


class Person(NamedTuple):
    """A person as the API shows one: ``id`` an integer or a string, ``name`` never empty."""

    id: int | str
    name: str


def user_model() -> type[AbstractBaseUser]:
    """The site's user model."""
    return get_user_model()


def users() -> models.QuerySet[AbstractBaseUser]:
    """All users, past whatever default manager the model has."""
    return user_model()._base_manager.all()


@cache
def has_field(name: str) -> bool:
    """Whether the user model stores ``name`` (it may also be a property or missing)."""
    try:
        return user_model()._meta.get_field(name).concrete
    except FieldDoesNotExist:
        return False


def team_members() -> models.QuerySet[AbstractBaseUser]:
    """Who may be assigned: what ``TASKDOCK["TEAM_MEMBERS"]`` says, else active users on staff."""
    chosen = conf.hook("TEAM_MEMBERS")
    if chosen is not None:
        queryset: models.QuerySet[AbstractBaseUser] = chosen()
        return queryset
    flags = {name: True for name in ("is_active", "is_staff") if has_field(name)}
    return users().filter(**flags)


def person_name(user: AbstractBaseUser) -> str:
    """The full name, or the username (whatever the user model calls it) where there is none."""
    names = [getattr(user, name, "") for name in ("first_name", "last_name")]
    full_name = ""
    # Names that are None would come back from Django's own get_full_name() as "None None".
    if None not in names and hasattr(user, "get_full_name"):
        full_name = str(user.get_full_name() or "").strip()
    else:
        full_name = " ".join(name for name in names if name).strip()
    return full_name or str(user.get_username() or "") or str(user.pk)


def person(user: AbstractBaseUser) -> Person:
    """The user as the API shows one."""
    return Person(id=wire_id(user.pk), name=person_name(user))


def people_by_id(ids: Iterable[Any]) -> dict[Any, Person]:
    """The people with these primary keys, in one query; who is gone is left out."""
    wanted = set(ids)
    if not wanted:
        return {}
    return {user.pk: person(user) for user in users().filter(pk__in=wanted)}


def wire_id(pk: Any) -> int | str:
    """A primary key as JSON holds it: an integer stays one, all else is a string."""
    return pk if isinstance(pk, int) else str(pk)


def parse_user_id(value: object) -> UserId | None:
    """The primary key that ``value`` (a string, or a JSON integer) stands for.

    None where it is not in the form that the user model's keys have.
    """
    kind = _key_type()
    if kind is uuid.UUID:
        if isinstance(value, str) and _UUID.fullmatch(value):
            return uuid.UUID(value)
        return None
    if kind is int:
        return parse_integer(value)
    return value if isinstance(value, str) and value and "\x00" not in value else None


def ids_are_integers() -> bool:
    """Whether the user model's primary key is an integer."""
    return _key_type() is int


def storable(user_id: UserId) -> bool:
    """Whether a database could hold this id at all; a larger one names nobody."""
    return not isinstance(user_id, int) or abs(user_id) <= BIGGEST_ID


def parse_integer(value: object) -> int | None:
    """Decimal ASCII digits or a JSON integer; None for anything else, ``True`` included."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= _MAX_DIGITS:
        return int(value)
    return None


@cache
def _key_type() -> type:
    field: Any = user_model()._meta.pk
    while field.remote_field is not None:
        field = field.target_field
    if isinstance(field, models.UUIDField):
        return uuid.UUID
    return int if isinstance(field, models.IntegerField) else str
