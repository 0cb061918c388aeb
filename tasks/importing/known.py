"""Rows whose tasks are there already: by a key, or as tasks of this site's own export."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from tasks.actors import Actor
from tasks.importing.mapping import TaskMapping
from tasks.importing.row import Row
from tasks.models.imports import KEY_LENGTH
from tasks.people import parse_integer
from tasks.services.imports import KnownTask, known_tasks, tasks_of_ids
from tasks.services.new_tasks import NewTask

#: The source of the keys of tasks that an export of this site has brought back.
RESTORED = "export of this site"
#: Takes a problem: the row, the field and the message.
Tell: TypeAlias = Callable[[Row, str, str], None]


def find_keys(rows: Iterable[Row], mapping: TaskMapping, tell: Tell) -> None:
    """Mark the rows whose keys were imported before. A known key with another title is told."""
    keyed = [row for row in rows if row.texts.get("key")]
    known = known_tasks(source=mapping.source, keys=(row.texts["key"] for row in keyed))
    for row in keyed:
        key = row.texts["key"]
        row.is_known = key in known
        if len(key) > KEY_LENGTH:
            tell(row, "key", f"The {{key}} has at most {KEY_LENGTH} characters.")
        if (
            row.is_known
            and row.texts["title"]
            and not mapping.ignore_renamed
            and not known[key].is_called(row.texts["title"])
        ):
            task = known[key]
            tell(
                row,
                "key",
                f"The task {key!r} was imported before with another title: it is "
                f"{task.title!r} (id {task.id}). If it is another task, give the mapping a "
                "source of its own; if it was renamed, --ignore-renamed leaves it as it is.",
            )


def find_exported(
    drafts: Sequence[tuple[Row, NewTask]], actor: Actor, mapping: TaskMapping, tell: Tell
) -> None:
    """Mark the rows of our own export whose tasks are still on this site."""
    here = _tasks_here(drafts, actor)
    for row, draft in drafts:
        if (task := here.get(row.record.line)) is None:
            continue
        row.is_known = row.is_here = True
        if not (mapping.ignore_renamed or task.is_called(draft.title)):
            tell(
                row,
                "exported_id",
                f"The task {task.id} is here, and its title is {task.title!r}. An import adds "
                "tasks and changes none: --ignore-renamed leaves it as it is.",
            )


def exported_key(row: Row, draft: NewTask) -> str | None:
    """What tells the task of a row of our own export from all others; None if unknown.

    A task of another site may have the same id, but was not created at the same moment.
    """
    pk = parse_integer(row.texts.get("exported_id", ""))
    if pk is None or draft.created_at is None or not row.texts.get("created_at"):
        return None
    return f"{pk} {draft.created_at.isoformat()}"


def _tasks_here(drafts: Sequence[tuple[Row, NewTask]], actor: Actor) -> dict[int, KnownTask]:
    """The tasks by the lines of their rows: those with the id, and what was restored of it."""
    keys = {
        row.record.line: key
        for row, draft in drafts
        if (key := exported_key(row, draft)) is not None
    }
    if not keys:
        return {}
    ids = {line: int(key.split()[0]) for line, key in keys.items()}
    found = tasks_of_ids(actor=actor, ids=set(ids.values()))
    here = {
        row.record.line: found[pk][0]
        for row, draft in drafts
        if (pk := ids.get(row.record.line)) is not None
        and pk in found
        and found[pk][1] == draft.created_at
    }
    restored = known_tasks(
        source=RESTORED, keys=[key for line, key in keys.items() if line not in here]
    )
    return here | {line: restored[key] for line, key in keys.items() if key in restored}
