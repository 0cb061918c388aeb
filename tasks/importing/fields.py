"""What a column of a file may be: the fields, and what they are called elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How the text of a cell is read."""

    NAME = "name"
    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    SWITCH = "switch"
    SEVERAL = "several"
    COMPLETION = "completion"


#: Kinds of which a mapping gives formats.
DATES = frozenset({Kind.DAY, Kind.MOMENT, Kind.COMPLETION})


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a task. ``wire_name`` is the API's, ``others`` what other programs call it.

    ``is_exported``: only our own export has it (``exported.py``).
    """

    kind: Kind = Kind.NAME
    wire_name: str | None = None
    others: tuple[str, ...] = ()
    is_exported: bool = False


FIELDS: Mapping[str, Field] = {
    "key": Field(others=("external_id", "task_id", "id", "gid", "issue_key", "card_id")),
    "title": Field(wire_name="task_title", others=("name", "task", "task_name", "summary")),
    "description": Field(Kind.TEXT, "task_description", ("notes", "details", "body")),
    "project": Field(others=("project_title", "project_name", "projects", "list", "board")),
    "project_id": Field(wire_name="task_projectid"),
    "client": Field(others=("client_name", "customer", "company")),
    "milestone": Field(others=("milestone_title", "milestone_name", "phase", "stage")),
    "milestone_id": Field(wire_name="task_milestoneid"),
    "status": Field(wire_name="task_status", others=("state", "section_column", "section")),
    "priority": Field(wire_name="task_priority", others=("urgency",)),
    "start_date": Field(Kind.DAY, "task_date_start", ("start", "starts", "begin")),
    "due_date": Field(Kind.DAY, "task_date_due", ("due", "deadline", "end_date", "ends")),
    "assigned": Field(Kind.SEVERAL, None, ("assignee", "assignees", "assigned_to", "members")),
    "tags": Field(Kind.SEVERAL, None, ("labels", "label", "tag")),
    "client_visible": Field(Kind.SWITCH, "task_client_visibility", ("client_visibility",)),
    "billable": Field(Kind.SWITCH, "task_billable", ("is_billable",)),
    "archived": Field(Kind.SWITCH, None, ("is_archived",)),
    "created_at": Field(Kind.MOMENT, None, ("created", "date_created", "creation_date")),
    "created_by": Field(others=("creator", "reporter", "author")),
    "completed_at": Field(Kind.MOMENT, None, ("date_completed", "resolved")),
    "completed_by": Field(),
    "completed": Field(Kind.COMPLETION),
    "updated_at": Field(Kind.MOMENT, None, ("updated", "modified", "last_modified")),
    "exported_id": Field(is_exported=True),
    "assigned_names": Field(Kind.SEVERAL, is_exported=True),
}


def known_name(header: str) -> str | None:
    """The field that a column is by its own name: ours, or the API's."""
    name = _plain(header)
    if name in FIELDS and not FIELDS[name].is_exported:
        return name
    return next((ours for ours, field in FIELDS.items() if name == field.wire_name), None)


def guessed_name(header: str) -> str | None:
    """The field that a column of another program may be."""
    name = _plain(header)
    return known_name(header) or next(
        (ours for ours, field in FIELDS.items() if name in field.others), None
    )


def _plain(header: str) -> str:
    letters = (char if char.isalnum() else " " for char in header.casefold())
    return "_".join("".join(letters).split())
