"""Whom a command acts as."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError

from tasks.folding import spellings
from tasks.people import users
from tasks.services.administrators import administrator, username_field


def first_administrator(purpose: str) -> AbstractBaseUser:
    """The first active superuser; ``purpose`` says what for, after "whom". Or ``CommandError``."""
    user = administrator()
    if user is None:
        raise CommandError(
            f"There is no active superuser whom {purpose}. Make one with "
            "createsuperuser, or name a user with --user."
        )
    return user


def user_called(who: str) -> AbstractBaseUser:
    """The user who signs in as ``who``, or ``CommandError``."""
    field = username_field()
    try:
        found = list(users().filter(**{f"{field}__in": spellings(who)})[:2])
    except (TypeError, ValueError, ValidationError):
        found = []
    user = next((one for one in found if str(one.get_username()) == who), next(iter(found), None))
    if user is None:
        raise CommandError(f"There is no user with the {field} {who!r}.")
    return user
