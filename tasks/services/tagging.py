"""Tags, as rows: no manager of taggit's, so no setting of a host's changes ours."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from tasks.actors import Actor
from tasks.database import atomic, deletes_rows
from tasks.folding import normal
from tasks.models import Client, ClientTag, Project, ProjectTag, Tag, Task, TaskTag
from tasks.services.tasks import lock_task, save_changes
from tasks.texts import check_shown

#: A kind of row that puts a tag on something.
Tagging: TypeAlias = type[TaskTag] | type[ProjectTag] | type[ClientTag]


def set_tags(*, actor: Actor, task_id: int, names: Iterable[str]) -> Task:
    """Make exactly these the task's tags; idempotent, duplicates collapse, new ones are made.

    Names are trimmed and told apart by case. Raises ``TaskNotFound``.
    """
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        changes = replace_tags(TaskTag, task, names)
        save_changes(actor=actor, task=task, verb="tagged", changes=changes)
    return task


def replace_tags(
    through: Tagging, row: Task | Project | Client, names: Iterable[str]
) -> dict[str, list[Any]]:
    """Give a locked row exactly these tags; returns what history is told, nothing for no change."""
    wanted = spelt_once(names)
    rows: Any = through
    tagged = rows.objects.filter(content_object=row)
    current = {normal(name): (name, pk) for name, pk in tagged.values_list("tag__name", "pk")}
    if wanted.keys() == current.keys():
        return {}
    deletes_rows()
    tagged.filter(pk__in=[pk for key, (_, pk) in current.items() if key not in wanted]).delete()
    tags = tags_named(name for key, name in wanted.items() if key not in current)
    rows.objects.bulk_create(rows(content_object=row, tag=tag) for tag in tags.values())
    before = {name for name, _ in current.values()}
    kept = {name for key, (name, _) in current.items() if key in wanted}
    return {"tags": [sorted(before), sorted(kept | {tag.name for tag in tags.values()})]}


def spelt_once(names: Iterable[str]) -> dict[str, str]:
    """The names by their normal forms, trimmed; of several spellings of one the first is taken.

    Raises ``TextMissing``.
    """
    wanted: dict[str, str] = {}
    for name in map(str.strip, names):
        check_shown("tags", name)
        wanted.setdefault(normal(name), name)
    return wanted


def tags_named(names: Iterable[str]) -> dict[str, Tag]:
    """The tags of these names, by the names as they are given, made where they are missing.

    A tag that exists under another spelling, composed or decomposed, is the one that is meant. Made
    in one order by everybody, so that two writers who make the same tags wait for each other
    instead of deadlocking.
    """
    wanted = {name: normal(name) for name in names}
    found = _tags_by_normal_name(wanted.values())
    missing = {key: name for name, key in wanted.items() if key not in found}
    if missing:
        new = (Tag(name=name) for _, name in sorted(missing.items()))
        Tag.objects.bulk_create(new, ignore_conflicts=True)
        found |= _tags_by_normal_name(missing)
    return {name: found[key] for name, key in wanted.items()}


def _tags_by_normal_name(names: Iterable[str]) -> dict[str, Tag]:
    return {tag.normal_name: tag for tag in Tag.objects.filter(normal_name__in=set(names))}
