"""Mappings as files in TOML: read, checked, and written."""

import datetime as dt
import re
import tomllib
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn

from tasks.importing.cells import FORMATS, is_format
from tasks.importing.fields import DATES, FIELDS, Kind
from tasks.importing.mapping import FIRST, LAST, SEPARATOR, Rule, Source, TaskMapping, folded, plain
from tasks.importing.problems import FileRefused
from tasks.models.imports import SOURCE_LENGTH

_PRESETS = resources.files("tasks.importing") / "presets"
#: What a mapping may have, and what a field of it may have.
MAPPING_OPTIONS = (
    "delimiter",
    "encoding",
    "separator",
    "timezone",
    "source",
    "skip_lines",
    "ignore_unknown_people",
    "one_per_key",
    "taskdock_export",
    "only",
    "skip",
    "fields",
)
FIELD_OPTIONS = (
    "column",
    "value",
    "default",
    "values",
    "separator",
    "strip",
    "pattern",
    "pick",
    "join",
    "formats",
    "lenient",
    "when",
    "optional",
)
#: Options of fields that are dates, and of the one that completes.
_OF_DATES, _OF_COMPLETION = ("formats", "lenient"), ("when",)
#: Lines before the header that a mapping can skip.
MAX_SKIPPED_LINES = 10_000
#: Zones that differ from machine to machine.
_LOCAL_ZONES = ("localtime", "Factory", "posixrules")


def preset_names() -> list[str]:
    """The programs whose exports are read without a mapping of one's own."""
    names = (entry.name for entry in _PRESETS.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def preset(name: str) -> TaskMapping:
    """The mapping of a program's export, by its name in any case. Raises ``FileRefused``."""
    program = name.lower()
    if program not in preset_names():
        raise FileRefused(f"There is no mapping for {name!r}: {', '.join(preset_names())}.")
    text = (_PRESETS / f"{program}.toml").read_text(encoding="utf-8")
    return parse_mapping(text, where=f"for {program}")


def read_mapping(path: str) -> TaskMapping:
    """The mapping that a file in TOML has. Raises ``FileRefused``."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise FileRefused(f"The mapping {path} can't be read: {error}") from error
    return parse_mapping(text, where=path)


def parse_mapping(text: str, *, where: str) -> TaskMapping:
    """The mapping that a text in TOML has. Raises ``FileRefused``, which says ``where``."""
    try:
        data = tomllib.loads(text)
    except ValueError as error:
        raise FileRefused(f"The mapping {where} can't be read: {error}") from error
    return _Reader(where).mapping(data)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads the tables of a mapping; a mistake is named by its key."""

    where: str

    def mapping(self, data: dict[str, Any]) -> TaskMapping:
        if "time_zone" in data:
            data = {("timezone" if key == "time_zone" else key): data[key] for key in data}
        self._only("", data, MAPPING_OPTIONS)
        said: dict[str, Any] = {
            name: self._text(name, data[name])
            for name in ("delimiter", "encoding", "separator", "timezone", "source")
            if name in data
        }
        self._check(said)
        lines = data.get("skip_lines")
        if lines is not None and (
            isinstance(lines, bool)
            or not isinstance(lines, int)
            or not 0 <= lines <= MAX_SKIPPED_LINES
        ):
            self._fail("skip_lines", "must be a number of lines")
        fields = self._table("fields", data.get("fields", {}))
        self._only("fields", fields, tuple(FIELDS))
        return TaskMapping(
            **said,
            skip_lines=lines,
            one_per_key=self._switch("one_per_key", data),
            ignore_unknown_people=self._switch("ignore_unknown_people", data),
            taskdock_export=self._switch("taskdock_export", data),
            only=self._rules("only", data.get("only", {})),
            skip=self._rules("skip", data.get("skip", {})),
            fields={name: self._source(name, value) for name, value in fields.items()},
        )

    def _check(self, said: dict[str, str]) -> None:
        delimiter = said.get("delimiter", ",")
        if len(delimiter) != 1 or delimiter in '"\r\n':
            self._fail("delimiter", "must be one character")
        if not said.get("separator", SEPARATOR):
            self._fail("separator", "must not be empty")
        if len(said.get("source", "")) > SOURCE_LENGTH:
            self._fail("source", f"has at most {SOURCE_LENGTH} characters")
        zone = said.get("timezone")
        if zone is not None and not _is_zone(zone):
            self._fail("timezone", f"is none that there is: {zone!r}")

    def _rules(self, at: str, value: Any) -> tuple[Rule, ...]:
        rules = []
        for column, texts in self._table(at, value).items():
            if isinstance(texts, dict):
                self._only(f"{at}.{column}", texts, ("pattern",))
                pattern = self._pattern(f"{at}.{column}", texts)
                rules.append(Rule(column, None, pattern))
            elif isinstance(texts, bool):
                rules.append(Rule(column, None if texts else ("",)))
            else:
                rules.append(Rule(column, self._texts(f"{at}.{column}", texts)))
        return tuple(rules)

    def _source(self, name: str, value: Any) -> Source:
        at = f"fields.{name}"
        if isinstance(value, str):
            return Source(column=value)
        table = self._table(at, value)
        kind = FIELDS[name].kind
        no: tuple[str, ...] = () if kind in DATES else _OF_DATES
        no += () if kind is Kind.COMPLETION else _OF_COMPLETION
        self._only(at, table, [option for option in FIELD_OPTIONS if option not in no])
        if ("column" in table) is ("value" in table):
            self._fail(at, "must have either a column or a value")
        column, *more = (
            self._texts(f"{at}.column", table["column"]) if "column" in table else [None]
        )
        values = self._table(f"{at}.values", table.get("values", {}))
        return Source(
            column=column,
            more_columns=tuple(text for text in more if text is not None),
            values=folded({key: self._text(f"{at}.values", said) for key, said in values.items()}),
            formats=self._formats(at, table.get("formats", [])),
            when=self._texts(f"{at}.when", table["when"]) if "when" in table else (),
            pattern=self._pattern(at, table),
            pick=self._pick(at, table),
            is_optional=self._bool(f"{at}.optional", table.get("optional", False)),
            is_lenient=self._bool(f"{at}.lenient", table.get("lenient", False)),
            **{
                key: self._text(f"{at}.{key}", table[key])
                for key in ("value", "default", "separator", "strip", "join")
                if key in table
            },
        )

    def _formats(self, at: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            self._fail(f"{at}.formats", "must be an array of texts")
        formats = tuple(self._text(f"{at}.formats", said) for said in value)
        for form in formats:
            if not is_format(form):
                self._fail(f"{at}.formats", f"has {form!r}, which is {FORMATS}")
        return formats

    def _pattern(self, at: str, table: dict[str, Any]) -> str | None:
        if "pattern" not in table:
            return None
        pattern = self._text(f"{at}.pattern", table["pattern"])
        try:
            re.compile(pattern)
        except re.error as error:
            self._fail(f"{at}.pattern", f"is no regular expression: {error}")
        return pattern

    def _pick(self, at: str, table: dict[str, Any]) -> str | None:
        pick = table.get("pick")
        if pick not in {None, FIRST, LAST}:
            self._fail(f"{at}.pick", f'must be "{FIRST}" or "{LAST}"')
        return str(pick) if pick else None

    def _switch(self, name: str, data: dict[str, Any]) -> bool:
        return self._bool(name, data.get(name, False))

    def _bool(self, at: str, value: Any) -> bool:
        if not isinstance(value, bool):
            self._fail(at, "must be true or false")
        return value

    def _texts(self, at: str, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            return (self._text(at, value),)
        if not value:
            self._fail(at, "must not be empty")
        return tuple(self._text(at, said) for said in value)

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

    def _fail(self, at: str, what: str) -> NoReturn:
        raise FileRefused(f"The mapping {self.where}: {at} {what}.")


def _is_zone(name: str) -> bool:
    if name in _LOCAL_ZONES or name.startswith(("right/", "posix/")):
        return False
    try:
        zoneinfo.ZoneInfo(name)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        return False
    return True


def dumped(mapping: TaskMapping) -> str:
    """The mapping as a file in TOML."""
    tops: list[tuple[str, object]] = [
        ("delimiter", mapping.delimiter),
        ("encoding", mapping.encoding),
        ("separator", mapping.separator),
        ("timezone", mapping.timezone),
        ("source", mapping.source or None),
        ("skip_lines", mapping.skip_lines),
        ("one_per_key", mapping.one_per_key or None),
        ("ignore_unknown_people", mapping.ignore_unknown_people or None),
        ("taskdock_export", mapping.taskdock_export or None),
    ]
    lines = [f"{key} = {_value(value)}" for key, value in tops if value is not None]
    for at, rules in (("only", mapping.only), ("skip", mapping.skip)):
        if rules:
            lines += ["", f"[{at}]"]
        lines += [f"{toml_text(rule.column)} = {_rule_value(rule)}" for rule in rules]
    lines += ["", "[fields]"]
    lines += [f"{name} = {_source_value(source)}" for name, source in mapping.fields.items()]
    return "\n".join([*lines, ""])


def _rule_value(rule: Rule) -> str:
    if rule.pattern is not None:
        return f"{{ pattern = {toml_text(rule.pattern)} }}"
    return "true" if rule.values is None else _value(rule.values)


def _source_value(source: Source) -> str:
    columns = source.columns
    pairs: list[tuple[str, object]] = [
        ("column", columns[0] if len(columns) == 1 else columns or None),
        ("value", source.value),
        ("strip", source.strip or None),
        ("separator", source.separator),
        ("pattern", source.pattern),
        ("pick", source.pick),
        ("join", source.join),
        ("default", source.default or None),
        ("formats", source.formats or None),
        ("when", source.when or None),
        ("optional", source.is_optional or None),
        ("lenient", source.is_lenient or None),
        ("values", _unfolded(source.values) or None),
    ]
    said = [(key, value) for key, value in pairs if value is not None]
    if [key for key, _ in said] == ["column"] and isinstance(said[0][1], str):
        return toml_text(said[0][1])
    return "{ " + ", ".join(f"{key} = {_value(value)}" for key, value in said) + " }"


def _unfolded(values: Mapping[str, str]) -> dict[str, str]:
    """The texts without those that ``folded`` adds."""
    added = {plain(key) for key in values if key != plain(key)}
    return {key: text for key, text in values.items() if key not in added}


def _value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, dict):
        pairs = ", ".join(f"{toml_text(key)} = {_value(text)}" for key, text in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, Iterable):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value)


def toml_text(text: str) -> str:
    """A text as TOML has it."""
    escapes = {'"': '\\"', "\\": "\\\\", "\t": "\\t"}
    safe = "".join(escapes.get(char, char) for char in text)
    return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in safe) + '"'
