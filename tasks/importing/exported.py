"""The columns of our own export: one list for who writes them and who reads them.

A value is the field of ``FIELDS`` that the column is read as, None where nothing is read from it.
A user may rely on the columns' names and their order: new ones come last.
"""

from collections.abc import Mapping, Sequence

EXPORTED: Mapping[str, str | None] = {
    "id": "exported_id",
    "title": "title",
    "project_id": "project_id",
    "project": "project",
    "milestone": "milestone",
    "status": "status",
    "priority": "priority",
    "assigned": "assigned_names",
    "tags": "tags",
    "start_date": "start_date",
    "due_date": "due_date",
    "logged_seconds": None,
    "archived": "archived",
    "billable": "billable",
    "visible_to_client": "client_visible",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "completed_at": "completed_at",
    "description": "description",
    "client": "client",
    "assigned_usernames": "assigned",
    "created_by": "created_by",
    "completed_by": "completed_by",
}

#: Columns of which no two are in another program's file.
_OWN = frozenset({"logged_seconds", "visible_to_client", "assigned_usernames"})


def is_exported(header: Sequence[str]) -> bool:
    """Whether these are columns of our own export; a user may have deleted or moved some."""
    return "title" in header and len(_OWN.intersection(header)) > 1
