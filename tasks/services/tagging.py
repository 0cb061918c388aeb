"""Tags, as rows: no manager of taggit's, so no setting of a host's changes ours."""

from collections.abc import Iterable
from typing import Any, TypeAlias

from tasks.actors import Actor
from tasks.database import atomic
from tasks.models import Client, ClientTag, Project, ProjectTag, Tag, Task, TaskTag
from tasks.services.tasks import lock_task, save_changes

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
    wanted = {name.strip() for name in names}
    rows: Any = through
    tagged = rows.objects.filter(content_object=row)
    current = dict(tagged.values_list("tag__name", "pk"))
    if wanted == current.keys():
        return {}
    tagged.filter(pk__in=[pk for name, pk in current.items() if name not in wanted]).delete()
    tags = tags_named(wanted - current.keys())
    rows.objects.bulk_create(rows(content_object=row, tag=tag) for tag in tags.values())
    return {"tags": [sorted(current), sorted(wanted)]}


def tags_named(names: Iterable[str]) -> dict[str, Tag]:
    """The tags of these names, made where they are missing.

    Made in one order by everybody, so that two writers who make the same tags wait for each other
    instead of deadlocking.
    """
    wanted = sorted(set(names))
    found = {tag.name: tag for tag in Tag.objects.filter(name__in=wanted)}
    missing = [name for name in wanted if name not in found]
    if missing:
        Tag.objects.bulk_create((Tag(name=name) for name in missing), ignore_conflicts=True)
        found |= {tag.name: tag for tag in Tag.objects.filter(name__in=missing)}
    return found
