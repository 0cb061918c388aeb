"""Which column is which field, and how cells are read."""

import hashlib
import re
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from tasks.folding import fold
from tasks.importing.cells import ISO, split
from tasks.importing.exported import EXPORTED, is_exported
from tasks.importing.fields import DATES, FIELDS, Kind, known_name
from tasks.importing.problems import FileRefused

SEPARATOR = ","
FIRST, LAST = "first", "last"
_NAME_PROJECT = " --project names one for all rows."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a field's text comes from: columns, or the same ``value`` for every row.

    ``values`` puts one text in the place of another, ``default`` one in the place of nothing.
    ``more_columns`` are read after ``column``. ``separator`` divides a cell into several texts,
    ``pattern`` takes the part out of each that its first group matches, and ``pick`` takes the
    first or the last, and ``join`` makes one text of all. ``when``, of ``completed``, has the
    texts that complete a task. ``is_optional``: the file may lack the columns. ``is_lenient``: a
    date that can't be read or used is left out.
    """

    column: str | None = None
    value: str | None = None
    default: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    formats: Sequence[str] = ()
    more_columns: Sequence[str] = ()
    separator: str | None = None
    strip: str = ""
    pattern: str | None = None
    pick: str | None = None
    join: str | None = None
    when: Sequence[str] = ()
    is_optional: bool = False
    is_lenient: bool = False

    @property
    def columns(self) -> tuple[str, ...]:
        return () if self.column is None else (self.column, *self.more_columns)

    def text(self, text: str) -> str:
        """What is meant by a text."""
        if self.pattern is not None and (match := re.search(self.pattern, text)) is not None:
            text = match[1] if match.re.groups else match[0]
            text = text or ""
        if self.values:
            found = self.values.get(text.strip())
            return self.values.get(plain(text), text) if found is None else found
        return text

    def items(self, cell: str, separator: str | None) -> list[str]:
        """What is meant by a cell, which has several texts if there is a separator."""
        if self.strip:
            cell = cell.strip().strip(self.strip)
        separator = self.separator or separator
        items = [cell] if separator is None else split(cell, separator)
        return [text for item in items if (text := self.text(item)).strip()]

    @property
    def digest_text(self) -> str:
        # As it was before there were further options: an import that was begun then goes on.
        said = (
            f"Source(column={self.column!r}, value={self.value!r}, default={self.default!r}, "
            f"values={self.values!r}, formats={self.formats!r})"
        )
        more = (
            self.more_columns,
            self.separator,
            self.strip,
            self.pattern,
            self.pick,
            self.join,
            self.when,
            self.is_optional,
            self.is_lenient,
        )
        return said if more == _NO_MORE else f"{said}{more!r}"


_NO_MORE = ((), None, "", None, None, None, (), False, False)


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that are taken or left out: those where ``column`` has one of the ``values``.

    ``values`` None means any text, or one in which the regular expression ``pattern`` is found.
    """

    column: str
    values: Sequence[str] | None
    pattern: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMapping:
    """How a file is read. ``separator`` stands between several people or tags of one cell.

    ``skip_lines`` is the number of lines before the header; None where it is to be found. Of the
    rows those are read that all ``only`` rules take and none of the ``skip`` rules; with
    ``one_per_key`` the first of those that have the same key.
    ``taskdock_export``: the file is an export of a Taskdock site, and is read as the inverse of it.
    """

    fields: Mapping[str, Source]
    delimiter: str | None = None
    encoding: str | None = None
    separator: str = SEPARATOR
    timezone: str | None = None
    source: str = ""
    skip_lines: int | None = None
    only: Sequence[Rule] = ()
    skip: Sequence[Rule] = ()
    one_per_key: bool = False
    ignore_unknown_people: bool = False
    ignore_renamed: bool = False
    taskdock_export: bool = False

    @property
    def digest(self) -> str:
        """The same for mappings that make the same of a file."""
        fields = sorted((name, source.digest_text) for name, source in self.fields.items())
        said: tuple[object, ...] = (
            fields,
            self.delimiter,
            self.encoding,
            self.separator,
            self.timezone,
            self.source,
        )
        more = (
            self.skip_lines,
            self.only,
            self.skip,
            self.one_per_key,
            self.ignore_unknown_people,
        )
        if more != (None, (), (), False, False):
            said += more
        if self.taskdock_export:
            said += ("taskdock_export",)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @classmethod
    def of_header(cls, header: Sequence[str]) -> Self:
        """The columns that are called what we, or the API, call them, or our own export."""
        if is_exported(header):
            own = ((EXPORTED.get(column), column) for column in header)
            return cls(
                fields={name: Source(column=column) for name, column in own if name},
                taskdock_export=True,
            )
        names = ((known_name(column), column) for column in header)
        return cls(fields={name: Source(column=column) for name, column in names if name})

    @property
    def zone(self) -> zoneinfo.ZoneInfo | None:
        return zoneinfo.ZoneInfo(self.timezone) if self.timezone else None

    def with_texts(self, field: str, texts: Mapping[str, str]) -> Self:
        """The same mapping, by which these texts of a field stand for others."""
        source = self.fields.get(field)
        if source is None or not texts:
            return self
        changed = replace(source, values={**source.values, **folded(texts)})
        return replace(self, fields={**self.fields, field: changed})

    def with_formats(self, formats: Sequence[str]) -> Self:
        """The same mapping, by which dates may be written so too."""
        fields = {
            name: replace(source, formats=(*(source.formats or (ISO,)), *formats))
            if formats and FIELDS[name].kind in DATES
            else source
            for name, source in self.fields.items()
        }
        return replace(self, fields=fields)

    def with_value(self, field: str, value: str) -> Self:
        """The same mapping, by which every row has this value of a field."""
        return replace(self, fields={**self.fields, field: Source(value=value)})

    def without(self, field: str) -> Self:
        """The same mapping without a field."""
        others = {name: source for name, source in self.fields.items() if name != field}
        return replace(self, fields=others)

    def of_columns(self, header: Sequence[str]) -> Self:
        """The same mapping without optional fields whose columns the file lacks."""
        fields = {
            name: source
            for name, source in self.fields.items()
            if not source.is_optional or any(positions(header, name) for name in source.columns)
        }
        return replace(self, fields=fields)

    def is_header(self, cells: Sequence[str]) -> bool:
        """Whether a row has the name of every column that is needed."""
        needed = [source for source in self.fields.values() if not source.is_optional]
        rules = [rule.column for rule in (*self.only, *self.skip)]
        return all(
            any(positions(cells, column) for column in source.columns) or not source.columns
            for source in needed
        ) and all(positions(cells, column) for column in rules)

    def is_by_client(self, header: Sequence[str]) -> bool:
        """Whether a row without a client means a project without one, as in our own export."""
        project, client = self.fields.get("project"), self.fields.get("client")
        return (
            self.taskdock_export
            and project is not None
            and project.value is None
            and client is not None
            and any(positions(header, name) for name in client.columns)
        )

    def column(self, name: str) -> str:
        """What a field is called in the file: its column, or its own name."""
        if name == "completed_at" and name not in self.fields and "completed" in self.fields:
            name = "completed"
        source = self.fields.get(name)
        return source.column if source and source.column is not None else name

    def check(self, header: Sequence[str]) -> None:
        """Raises ``FileRefused`` where a column is missing, or a field that every task needs."""
        columns = [
            (source.columns, name)
            for name, source in self.fields.items()
            if source.columns and not source.is_optional
        ]
        rules = [((rule.column,), "the rows to take") for rule in (*self.only, *self.skip)]
        for names, use in columns + rules:
            if not any(positions(header, name) for name in names):
                raise FileRefused(
                    f"There is no column {' or '.join(map(repr, names))} for {use}. The columns "
                    f"are: {listed(header)}." + _NAME_PROJECT * (use == "project")
                )
        for name, others in (("title", ()), ("project", ("project_id",))):
            if not {name, *others} & self.fields.keys():
                raise FileRefused(
                    f"No column is the {name}. The columns are: {listed(header)}. A mapping says "
                    "which is which, and --write-mapping makes one to begin with."
                    + _NAME_PROJECT
                    * (name == "project")
                )


def positions(header: Sequence[str], column: str) -> tuple[int, ...]:
    """Where a column is in the header: several times if its name comes several times.

    A name in another case or with other blanks is taken where none is written just so.
    """
    exact = tuple(place for place, name in enumerate(header) if name == column)
    if exact or not column:
        return exact
    wanted = plain(column)
    return tuple(place for place, name in enumerate(header) if plain(name) == wanted)


def folded(values: Mapping[str, str]) -> dict[str, str]:
    """The same texts in any case, unless there is one in this case too."""
    return {plain(key): text for key, text in values.items()} | dict(values)


def listed(header: Sequence[str]) -> str:
    return ", ".join(column for column in header if column) or "none"


def is_list(name: str) -> bool:
    """Whether a field has several texts."""
    return FIELDS[name].kind is Kind.SEVERAL


def plain(text: str) -> str:
    """What is the same of texts that differ in case, in blanks or in how they are composed."""
    return " ".join(fold(text).split())
