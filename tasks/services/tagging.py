"""Tags of a task, as rows: no manager of taggit's, so no setting of a host's changes ours."""

from collections.abc import Iterable

from tasks.actors import Actor
from tasks.database import atomic
from tasks.models import Tag, Task, TaskTag
from tasks.services.tasks import lock_task, save_changes


def set_tags(*, actor: Actor, task_id: int, names: Iterable[str]) -> Task:
    """Make exactly these the task's tags; idempotent, duplicates collapse, new ones are made.

    Names are trimmed and told apart by case. Raises ``TaskNotFound``.
    """
    wanted = {name.strip() for name in names}
    with atomic():
        task = lock_task(actor=actor, task_id=task_id)
        current = dict(task.task_tags.values_list("tag__name", "pk"))
        if wanted == current.keys():
            return task
        gone = [pk for name, pk in current.items() if name not in wanted]
        task.task_tags.filter(pk__in=gone).delete()
        tags = tags_named(wanted - current.keys())
        TaskTag.objects.bulk_create(TaskTag(content_object=task, tag=tag) for tag in tags.values())
        changes = {"tags": [sorted(current), sorted(wanted)]}
        save_changes(actor=actor, task=task, verb="tagged", changes=changes)
    return task


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
