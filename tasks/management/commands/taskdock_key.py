"""``taskdock_key``: a new key to the API, on standard output and nowhere else."""

import datetime as dt
import re
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from tasks.actors import Actor, Door
from tasks.clock import after, as_kept, instant, instant_of_row
from tasks.folding import is_blank
from tasks.management.users import first_administrator, user_called
from tasks.models import APIKey
from tasks.services.api_keys import create_api_key

_DAYS = re.compile(r"(\d{1,5})d", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class Command(BaseCommand):
    help = "Makes an API key, and prints the key and nothing else on standard output."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="Who or what is going to use the key.")
        parser.add_argument(
            "--user",
            metavar="WHO",
            help="Whom the key acts as, by username, or what this site's users sign in with "
            "instead (default: the first active superuser).",
        )
        parser.add_argument(
            "--read-only", action="store_true", help="The key can't change anything."
        )
        parser.add_argument(
            "--expires",
            metavar="WHEN",
            help="2027-01-31 (good through that day), 2027-01-31T12:00 (both in this site's time "
            "zone, unless an offset is given) or 90d (90 days from now). By default never.",
        )

    def handle(
        self,
        *args: Any,
        name: str,
        user: str | None,
        read_only: bool,
        expires: str | None,
        **options: Any,
    ) -> None:
        _key, token = create_api_key(
            actor=Actor(door=Door.COMMAND),
            name=_checked_name(name),
            user=first_administrator("the key could act as")
            if user is None
            else _active_user(user),
            is_read_only=read_only,
            expires_at=None if expires is None else _moment(expires),
        )
        self.stdout.write(token)


def _checked_name(text: str) -> str:
    name = text.strip()
    longest = APIKey._meta.get_field("name").max_length or 0
    if is_blank(name) or len(name) > longest:
        raise CommandError(f"A key's name has 1 to {longest} characters.")
    return name


def _active_user(who: str) -> AbstractBaseUser:
    user = user_called(who)
    if not user.is_active:
        raise CommandError(f"The user {who!r} is inactive: a key that acts as one is refused.")
    return user


def _moment(text: str) -> dt.datetime:
    """When a key given until then ends, as this site stores moments."""
    try:
        moment = _read(text)
        is_past = instant_of_row(moment) <= instant(timezone.now())
    except (ValueError, OverflowError):
        raise CommandError(
            f"Can't read {text!r} as a time: write 2027-01-31, 2027-01-31T12:00 or 90d."
        ) from None
    if is_past:
        raise CommandError(f"{text!r} is past: the key would never work.")
    return moment


def _read(text: str) -> dt.datetime:
    days = _DAYS.fullmatch(text)
    if days:
        return after(dt.timedelta(days=int(days[1])))
    if _DATE.fullmatch(text):
        midnight = dt.datetime.combine(dt.date.fromisoformat(text), dt.time())
        moment = midnight + dt.timedelta(days=1)
    else:
        moment = dt.datetime.fromisoformat(text)
    return as_kept(instant(moment).astimezone(dt.UTC))
