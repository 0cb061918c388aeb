"""``quickstart``: the stand-alone site with its demo, from nothing, in one command.

Every step looks first whether it was done, so that a run that was interrupted is completed by the
next. What is secret is shown directly after the step that made it, and not again.
"""

import datetime as dt
from argparse import ArgumentTypeError
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections
from tqdm import tqdm

from config.local import ANY_ADDRESS, BASE_DIR, DEFAULT_HOST, in_url
from config.serving import DEFAULT_PORT, NotFree, free_address, serve
from tasks.actors import Actor, Door
from tasks.demo.documented import TASK_ID
from tasks.demo.load import DEFAULT_TASKS, DemoRefused, load, was_loaded
from tasks.management.commands.taskdock_demo import summary
from tasks.models import HistoryEntry, Task
from tasks.services.administrators import administrator, make_administrator
from tasks.services.api_keys import create_api_key

BIGGEST_PORT = 65535
KEY_NAME = "quickstart"


class Command(BaseCommand):
    help = (
        "Starts the site: prepares the database, loads the demo, makes an administrator and an "
        "API key, all of it once, and serves."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default=DEFAULT_HOST, help=f"Where to listen (default: {DEFAULT_HOST})."
        )
        parser.add_argument(
            "--port",
            type=_port,
            default=DEFAULT_PORT,
            help=f"Default: {DEFAULT_PORT}. 0 takes any that is free.",
        )

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        try:
            address, port = free_address(host, port)
        except NotFree as error:
            raise CommandError(str(error)) from error
        self._migrate()
        self._load_demo()
        token = self._make_secrets()
        self._tell(host, port, token)
        connections.close_all()
        serve(GRANIAN_HOST=address, GRANIAN_PORT=str(port))

    def _say(self, text: str = "") -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _migrate(self) -> None:
        self._say("Preparing the database ...")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except OperationalError as error:
            raise CommandError(f"The database can't be used: {error}") from error

    def _load_demo(self) -> None:
        if was_loaded():
            return
        if Task.objects.exists():
            self._say("The database holds tasks already: the demo is left out.")
            return
        self._say("Loading the demo ...")
        with tqdm(total=DEFAULT_TASKS, unit=" tasks", disable=None, leave=False) as bar:
            try:
                loaded = load(today=dt.datetime.now(dt.UTC).date(), progress=bar.update)
            except DemoRefused as refusal:
                self._say(f"The demo is left out. {refusal}")
                return
        self._say(summary(loaded))
        if loaded.administrator is not None:
            self._show_administrator(*loaded.administrator)

    def _make_secrets(self) -> str | None:
        """An administrator where there is none, and once a key; the key where it is new."""
        if administrator() is None:
            made = make_administrator()
            if made is not None:
                self._show_administrator(*made)
        user = administrator()
        if user is None or _key_was_made():
            return None
        _key, token = create_api_key(actor=Actor(door=Door.COMMAND), name=KEY_NAME, user=user)
        self._say(f"API key:       {token}")
        return token

    def _show_administrator(self, user: AbstractBaseUser, password: str) -> None:
        self._say()
        self._say(f"Administrator: {user.get_username()}")
        self._say(f"Password:      {password}")

    def _tell(self, host: str, port: int, token: str | None) -> None:
        site = f"http://{in_url('localhost' if host in ANY_ADDRESS else host)}:{port}"
        task = f"/{TASK_ID}" if Task.objects.filter(pk=TASK_ID).exists() else ""
        self._say()
        if token is None:
            self._say("The password and the key were shown when they were made. For new ones:")
            self._say("  uv run manage.py changepassword USERNAME")
            self._say("  uv run manage.py taskdock_key NAME")
        else:
            self._say("None of this is shown again.")
        self._say()
        self._say("Three things to try:")
        key = token or "YOUR_API_KEY"
        self._say(f'  curl {site}/api/tasks{task} -H "Authorization: Bearer {key}"')
        self._say(f"  {site}/admin/")
        self._say(f"  {BASE_DIR / 'docs' / 'api.md'}, and the README")
        self._say()
        if settings.ALLOWED_HOSTS == ["*"]:
            self._say("Every machine that reaches this one can reach the site, by any name.")
        self._say(f"The data is in {connections['default'].settings_dict['NAME']}.")
        self._say("Ctrl-C stops the site, and the same command starts it again.")


def _key_was_made() -> bool:
    # Its history stays: a key that was deleted is not made again.
    return HistoryEntry.objects.filter(
        verb="created", subject_type="apikey", subject_name=KEY_NAME
    ).exists()


def _port(text: str) -> int:
    port = int(text)
    if not 0 <= port <= BIGGEST_PORT:
        raise ArgumentTypeError(f"must be from 0 to {BIGGEST_PORT}")
    return port
