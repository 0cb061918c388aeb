"""How far imports have come, and what the tasks that they brought are called elsewhere."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError
from django.db.models import F
from django.utils import timezone

from tasks.actors import Actor
from tasks.database import atomic
from tasks.exceptions import Refused
from tasks.folding import normal
from tasks.models import HistoryEntry, ImportedKey, Task, TaskImport
from tasks.people import storable


class ImportedAlready(Refused):
    """The same file was imported, or a file of the same name."""


class ImportedElsewhere(Refused):
    message = "Another process imports this file at the moment."


def standing_of(
    *, name: str, file_digest: str, mapping_digest: str, tells_rows_apart: bool, again: bool
) -> TaskImport:
    """The import to go on with: one that was begun, or else a new one, not yet saved.

    One that is finished is returned where the same file was imported by the same mapping, unless
    ``again``. Raises ``ImportedAlready`` where rows would come twice: the file was imported by
    another mapping, or one of this name with other contents was, whose rows nothing tells apart.
    """
    new = TaskImport(name=name, file_digest=file_digest, mapping_digest=mapping_digest)
    last = TaskImport.objects.filter(file_digest=file_digest).order_by("-run").first()
    if last is None:
        if not (again or tells_rows_apart):
            _check_namesakes(new)
        return new
    is_same = last.mapping_digest == mapping_digest
    if is_same and last.finished_at is None:
        return last
    if again:
        new.run = last.run + 1
        return new
    if not (is_same or tells_rows_apart):
        raise ImportedAlready(
            f"This file was imported by another mapping ({_told(last)}). Go on with that one, or "
            "import all its rows once more with --again."
        )
    if is_same:
        return last
    new.run = last.run + 1
    return new


def _check_namesakes(new: TaskImport) -> None:
    last = TaskImport.objects.filter(name=new.name).order_by("-pk").first() if new.name else None
    if last is not None:
        raise ImportedAlready(
            f"A file called {new.name} with other contents was imported ({_told(last)}). If all "
            "rows of this one are new, say --again; if some are, give the tasks a key."
        )


def _told(standing: TaskImport) -> str:
    day = timezone.localtime if timezone.is_aware(standing.started_at) else (lambda moment: moment)
    state = "all" if standing.finished_at else "the first"
    rows = standing.rows_done
    return f"{state} {rows} rows of it, on {day(standing.started_at):%Y-%m-%d}"


def advance(*, standing: TaskImport, rows: int, tasks: int) -> None:
    """So many more rows are done, and tasks added. Call it in the transaction that adds them.

    The first to do so makes the row. Raises ``ImportedElsewhere`` where somebody else has done
    them.
    """
    with atomic():
        if standing.pk is None:
            try:
                standing.save(force_insert=True)
            except IntegrityError as error:
                raise ImportedElsewhere from error
        same = TaskImport.objects.filter(
            pk=standing.pk, rows_done=standing.rows_done, finished_at=None
        )
        # Also what lets no second process do the same rows: it waits here, and finds them done.
        if not same.update(rows_done=F("rows_done") + rows, tasks_added=F("tasks_added") + tasks):
            raise ImportedElsewhere


def finish(*, standing: TaskImport) -> None:
    """All rows are done."""
    standing.finished_at = timezone.now()
    standing.save(update_fields=["finished_at"])


@dataclass(frozen=True, slots=True)
class KnownTask:
    """A task that was imported before, with the titles that it had until now."""

    id: int
    title: str
    former_titles: frozenset[str]

    def is_called(self, title: str) -> bool:
        """Whether this is its title, or was."""
        return _plain(title) in {_plain(self.title), *map(_plain, self.former_titles)}


def known_tasks(*, source: str, keys: Iterable[str]) -> dict[str, KnownTask]:
    """The tasks of these keys that were imported and still exist."""
    rows = ImportedKey.objects.filter(source=source, key__in=set(keys))
    ids: dict[str, int] = dict(rows.values_list("key", "task_id"))
    tasks = Task._base_manager.filter(pk__in=ids.values())
    titles: dict[int, str] = dict(tasks.values_list("pk", "title"))
    former = _former_titles(titles.keys())
    return {
        key: KnownTask(pk, titles[pk], frozenset(former[pk]))
        for key, pk in ids.items()
        if pk in titles
    }


def source_of(titles: Mapping[str, str]) -> str | None:
    """The source from which tasks of these keys and titles were imported; None if there is none.

    Of several the one of which most are; keys alone mean nothing, since every program counts
    from 1.
    """
    sources = ImportedKey.objects.filter(key__in=titles.keys()).order_by()
    best, most = None, 0
    for source in sources.values_list("source", flat=True).distinct():
        known = known_tasks(source=source, keys=titles.keys())
        same = sum(task.is_called(titles[key]) for key, task in known.items())
        if same > most and same > len(known) - same:
            best, most = source, same
    return best


def tasks_of_ids(*, actor: Actor, ids: Collection[int]) -> dict[int, tuple[KnownTask, dt.datetime]]:
    """The tasks of these ids that the actor sees, each with the moment of its creation."""
    if not ids:
        return {}
    tasks = Task.objects.visible_to(actor).filter(pk__in=filter(storable, ids)).order_by()
    found = list(tasks.values_list("pk", "title", "created_at"))
    former = _former_titles([pk for pk, _title, _at in found])
    return {
        pk: (KnownTask(pk, title, frozenset(former[pk])), created_at)
        for pk, title, created_at in found
    }


def _former_titles(ids: Collection[int]) -> dict[int, set[str]]:
    """What the history calls these tasks."""
    former: dict[int, set[str]] = defaultdict(set)
    if ids:
        rows = HistoryEntry.objects.filter(subject_type="task", subject_id__in=ids).order_by()
        for pk, title in rows.values_list("subject_id", "subject_name").distinct():
            former[pk].add(title)
    return former


def _plain(title: str) -> str:
    return normal(title).strip()


def remember_keys(*, source: str, task_ids: Mapping[str, int]) -> None:
    """These tasks have these keys from now on; what had them is gone."""
    ImportedKey.objects.filter(source=source, key__in=task_ids).delete()
    ImportedKey.objects.bulk_create(
        ImportedKey(source=source, key=key, task_id=task_id) for key, task_id in task_ids.items()
    )
