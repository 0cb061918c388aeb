"""Who acts: every service takes an ``Actor``, never a bare user."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

    from tasks.models import APIKey


class Door(StrEnum):
    """The way by which a change came in."""

    API = "api"
    ADMIN = "admin"
    COMMAND = "command"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Actor:
    """A user at a door, with the key that opened it where the door is the API.

    ``user`` is None where no person acts: a scheduled command, a host's own code.
    """

    user: AbstractBaseUser | None = None
    door: Door = Door.CODE
    key: APIKey | None = None

    @property
    def user_id(self) -> Any:
        """The user's primary key, of whatever type, or None."""
        return None if self.user is None else self.user.pk

    @property
    def name(self) -> str:
        """How history names the actor, for good: the user, or else the door."""
        from tasks.people import person_name

        return person_name(self.user) if self.user is not None else f"({self.door.value})"


#: Stands for every actor where a site shows the same to all of them.
ANYBODY = Actor()
