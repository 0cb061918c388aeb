"""``serve``: the site for good, on granian."""

import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from config.local import DEFAULT_HOST
from config.serving import DEFAULT_PORT, NotFree, free_address, serve


class Command(BaseCommand):
    help = (
        "Serves the site with granian. Every variable of granian's works, GRANIAN_HOST, "
        "GRANIAN_PORT and GRANIAN_WORKERS among them; options after -- are granian's own."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("options", nargs="*", help="Options of granian's, after --.")

    def handle(self, *args: Any, options: list[str], **others: Any) -> None:
        host = os.environ.get("GRANIAN_HOST") or DEFAULT_HOST
        port = os.environ.get("GRANIAN_PORT") or str(DEFAULT_PORT)
        if not os.environ.get("GRANIAN_UDS") and port.isdigit():
            try:
                free_address(host, int(port))
            except NotFree as error:
                raise CommandError(str(error)) from error
        connections.close_all()
        serve(options)
