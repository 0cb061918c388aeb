"""Which folder of the storage is this database's own, so that no sweep touches another's files.

The folder is named after a random token in the database, and after where the database is: a copy
of it, restored under another name or on another server, has the token too but a folder of its own.
Where a server moves, new files go to a new folder, and no sweep looks into the old one any more;
the rows still name the files there.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.db import connections, router

from tasks.files import PREFIX
from tasks.models import FileOwner
from tasks.models.file_owner import ONLY

#: How many characters of the digest name the folder; a folder of older files has two.
FOLDER_LENGTH = 16


def owned_folder() -> str:
    """The folder below which this database stores files; its token is made if there is none."""
    owner, _made = FileOwner.objects.get_or_create(pk=ONLY)
    return _folder_of(owner)


def swept_folder() -> str | None:
    """The folder whose files are this database's; None where it has stored none yet."""
    owner = FileOwner.objects.filter(pk=ONLY).first()
    return None if owner is None else _folder_of(owner)


def _folder_of(owner: FileOwner) -> str:
    parts = [owner.token, *_place(router.db_for_write(FileOwner))]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"{PREFIX}/{digest[:FOLDER_LENGTH]}"


def _place(using: str) -> list[str]:
    """Where the database is, as its server tells it: the same by whatever address it is reached."""
    connection: Any = connections[using]
    if connection.vendor == "sqlite":
        return _place_of_file(connection.settings_dict["NAME"])
    if connection.vendor == "postgresql":
        # The schema too: with django-tenants each tenant has one of its own.
        columns = ["current_database()", "current_schema()"]
        if _tells_its_identifier(using):
            columns.append("(SELECT system_identifier FROM pg_control_system())")
    else:
        columns = ["DATABASE()", "@@hostname", "@@port", "@@datadir"]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}")
        return [str(value) for value in cursor.fetchone()]


def _place_of_file(name: Any) -> list[str]:
    path = Path(str(name))
    if not path.is_file():
        return [str(name)]
    # A copy in another container may have the same path.
    return [str(path.resolve()), str(path.stat().st_ino)]


@cache
def _tells_its_identifier(using: str) -> bool:
    """Whether PostgreSQL tells us which cluster it is; a provider may keep it secret."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT has_function_privilege('pg_control_system()', 'execute')")
        (is_allowed,) = cursor.fetchone()
    return bool(is_allowed)
