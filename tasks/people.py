"""People of whatever user model the site has.

Nothing is assumed of the model but what Django asks of every user model: a primary key of any
type and ``USERNAME_FIELD``.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Case, F, TextField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from tasks import conf
from tasks.batches import by_key
from tasks.folding import fold

if TYPE_CHECKING:
    from tasks.actors import Actor

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


@cache
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


def team() -> models.QuerySet[AbstractBaseUser]:
    """Who is listed: what ``TASKDOCK["TEAM_MEMBERS"]`` says, else all users on staff.

    Who was suspended is still there by default: tasks go on naming them.
    """
    chosen = conf.hook("TEAM_MEMBERS")
    if chosen is not None:
        # A subquery: the site's joins, DISTINCT and order are no concern of those who read on.
        return users().filter(pk__in=chosen().values("pk"))
    flags = {name: True for name in ("is_staff",) if has_field(name)}
    return users().filter(**flags)


def team_visible_to(actor: Actor) -> models.QuerySet[AbstractBaseUser]:
    """What ``actor`` may see of the team: all, or what ``TASKDOCK["VISIBLE_TO"]`` leaves of it."""
    return _visible(team(), actor)


def members_visible_to(actor: Actor) -> models.QuerySet[AbstractBaseUser]:
    """Whom ``actor`` may assign: of those who may be assigned, whom they see."""
    return _visible(team_members(), actor)


def users_visible_to(actor: Actor) -> models.QuerySet[AbstractBaseUser]:
    """Which users ``actor`` may see."""
    return _visible(users(), actor)


def _visible(
    people: models.QuerySet[AbstractBaseUser], actor: Actor
) -> models.QuerySet[AbstractBaseUser]:
    narrow = conf.hook("VISIBLE_TO")
    return people if narrow is None else people.filter(pk__in=narrow(users(), actor).values("pk"))


def team_called(text: str) -> list[Any]:
    """The primary keys of the team's members with this text in name, e-mail address or username.

    Without regard to case or to normal forms, beyond ASCII too, every character literal. A team is
    small, so this is done here: no two databases agree on it, and a name may be made by the model.
    """
    folded, email = fold(text), email_column()

    def texts(user: AbstractBaseUser) -> list[Any]:
        address = getattr(user, email) if email is not None else None
        return [person_name(user), address, user.get_username()]

    return [
        user.pk
        for user in by_key(team())
        if any(folded in fold(str(said)) for said in texts(user) if said is not None)
    ]


@cache
def email_column() -> str | None:
    """The column of the user model's e-mail address, or None where it has none."""
    name = user_model().get_email_field_name()
    return name if has_field(name) else None


def name_in_database(people: models.QuerySet[AbstractBaseUser]) -> Combinable:
    """``person_name`` as well as a database can say it: first and last name, else the username.

    Where the site makes the names, it is told those of these ``people``, read for that.
    """

    def text(value: str) -> Combinable:
        return Value(value, output_field=TextField())

    if conf.hook("PERSON_NAME") is not None:
        names = [When(pk=user.pk, then=text(person_name(user))) for user in by_key(people)]
        return Case(*names, output_field=TextField())
    username = Cast(F(user_model().USERNAME_FIELD), TextField())  # type: ignore[attr-defined]  # every user model has it
    stored = [name for name in ("first_name", "last_name") if has_field(name)]
    if not stored:
        return username
    parts = [Coalesce(Cast(F(name), TextField()), text("")) for name in stored]
    full = Concat(parts[0], text(" "), parts[1]) if len(parts) > 1 else parts[0]
    return Coalesce(NullIf(Trim(full), text("")), username)


def person_name(user: AbstractBaseUser) -> str:
    """What ``TASKDOCK["PERSON_NAME"]`` says, else the full name, or the username without one.

    Never empty.
    """
    chosen = conf.hook("PERSON_NAME")
    given = "" if chosen is None else str(chosen(user) or "").strip()
    return given or _own_name(user)


def _own_name(user: AbstractBaseUser) -> str:
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


def ids_are_uuids() -> bool:
    """Whether the user model's primary key is a UUID."""
    return _key_type() is uuid.UUID


def storable(user_id: UserId) -> bool:
    """Whether this can be an id at all; a larger one names nobody, nor does 0.

    MariaDB, where 0 asks for the next id, would not even look for it.
    """
    return not isinstance(user_id, int) or 0 < abs(user_id) <= BIGGEST_ID


def parse_key(value: object) -> int | None:
    """The key of one of our rows that ``parse_integer`` finds; None for what can be no key."""
    number = parse_integer(value)
    return number if number is not None and storable(number) else None


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
def user_key() -> Any:
    """The field of the user model's primary key, where that is a relation the one behind it."""
    field: Any = user_model()._meta.pk
    while field.remote_field is not None:
        field = field.target_field
    return field


@cache
def _key_type() -> type:
    field = user_key()
    if isinstance(field, models.UUIDField):
        return uuid.UUID
    return int if isinstance(field, models.IntegerField) else str
