"""``openapi``: makes the reference anew from what the views declare."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Writes the parts of the OpenAPI reference that are shipped with the apps."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="Write nothing; fail where a file is out of date."
        )

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        try:
            from config.openapi.parts import reference_files
        except ImportError as error:
            raise CommandError(f"This needs the development tools: uv sync. ({error})") from error
        stale = [
            (path, text)
            for path, text in reference_files().items()
            if not path.exists() or path.read_text(encoding="utf-8") != text
        ]
        if not check:
            for path, text in stale:
                path.write_text(text, encoding="utf-8")
                self.stdout.write(f"Wrote {path}.")
        elif stale:
            names = ", ".join(str(path) for path, _text in stale)
            raise CommandError(f"Out of date: {names}. Make it anew with: uv run manage.py openapi")
