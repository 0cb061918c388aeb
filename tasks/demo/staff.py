"""The agency's people: made where the site's user model allows it, else those who are there."""

import random
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice, product
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models, router, transaction

from tasks.demo.catalogue import words
from tasks.demo.documented import PERSON_ID
from tasks.people import UserId, team_members, user_model, users
from tasks.services.administrators import login, make_user, username_field
from tasks.services.bulk import advance_sequences

ROLES = ("design", "development", "content", "strategy", "management")
_PEOPLE = (
    ("Sam", "Lee", "design"),
    ("Nadia", "Okafor", "management"),
    ("Jonas", "Brandt", "development"),
    ("Priya", "Raman", "development"),
    ("Clara", "Lindqvist", "content"),
    ("Mateo", "Alvarez", "strategy"),
    ("Ines", "Carvalho", "design"),
    ("Tom", "Whitaker", "development"),
    ("Aiko", "Tanaka", "content"),
)


@dataclass(frozen=True, slots=True)
class Staff:
    """The primary keys of those who do the work, by role; ``documented`` is whose id is known."""

    by_role: dict[str, Sequence[UserId]]
    documented: tuple[UserId, ...]

    def __len__(self) -> int:
        return len({pk for people in self.by_role.values() for pk in people})


def hire(size: int, rng: random.Random) -> Staff:
    """So many people, Sam Lee first and, if that id is free, under the documented one."""
    hired: list[tuple[UserId, str]] = []
    for number, (first, last, role) in enumerate(islice(_names(), size)):
        pk = _key(rng, wanted=PERSON_ID if number == 0 else None)
        person = _known(first, last) or _new(first, last, pk)
        if person is None:
            continue
        hired.append((person.pk, role))
        if pk:
            # On PostgreSQL those who follow would else be counted up to the documented id.
            advance_sequences(user_model())
    return _staff(hired or _found(size))


def _names() -> Iterator[tuple[str, str, str]]:
    yield from _PEOPLE
    for number in count():
        for last, first in product(words("person_last"), words("person_first")):
            role = ROLES[(len(first) + len(last) + number) % len(ROLES)]
            yield first, last if number == 0 else f"{last} {number + 1}", role


def _key(rng: random.Random, *, wanted: int | None) -> dict[str, Any]:
    """The key to give to a person, where the model leaves it to us or the docs name it."""
    key = user_model()._meta.pk
    if isinstance(key, models.UUIDField):
        return {key.attname: uuid.UUID(int=rng.getrandbits(128), version=4)}
    if isinstance(key, models.IntegerField) and wanted and not users().filter(pk=wanted).exists():
        return {key.attname: wanted}
    return {}


def _known(first: str, last: str) -> AbstractBaseUser | None:
    """The person as an earlier demo has left them."""
    name = login(_username(first, last))
    try:
        return team_members().filter(**{username_field(): name}).first()
    except (TypeError, ValueError):
        return None


def _new(first: str, last: str, key: dict[str, Any]) -> AbstractBaseUser | None:
    """A team member who did not exist, or None, and nothing written, where there can't be one."""
    full_name = f"{first} {last}"
    with transaction.atomic(using=router.db_for_write(user_model())):
        person = make_user(
            _username(first, last),
            first_name=first,
            last_name=last,
            name=full_name,
            full_name=full_name,
            is_staff=True,
            is_active=True,
            **key,
        )
        if person is None or team_members().filter(pk=person.pk).exists():
            return person
        transaction.set_rollback(True, using=router.db_for_write(user_model()))
    return None


def _username(first: str, last: str) -> str:
    return f"{first}.{last}".lower().replace(" ", "")


def _found(size: int) -> list[tuple[UserId, str]]:
    people = team_members().order_by("pk").values_list("pk", flat=True)[:size]
    return [(pk, ROLES[number % len(ROLES)]) for number, pk in enumerate(people)]


def _staff(people: Sequence[tuple[UserId, str]]) -> Staff:
    everybody = [pk for pk, _ in people]
    return Staff(
        by_role={role: [pk for pk, does in people if does == role] or everybody for role in ROLES},
        documented=tuple(everybody[:1]),
    )
