"""The tasks of a project that is put away with all it holds, or brought back so."""

from collections.abc import Sequence

from django.db.models import OuterRef, QuerySet, Subquery

from tasks.actors import Actor
from tasks.models import HistoryEntry, Project, Task
from tasks.services.batches import batches, write_batch

#: How history tells tasks that were put away with their project from those that were so alone.
WITH_PROJECT = "archived_with_project"
_ARCHIVINGS = ("archived", WITH_PROJECT)


def archive_tasks_of(*, actor: Actor, project: Project) -> None:
    """Archive every active task of a locked project, whoever may see it."""
    for batch in batches(Task._base_manager.filter(project=project, is_archived=False)):
        _write(actor, batch, WITH_PROJECT, is_archived=True)


def activate_tasks_of(*, actor: Actor, project: Project) -> None:
    """Activate the tasks of a locked project that were last archived with it, and no others."""
    for batch in batches(Task._base_manager.filter(project=project, is_archived=True)):
        rows = Task._base_manager.filter(pk__in=[task.pk for task in batch])
        gone = set(_archived_with_project(rows).values_list("pk", flat=True))
        back = [task for task in batch if task.pk in gone]
        if back:
            _write(actor, back, "activated_with_project", is_archived=False)


def tasks_to_activate(project_ids: Sequence[int]) -> int:
    """How many tasks of these projects ``activate_tasks_of`` would bring back.

    Looks into the history of each archived task, which takes some 10 ms for a thousand.
    """
    archived = Task._base_manager.filter(project_id__in=project_ids, is_archived=True)
    return _archived_with_project(archived).count()


def _archived_with_project(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Those of the tasks whose last archiving was that of their project."""
    archivings = HistoryEntry.objects.filter(
        subject_type="task", subject_id=OuterRef("pk"), verb__in=_ARCHIVINGS
    )
    last = Subquery(archivings.order_by("-pk").values("verb")[:1])
    return tasks.annotate(last_archiving=last).filter(last_archiving=WITH_PROJECT)


def _write(actor: Actor, batch: Sequence[Task], verb: str, *, is_archived: bool) -> None:
    write_batch(
        actor=actor,
        batch=batch,
        verb=verb,
        changes={"is_archived": [not is_archived, is_archived]},
        columns={"is_archived": is_archived},
    )
