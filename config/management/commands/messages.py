"""``messages``: brings the translations that ship with the apps in step with the sources."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Writes the catalogues of translations: texts that are new, and what Django reads."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail where a file is out of date."
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            from config.catalogues import catalogue_files
        except ImportError as error:
            raise CommandError(f"This needs the development tools: uv sync. ({error})") from error
        stale = [
            (path, content)
            for path, content in catalogue_files().items()
            if not path.exists() or path.read_bytes() != content
        ]
        if not check:
            for path, content in stale:
                path.write_bytes(content)
                self.stdout.write(f"Wrote {path}.")
        elif stale:
            names = ", ".join(str(path) for path, _content in stale)
            raise CommandError(
                f"Out of date: {names}. Make it anew with: uv run manage.py messages"
            )
