"""People beside the rows that they belong to: within the same statement wherever that is exact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, TypeAlias

import orjson
from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import CharField, F, TextField
from django.db.models.expressions import Combinable

from tasks import conf
from tasks.aggregates import JSONArray
from tasks.people import (
    Person,
    has_field,
    ids_are_uuids,
    people_by_id,
    user_key,
    user_model,
    wire_id,
)

_STOCK = ("django.contrib.auth.models", "AbstractUser.get_full_name")

#: How many lists of people are remembered as what they are shown as: the same ones come again and
#: again, and the text has all that counts.
_REMEMBERED = 1000
#: People as the API shows them: ``{id, name}``.
Shown: TypeAlias = list[dict[str, Any]]


def name_columns() -> tuple[str, ...] | None:
    """The columns that a name is made of, the username last; None where Python makes it."""
    return None if conf.hook("PERSON_NAME") is not None else _columns_of_model()


@cache
def _columns_of_model() -> tuple[str, ...] | None:
    """``name_columns``, as far as the user model goes; None where it makes the name itself.

    A model does that has a ``get_full_name`` or ``get_username`` of its own, names that are no
    columns, or columns whose texts Python still has to do something with.
    """
    model: Any = user_model()
    full_name = getattr(model, "get_full_name", None)
    # Told apart by its name: its module can't be imported where its app is not installed.
    if full_name is not None and (full_name.__module__, full_name.__qualname__) != _STOCK:
        return None
    if model.get_username is not AbstractBaseUser.get_username:
        return None
    names = [name for name in ("first_name", "last_name") if hasattr(model, name)]
    columns = (*names, str(model.USERNAME_FIELD))
    return columns if all(map(_is_plain_text, columns)) else None


def _is_plain_text(name: str) -> bool:
    if not has_field(name):
        return False
    field = user_model()._meta.get_field(name)
    return isinstance(field, CharField | TextField) and not hasattr(field, "from_db_value")


def person_expression(path: str) -> Combinable:
    """A person as one value: the key, and what the name is made of if columns are enough."""
    prefix = f"{path}__" if path else ""
    parts = [F(f"{prefix}pk"), *(F(prefix + name) for name in name_columns() or ())]
    return JSONArray(*parts)


def ids_in(texts: Iterable[str | None]) -> set[Any]:
    """The primary keys in lists of ``person_expression``."""
    to_key = user_key().to_python
    return {to_key(person[0]) for text in texts if text for person in orjson.loads(text)}


def known_people(texts: Iterable[str | None]) -> Mapping[Any, Person] | None:
    """Who is in these lists, read from their rows; None where the lists say it themselves."""
    return None if name_columns() is not None else people_by_id(ids_in(texts))


def shown(text: str | None, known: Mapping[Any, Person] | None) -> Shown:
    """A list of ``person_expression`` as the API shows it, by id.

    ``known`` are all who may be in it, where names are not; who is gone is left out.
    """
    if not text or text == "[]":
        return []
    if known is None:
        return _named(text)
    return [known[person[0]]._asdict() for person in _people_in(text) if person[0] in known]


@lru_cache(maxsize=_REMEMBERED)
def _named(text: str) -> Shown:
    """Nobody changes what this returns: it is the same for the same text."""
    return [{"id": wire_id(key), "name": _name(key, *names)} for key, *names in _people_in(text)]


def _people_in(text: str) -> list[list[Any]]:
    people: list[list[Any]] = orjson.loads(text)
    if ids_are_uuids():
        # Databases tell them differently.
        people = [[user_key().to_python(key), *names] for key, *names in people]
    if len(people) > 1:
        people.sort(key=itemgetter(0))
    return people


def _name(key: Any, *names: str | None) -> str:
    """As ``person_name`` makes it, of the columns of ``name_columns``."""
    return " ".join(filter(None, names[:-1])).strip() or names[-1] or str(key)
