"""A mapping to begin with, made of a file's header."""

from collections.abc import Sequence
from pathlib import PurePath

from tasks.importing.fields import FIELDS, guessed_name
from tasks.importing.mapping import SEPARATOR, Source, TaskMapping, listed
from tasks.importing.mapping_file import toml_text
from tasks.models.imports import SOURCE_LENGTH

#: Characters of the digest that tell files of one name apart.
_DIGEST = 8


def is_header(cells: Sequence[str]) -> bool:
    """Whether a row may be a header: its columns are taken for a title and another field."""
    names = {name for cell in cells if (name := guessed_name(cell)) is not None}
    return "title" in names and len(names) > 1


def source_name(file_name: str, digest: str) -> str:
    """The name of the source of a file's keys: the file's own and what no other file has."""
    stem = PurePath(file_name).stem[: SOURCE_LENGTH - _DIGEST - 1]
    return f"{stem}-{digest[:_DIGEST]}" if stem else digest[:_DIGEST]


def guessed_mapping(header: Sequence[str]) -> TaskMapping:
    """What the columns are taken for."""
    sources = {name: Source(column=column) for name, column in _guesses(header).items()}
    return TaskMapping(fields=sources)


def starter(
    header: Sequence[str], *, delimiter: str, encoding: str, skip_lines: int, source: str
) -> str:
    """The mapping as TOML: what the columns are taken for, and what is left."""
    guesses = _guesses(header)
    lines = [
        "# Which column is which field. Texts that are no field of ours can be left out.",
        f"delimiter = {toml_text(delimiter)}",
        f"encoding = {toml_text(encoding)}",
        f"separator = {toml_text(SEPARATOR)}  # between several people, or tags, of one cell",
        '# timezone = "Europe/Berlin"  # of moments without one; by default the site\'s',
        "# Whose keys they are. Keep it for later exports of the same tasks, so that none comes",
        "# twice; another program, site or project has a source of its own.",
        f"source = {toml_text(source)}",
    ]
    if skip_lines:
        lines.append(f"# skip_lines = {skip_lines}  # before the header, which is found without it")
    lines += [
        "",
        '# [only]  # rows that are tasks; the reverse is [skip]\n# Type = ["task", "bug"]',
        "",
        "[fields]",
        *(f"{name} = {toml_text(guesses[name])}" for name in FIELDS if name in guesses),
    ]
    others = [column for column in header if column and column not in guesses.values()]
    if others:
        lines += ["", f"# Columns that are not imported: {toml_text(listed(others))}"]
    left = [name for name, field in FIELDS.items() if name not in guesses and not field.is_exported]
    lines += [
        "",
        f"# Fields without a column: {', '.join(left)}",
        '# project = { value = "Inbox" }  # the same for every row',
        "# due_date = { column = \"Due\", formats = ['%d.%m.%Y'] }",
        '# status = { column = "State", default = "To do", values = { "Done" = "Completed" } }',
        '# completed = "Finished"  # completed where this column is filled, with its date',
        "",
    ]
    return "\n".join(lines)


def _guesses(header: Sequence[str]) -> dict[str, str]:
    guesses: dict[str, str] = {}
    for column in header:
        name = guessed_name(column)
        if name is not None and column not in guesses.values():
            guesses.setdefault(name, column)
    return guesses
