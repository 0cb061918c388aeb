"""Who may do everything, and the first one of a new site.

A user model need not have ``is_superuser`` or ``is_staff``: of the flags that Django's admin goes
by, those count that the model has.
"""

import secrets
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, router, transaction

from tasks.batches import by_key
from tasks.database_errors import is_outage
from tasks.people import has_field, user_model, users

#: What makes an administrator of a user.
FLAGS = ("is_superuser", "is_staff", "is_active")


def administrator() -> AbstractBaseUser | None:
    """The first active administrator there is, by primary key."""
    rank = "is_superuser" if has_field("is_superuser") else "is_staff"
    flags = {name: True for name in (rank, "is_active") if has_field(name)}
    candidates = by_key(users().filter(**flags))
    return next((user for user in candidates if user.is_active), None)


def make_administrator() -> tuple[AbstractBaseUser, str] | None:
    """An administrator called "admin" (or "admin2", ...), and the password, which is stored hashed.

    None where the site's user model asks for more than can be made up.
    """
    number = 1
    while users().filter(**{username_field(): login(_numbered("admin", number))}):
        number += 1
    password = secrets.token_urlsafe(12)
    user = make_user(_numbered("admin", number), password=password, **dict.fromkeys(FLAGS, True))
    return None if user is None else (user, password)


def username_field() -> str:
    """The name of the field that users sign in with."""
    model: Any = user_model()
    name: str = model.USERNAME_FIELD
    return name


def login(name: str) -> str:
    """What somebody of this name is called by the field that users sign in with."""
    return f"{name}@example.com" if "mail" in username_field().lower() else name


def make_user(
    name: str, /, *, password: str | None = None, **values: object
) -> AbstractBaseUser | None:
    """A user who signs in as ``name``; without a password, nobody can.

    Values that the user model has no field for are left out. None where the model asks for more:
    nothing is written then.
    """
    model = user_model()
    values = {model.get_email_field_name(): f"{name}@example.com", **values}
    values[username_field()] = login(name)
    try:
        user = model(**{field: value for field, value in values.items() if has_field(field)})
        user.set_password(password)
        # The key is the model's own business: it is empty until the row is saved.
        user.full_clean(exclude={model._meta.pk.name})
        with transaction.atomic(using=router.db_for_write(model)):
            user.save(force_insert=True)
    except DatabaseError as error:
        if (
            is_outage(error)
            or transaction.get_connection(router.db_for_write(model)).needs_rollback
        ):
            raise
        return None
    except (ValidationError, TypeError, ValueError):
        return None
    return user


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}{number}"
