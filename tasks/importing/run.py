"""An import: the whole file is checked, then its rows are written, a transaction a batch."""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice

from tasks.actors import Actor
from tasks.database import atomic
from tasks.folding import fold
from tasks.importing.columns import Columns
from tasks.importing.files import DELIMITERS, Layout, Record, Snapshot, stripped
from tasks.importing.known import RESTORED, exported_key
from tasks.importing.mapping import TaskMapping, positions
from tasks.importing.overrides import Overrides
from tasks.importing.problems import ChangedMeanwhile, FileRefused, Problem
from tasks.importing.row import Creating, Row, batches
from tasks.importing.rows import RowReader
from tasks.models import Client, Project, TaskImport
from tasks.models.imports import KEY_LENGTH
from tasks.services.bulk import BATCH, add_tasks
from tasks.services.clients import create_client
from tasks.services.imports import advance, finish, remember_keys, standing_of
from tasks.services.milestones import create_milestone
from tasks.services.new_tasks import NewTaskRefused
from tasks.services.projects import create_project


@dataclass(slots=True)
class Checked:
    """What a check found. ``bad`` are the places of rows that can't be imported, from 0.

    ``first_line`` is that of the first row that was looked at, None where there was none.
    ``left_out`` counts the rows that the mapping does not take. ``unreadable`` is the problem of a
    row after which nothing could be read.
    """

    rows: int = 0
    left_out: int = 0
    unreadable: Problem | None = None
    ignored_people: set[str] = field(default_factory=set)
    ignored_dates: dict[str, int] = field(default_factory=dict)
    known: int = 0
    here: int = 0
    problems: int = 0
    bad: array[int] = field(default_factory=lambda: array("Q"))
    first_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A file that is going to be imported, as whom, and how it is read."""

    actor: Actor
    file: Snapshot
    mapping: TaskMapping
    header: Sequence[str]
    layout: Layout
    creating: Creating

    @classmethod
    def of(
        cls,
        *,
        actor: Actor,
        file: Snapshot,
        mapping: TaskMapping | None,
        creating: Creating,
        overrides: Overrides | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
    ) -> Import:
        """Reads the header. Raises ``FileRefused``."""
        overrides = overrides or Overrides()
        if mapping is not None:
            mapping = overrides.applied(mapping)
        is_of_header = mapping is None
        mapping, layout, header = with_header(file, mapping, encoding=encoding, delimiter=delimiter)
        if is_of_header:
            mapping = overrides.applied(mapping)
        mapping.check(header)
        return cls(
            actor=actor,
            file=file,
            mapping=mapping,
            header=header,
            layout=layout,
            creating=creating,
        )

    @property
    def left_out(self) -> list[str]:
        """Columns that nothing is read from, each once."""
        names = [name for source in self.mapping.fields.values() for name in source.columns]
        names += [rule.column for rule in (*self.mapping.only, *self.mapping.skip)]
        used = {place for name in names for place in positions(self.header, name)}
        left = [name for place, name in enumerate(self.header) if name and place not in used]
        return list(dict.fromkeys(left))

    def standing(self, *, again: bool) -> TaskImport:
        """How far it has come already. Raises ``ImportedAlready``.

        An export of this site can be imported again and again: what was deleted since comes back.
        """
        is_export = {"exported_id", "created_at"} <= self.mapping.fields.keys()
        return standing_of(
            name=self.file.name[:255],
            file_digest=self.file.digest,
            mapping_digest=self.mapping.digest,
            tells_rows_apart="key" in self.mapping.fields,
            again=again or is_export,
        )

    def check(
        self,
        *,
        found: Callable[[Row], object],
        skip: int = 0,
        progress: Callable[[int], object] | None = None,
    ) -> Checked:
        """Every row but the first ``skip`` is checked; ``found`` is told those with problems."""
        checked = Checked()
        with self._rows(checked) as records, _Keys() as keys:
            reader = self._reader()
            checked.ignored_people = reader.ignored_people
            checked.ignored_dates = reader.ignored_dates
            for batch in batches(records, BATCH):
                fresh = batch[max(0, skip - checked.rows) :]
                if fresh and checked.first_line is None:
                    checked.first_line = fresh[0].line
                for place, row in enumerate(
                    reader.read(fresh), start=checked.rows + len(batch) - len(fresh)
                ):
                    keys.check(row, reader.mapping)
                    checked.known += row.is_known and not row.is_here
                    checked.here += row.is_here
                    checked.problems += len(row.problems)
                    if row.problems:
                        checked.bad.append(place)
                        found(row)
                    if row.record.ends_reading:
                        checked.unreadable = row.problems[0]
                checked.rows += len(batch)
                if progress is not None:
                    progress(self.file.position())
        return checked

    def write(
        self,
        *,
        standing: TaskImport,
        checked: Checked,
        progress: Callable[[int], object] | None = None,
    ) -> None:
        """Write what is not written yet, but for what was found bad; ``standing`` keeps up.

        Raises ``ChangedMeanwhile`` and ``ImportedElsewhere``; the batches before stay written.
        """
        projects: set[int] = set()
        bad = iter(checked.bad)
        next_bad = next(bad, None)
        seen = 0
        with self._rows() as records:
            for batch in batches(records, BATCH):
                good: list[Record] = []
                for place, record in enumerate(batch, start=seen):
                    if place == next_bad:
                        next_bad = next(bad, None)
                    elif place >= standing.rows_done:
                        good.append(record)
                seen += len(batch)
                if seen > standing.rows_done:
                    self._write(standing, good, projects, rows=seen - standing.rows_done)
                    if progress is not None:
                        progress(len(batch))
        if standing.pk is None:
            advance(standing=standing, rows=0, tasks=0)
        finish(standing=standing)

    def _write(
        self, standing: TaskImport, records: list[Record], projects: set[int], *, rows: int
    ) -> None:
        """Write a batch; ``projects`` are those that the import has made, and it adds its own."""
        # What a batch learns is not kept for the next: others write meanwhile.
        reader = self._reader()
        reader.names.made = projects
        with atomic():
            new = [row for row in self._made(reader, records, projects) if not row.is_known]
            advance(standing=standing, rows=rows, tasks=len(new))
            ids: list[int] = []
            tasks = [row.task for row in new if row.task is not None]
            try:
                add_tasks(actor=self.actor, tasks=tasks, written=ids.extend)
            except NewTaskRefused as error:
                line = new[error.index].record.line
                raise _changed(Problem(line, None, str(error.error))) from error
            keyed = {
                row.texts["key"]: pk
                for row, pk in zip(new, ids, strict=True)
                if row.texts.get("key")
            }
            exported = {
                key: pk
                for row, pk in zip(new, ids, strict=True)
                if row.task is not None and (key := exported_key(row, row.task)) is not None
            }
            for source, task_ids in ((self.mapping.source, keyed), (RESTORED, exported)):
                if task_ids:
                    remember_keys(source=source, task_ids=task_ids)
        standing.rows_done += rows
        standing.tasks_added += len(new)

    def _made(self, reader: RowReader, records: Sequence[Record], projects: set[int]) -> list[Row]:
        """The rows, once what they name and is to be made is made."""
        rows = reader.read(records)
        made: dict[tuple[object, ...], int] = {}
        for row in rows:
            if row.problems or row.task is None:
                raise _changed(row.problems[0])
            if row.is_known:
                continue
            project_id, milestone_id = self._places(row, made)
            row.task = replace(row.task, project_id=project_id, milestone_id=milestone_id)
        projects.update(pk for key, pk in made.items() if key[0] == "project")
        return rows

    def _places(self, row: Row, made: dict[tuple[object, ...], int]) -> tuple[int, int | None]:
        client_id = row.client_id
        if row.client is not None:
            key: tuple[object, ...] = ("client", fold(row.client))
            if key not in made:
                made[key] = create_client(actor=self.actor, name=row.client).pk
            client_id = made[key]
        project_id = row.project_id
        if row.project is not None:
            key = ("project", fold(row.project), client_id)
            if key not in made:
                client = None if client_id is None else Client.objects.get(pk=client_id)
                project = create_project(actor=self.actor, title=row.project, client=client)
                made[key] = project.pk
                default = project.milestones.get(is_default=True)
                made["milestone", project.pk, fold(default.title)] = default.pk
            project_id = made[key]
        milestone_id = row.milestone_id
        if row.milestone is not None:
            key = ("milestone", project_id, fold(row.milestone))
            if key not in made:
                made[key] = create_milestone(
                    actor=self.actor,
                    project=Project.objects.get(pk=project_id),
                    title=row.milestone,
                ).pk
            milestone_id = made[key]
        return project_id, milestone_id

    def _reader(self) -> RowReader:
        return RowReader(
            actor=self.actor, mapping=self.mapping, header=self.header, creating=self.creating
        )

    @contextmanager
    def _rows(self, checked: Checked | None = None) -> Iterator[Iterator[Record]]:
        columns = Columns(self.mapping, self.header)
        keys: set[str] = set()

        def is_repeated(record: Record) -> bool:
            if not self.mapping.one_per_key or record.error is not None:
                return False
            key = columns.texts(record).one.get("key", "")
            if not key or key not in keys:
                keys.add(key)
                return False
            return True

        def taken(records: Iterator[Record]) -> Iterator[Record]:
            for record in records:
                if columns.takes(record) and not is_repeated(record):
                    yield record
                elif checked is not None:
                    checked.left_out += 1

        with self.file.records(self.layout) as records:
            next(records)
            yield taken(records)


def with_header(
    file: Snapshot,
    mapping: TaskMapping | None,
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    is_header: Callable[[Sequence[str]], bool] | None = None,
) -> tuple[TaskMapping, Layout, list[str]]:
    """The mapping with all that it leaves open, how the file is read, and its header.

    The delimiter is, in this order, the one given, that of the file's own hint, the mapping's, or
    one with which there is a header, or else the most frequent one. The header is the first row
    that ``is_header``, by default one with the columns of the mapping, or else the first row.
    Raises ``FileRefused``.
    """
    said = mapping or TaskMapping(fields={})
    encoding = said.encoding if encoding is None else encoding
    used = file.encoding(encoding)
    hint = file.hinted_delimiter(used)
    delimiter = delimiter or hint or said.delimiter
    first_line = 1 + max(said.skip_lines or 0, hint is not None)
    if said.skip_lines is not None:
        # The header is where the mapping says.
        is_header = bool
    elif is_header is None:
        is_header = said.is_header if mapping else _has_our_names
    layout = file.find_header(
        Layout(used, delimiter or ",", first_line), delimiter or DELIMITERS, is_header
    )
    with file.records(layout) as records:
        first = next(records, None)
    if first is None:
        raise FileRefused(
            f"The file has nothing after the {said.skip_lines} lines before its header."
            if said.skip_lines
            else "The file is empty."
        )
    if first.error is not None:
        raise FileRefused(f"The header can't be read. {first.error}")
    header = stripped(first.cells)
    if any("\0" in name for name in header):
        raise FileRefused(
            "The header has NUL characters. If the file is UTF-16, say --encoding utf-16-le or "
            "utf-16-be."
        )
    if mapping is None:
        said = TaskMapping.of_header(header)
    return replace(said, encoding=used, delimiter=layout.delimiter), layout, header


def first_titles(
    file: Snapshot, layout: Layout, mapping: TaskMapping, header: Sequence[str]
) -> dict[str, str]:
    """The titles of the first rows by their keys; none where no column is the key."""
    if "key" not in mapping.fields:
        return {}
    columns = Columns(mapping, header)
    with file.records(layout) as records:
        next(records, None)
        rows = [columns.texts(record).one for record in islice(records, BATCH)]
    return {row["key"]: row.get("title", "") for row in rows if 0 < len(row["key"]) <= KEY_LENGTH}


def _has_our_names(cells: Sequence[str]) -> bool:
    names = TaskMapping.of_header(cells).fields.keys()
    return "title" in names and bool({"project", "project_id"} & names)


class _Keys:
    """The keys of a file, on disk, so that memory does not grow with their number."""

    def __enter__(self) -> _Keys:
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("PRAGMA journal_mode=OFF")
        self._database.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, line) WITHOUT ROWID")
        return self

    def __exit__(self, *error: object) -> None:
        with closing(self._database):
            pass

    def check(self, row: Row, mapping: TaskMapping) -> None:
        """A key comes once: of two rows that have the same, the second has a problem."""
        key = row.texts.get("key")
        if not key or row.problems:
            return
        try:
            self._database.execute("INSERT INTO keys VALUES (?, ?)", (key, row.record.line))
        except sqlite3.IntegrityError:
            ((line,),) = self._database.execute("SELECT line FROM keys WHERE key = ?", (key,))
            message = f"The row in line {line} has the same key, {key!r}."
            row.problems.append(Problem(row.record.line, mapping.column("key"), message))


def _changed(problem: Problem) -> ChangedMeanwhile:
    return ChangedMeanwhile(f"What was right is no longer: {problem}")
