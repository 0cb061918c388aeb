"""Which column is which field, and how cells are read: a file in TOML, or the header alone."""

import datetime as dt
import hashlib
import tomllib
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from tasks.importing.fields import FIELDS, Kind, guessed_name, known_name
from tasks.importing.problems import FileRefused
from tasks.models.imports import SOURCE_LENGTH

_SEPARATOR = ","


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a field's text comes from: a column, or the same ``value`` for every row.

    ``values`` puts one text in the place of another, ``default`` one in the place of nothing.
    """

    column: str | None = None
    value: str | None = None
    default: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    formats: Sequence[str] = ()

    def text(self, cell: str) -> str:
        """What is meant by a cell."""
        if not self.values:
            return cell if cell.strip() else self.default
        cell = self.values.get(cell.strip(), self.values.get(cell.strip().casefold(), cell))
        return cell if cell.strip() else self.default


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskMapping:
    """How a file is read. ``separator`` stands between several people or tags of one cell."""

    fields: Mapping[str, Source]
    delimiter: str | None = None
    encoding: str | None = None
    separator: str = _SEPARATOR
    timezone: str | None = None
    source: str = ""

    @property
    def digest(self) -> str:
        """The same for mappings that make the same of a file."""
        fields = sorted((name, repr(source)) for name, source in self.fields.items())
        said = (fields, self.delimiter, self.encoding, self.separator, self.timezone, self.source)
        return hashlib.sha256(repr(said).encode()).hexdigest()

    @classmethod
    def of_header(cls, header: Sequence[str]) -> Self:
        """The columns that are called what we, or the API, call them."""
        names = ((known_name(column), column) for column in header)
        return cls(fields={name: Source(column=column) for name, column in names if name})

    @classmethod
    def of_file(cls, path: str) -> Self:
        """What a file in TOML says. Raises ``FileRefused``."""
        try:
            data = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise FileRefused(f"The mapping {path} can't be read: {error}") from error
        return cls(**_Said(path).mapping(data))

    def columns(self, header: Sequence[str]) -> dict[str, int | None]:
        """The place of each field's column in the header, None for one of the same value always.

        Raises ``FileRefused`` where a column is not there, or what every task needs is mapped to
        none.
        """
        places: dict[str, int | None] = {}
        for name, source in self.fields.items():
            if source.column is not None and source.column not in header:
                raise FileRefused(
                    f"There is no column {source.column!r} for {name}. The columns are: "
                    f"{_listed(header)}."
                )
            places[name] = None if source.column is None else list(header).index(source.column)
        for name, others in (("title", ()), ("project", ("project_id",))):
            if not {name, *others} & self.fields.keys():
                raise FileRefused(
                    f"No column is the {name}. The columns are: {_listed(header)}. A mapping says "
                    "which is which, and --write-mapping makes one to begin with."
                )
        return places

    def column(self, name: str) -> str:
        """What a field is called by who wrote the file: its column, or its own name."""
        source = self.fields.get(name)
        return source.column if source and source.column is not None else name


def starter(header: Sequence[str], *, delimiter: str, encoding: str) -> str:
    """A mapping to begin with, as TOML: what the columns are taken for, and what is left."""
    guesses: dict[str, str] = {}
    for column in header:
        name = guessed_name(column)
        if name is not None:
            guesses.setdefault(name, column)
    lines = [
        "# Which column is which field. Texts that are no field of ours can be left out.",
        f"delimiter = {_quoted(delimiter)}",
        f"encoding = {_quoted(encoding)}",
        f"separator = {_quoted(_SEPARATOR)}  # between several people, or tags, of one cell",
        '# timezone = "Europe/Berlin"  # of moments without one; by default the site\'s',
        '# source = ""  # whose keys they are, where files of several programs are imported',
        "",
        "[fields]",
        *(f"{name} = {_quoted(guesses[name])}" for name in FIELDS if name in guesses),
    ]
    others = [column for column in header if column and column not in guesses.values()]
    if others:
        lines += ["", f"# Columns that are not imported: {_quoted(_listed(others))}"]
    left = [name for name in FIELDS if name not in guesses]
    lines += [
        "",
        f"# Fields without a column: {', '.join(left)}",
        '# project = { value = "Inbox" }  # the same for every row',
        "# due_date = { column = \"Due\", formats = ['%d.%m.%Y'] }",
        '# status = { column = "State", default = "To do", values = { "Done" = "Completed" } }',
        "",
    ]
    return "\n".join(lines)


class _Said:
    """Reads what a mapping says; a mistake is named by where it is."""

    def __init__(self, path: str) -> None:
        self.path = path

    def mapping(self, data: dict[str, Any]) -> dict[str, Any]:
        known = ("delimiter", "encoding", "separator", "timezone", "source", "fields")
        self._only("", data, known)
        said: dict[str, Any] = {
            name: self._text(name, data[name]) for name in data.keys() - {"fields"}
        }
        if "delimiter" in said and len(said["delimiter"]) != 1:
            self._fail("delimiter", "must be one character")
        if not said.get("separator", _SEPARATOR).strip():
            self._fail("separator", "must not be blank")
        if len(said.get("source", "")) > SOURCE_LENGTH:
            self._fail("source", f"has at most {SOURCE_LENGTH} characters")
        if "timezone" in said:
            try:
                zoneinfo.ZoneInfo(said["timezone"])
            except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
                self._fail("timezone", f"is none that there is: {said['timezone']!r}")
        fields = self._table("fields", data.get("fields", {}))
        self._only("fields", fields, tuple(FIELDS))
        said["fields"] = {name: self._source(name, value) for name, value in fields.items()}
        return said

    def _source(self, name: str, value: Any) -> Source:
        at = f"fields.{name}"
        if isinstance(value, str):
            return Source(column=value)
        table = self._table(at, value)
        has_formats = FIELDS[name].kind in {Kind.DAY, Kind.MOMENT}
        self._only(
            at, table, ("column", "value", "default", "values", *(["formats"] * has_formats))
        )
        if ("column" in table) is ("value" in table):
            self._fail(at, "must have either a column or a value")
        texts = {
            key: self._text(f"{at}.{key}", said)
            for key, said in table.items()
            if key not in {"values", "formats"}
        }
        values = self._table(f"{at}.values", table.get("values", {}))
        formats = table.get("formats", [])
        if not isinstance(formats, list):
            self._fail(f"{at}.formats", "must be an array of texts")
        return Source(
            **texts,
            values=_folded({key: self._text(f"{at}.values", said) for key, said in values.items()}),
            formats=tuple(self._text(f"{at}.formats", said) for said in formats),
        )

    def _only(self, at: str, table: dict[str, Any], known: Sequence[str]) -> None:
        for name in table:
            if name not in known:
                self._fail(
                    f"{at}.{name}" if at else name, f"is not known. Known: {', '.join(known)}"
                )

    def _table(self, at: str, value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            self._fail(at, "must be a table")
        return dict(value)

    def _text(self, at: str, value: Any) -> str:
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, dt.date):
            return value.isoformat()
        if not isinstance(value, str | int):
            self._fail(at, "must be a text")
        return str(value)

    def _fail(self, at: str, what: str) -> Any:
        raise FileRefused(f"The mapping {self.path}: {at} {what}.")


def _folded(values: dict[str, str]) -> dict[str, str]:
    """The same in any case, unless it says otherwise itself."""
    return {key.strip().casefold(): text for key, text in values.items()} | values


def _listed(header: Sequence[str]) -> str:
    return ", ".join(column for column in header if column) or "none"


def _quoted(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\t": "\\t"}
    safe = "".join(escapes.get(char, char) for char in text)
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in safe) + '"'
