"""Exports in JSON, as rows with the columns that the same program's CSV has."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tasks.importing.cells import join
from tasks.importing.mapping import SEPARATOR
from tasks.importing.problems import FileRefused

Rows = Iterator[dict[str, object]]

#: The columns of each program's rows.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "trello": (
        "Card ID",
        "Card Name",
        "Card URL",
        "Card Description",
        "Labels",
        "Members",
        "Due Date",
        "Start Date",
        "Due Complete",
        "Last Activity Date",
        "List Name",
        "Board Name",
        "Archived",
        "Created",
    ),
    "github": (
        "number",
        "title",
        "body",
        "state",
        "labels",
        "assignees",
        "author",
        "milestone",
        "createdAt",
        "updatedAt",
        "closedAt",
        "url",
    ),
}
_HEX = 16
#: The first digits of Trello's ids are the seconds since 1970 at which the object was made.
_TIME_DIGITS = 8


def as_csv(text: str, program: str) -> str:
    """The export of a program as CSV. Raises ``FileRefused`` if it is not an export of it."""
    if program not in _ROWS:
        raise FileRefused(f"The file is JSON: the export of {program} is read as CSV.")
    try:
        data = json.loads(text)
    except ValueError as error:
        raise FileRefused(f"The file is JSON and can't be read: {error}.") from None
    target = io.StringIO()
    writer = csv.DictWriter(target, COLUMNS[program])
    writer.writeheader()
    try:
        writer.writerows(_ROWS[program](data))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise FileRefused(f"The file is JSON, but no export of {program}.") from None
    return target.getvalue()


def _trello(board: Mapping[str, Any]) -> Rows:
    lists = {row["id"]: row for row in board["lists"]}
    members = {row["id"]: row.get("fullName") or row["username"] for row in board["members"]}
    for card in board["cards"]:
        column = lists.get(card["idList"], {})
        labels = (label["name"] or label["color"] for label in card["labels"])
        yield {
            "Card ID": card["id"],
            "Card Name": card["name"],
            "Card URL": card.get("shortUrl"),
            "Card Description": card.get("desc"),
            "Labels": _joined(labels),
            "Members": _joined(members.get(pk) for pk in card["idMembers"]),
            "Due Date": card.get("due"),
            "Start Date": card.get("start"),
            "Due Complete": "yes" if card.get("dueComplete") else "no",
            "Last Activity Date": card.get("dateLastActivity"),
            "List Name": column.get("name"),
            "Board Name": board["name"],
            "Archived": "yes" if card.get("closed") or column.get("closed") else "no",
            "Created": int(card["id"][:_TIME_DIGITS], _HEX),
        }


def _github(issues: Iterable[Mapping[str, Any]]) -> Rows:
    if isinstance(issues, Mapping):
        raise TypeError
    for issue in issues:
        yield {
            "number": issue.get("number"),
            "title": issue["title"],
            "body": issue.get("body"),
            "state": issue.get("state"),
            "labels": _joined(label["name"] for label in issue.get("labels") or ()),
            "assignees": _joined(user["login"] for user in issue.get("assignees") or ()),
            "author": (issue.get("author") or {}).get("login"),
            "milestone": (issue.get("milestone") or {}).get("title"),
            "createdAt": issue.get("createdAt"),
            "updatedAt": issue.get("updatedAt"),
            "closedAt": issue.get("closedAt"),
            "url": issue.get("url"),
        }


def _joined(items: Iterable[str | None]) -> str:
    return join([item.strip() for item in items if item], SEPARATOR)


_ROWS: Mapping[str, Callable[[Any], Rows]] = {"trello": _trello, "github": _github}
