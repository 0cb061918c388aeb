"""The texts of a row's fields, taken from its cells as a mapping says."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tasks.folding import is_blank, normal
from tasks.formulas import unguard
from tasks.importing.files import Record
from tasks.importing.mapping import FIRST, Rule, Source, TaskMapping, is_list, plain, positions
from tasks.importing.rejected import is_rejected, unguarded
from tasks.models.imports import KEY_LENGTH


@dataclass(frozen=True, slots=True)
class Texts:
    """What a row says of each field: one text, or several of people and tags.

    ``conflicts`` has the different texts of fields that take one.
    """

    one: dict[str, str] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)
    conflicts: dict[str, list[str]] = field(default_factory=dict)


class Columns:
    """Where a mapping's columns are in the header of a file."""

    def __init__(self, mapping: TaskMapping, header: Sequence[str]) -> None:
        self.mapping = mapping
        self.width = len(header)
        self._fields = [
            (name, source, [positions(header, column) for column in source.columns])
            for name, source in mapping.fields.items()
        ]
        #: The places of fields that are one cell as it is, which most are.
        self._plain = {
            name: groups[0][0]
            for name, source, groups in self._fields
            if source == Source(column=source.column, formats=source.formats)
            and not is_list(name)
            and not (name == "description" and mapping.taskdock_export)
            and [len(places) for places in groups] == [1]
        }
        self._is_rejected = is_rejected(header)
        self._only = [_RowRule(rule, header) for rule in mapping.only]
        self._skip = [_RowRule(rule, header) for rule in mapping.skip]

    def takes(self, record: Record) -> bool:
        """Whether the mapping takes a row. One that can't be read is taken, so that it is told."""
        if record.error is not None or not (self._only or self._skip):
            return True
        cells = self.cells(record)
        return all(rule.fits(cells) for rule in self._only) and not any(
            rule.fits(cells) for rule in self._skip
        )

    def cells(self, record: Record) -> list[str]:
        """The cells of a row without the guard of ours, and empty ones where it ends early."""
        cells = record.cells
        if self._is_rejected:
            cells = unguarded(cells)
        if self.mapping.taskdock_export:
            cells = [unguard(cell) for cell in cells]
        return [*cells, *[""] * (self.width - len(cells))]

    def texts(self, record: Record) -> Texts:
        """What the fields of a row say."""
        cells = self.cells(record)
        texts = Texts()
        for name, source, groups in self._fields:
            if name in self._plain:
                texts.one[name] = _clean(name, cells[self._plain[name]])
                continue
            columns = (
                [[source.value]]
                if source.value is not None
                else [[cells[place] for place in places] for places in groups]
            )
            if is_list(name):
                texts.several[name] = self._items(source, columns)
            else:
                self._one(texts, name, source, columns)
        return texts

    def _items(self, source: Source, columns: Sequence[Sequence[str]]) -> list[str]:
        separator = self.mapping.separator
        found = [
            [item for cell in column for item in source.items(cell, separator)]
            for column in columns
        ]
        if source.pick is not None:
            found = [items for items in found if items]
            found = found[:1] if source.pick == FIRST else found[-1:]
        items = [item.strip() for column in found for item in column]
        # A repeated column has the same person or tag twice.
        return list(dict.fromkeys(items)) or source.items(source.default, separator)

    def _one(
        self, texts: Texts, name: str, source: Source, columns: Sequence[Sequence[str]]
    ) -> None:
        filled = [
            found
            for column in columns
            if (found := [item for cell in column for item in source.items(cell, None)])
        ]
        if source.join is not None and filled:
            filled = [[source.join.join(item.strip() for column in filled for item in column)]]
        # Of several columns the first that is filled.
        different = list(dict.fromkeys(filled[0])) if filled else [source.default]
        if len(different) > 1 and source.pick is not None:
            different = different[:1] if source.pick == FIRST else different[-1:]
        if name == "description":
            if self.mapping.taskdock_export:
                # Blanks alone are a description, too.
                different = [cell for column in columns for cell in column]
            texts.one[name] = "\n\n".join(different)
            return
        text = _clean(name, different[0])
        if name == "key" and source.join is not None and len(text) > KEY_LENGTH:
            text = hashlib.sha256(text.encode()).hexdigest()
        texts.one[name] = text
        if len(different) > 1:
            texts.conflicts[name] = different


def _clean(name: str, text: str) -> str:
    if name == "description":
        return text if text.strip() else ""
    text = "" if is_blank(text) else text.strip()
    return normal(text) if name == "key" else text


class _RowRule:
    def __init__(self, rule: Rule, header: Sequence[str]) -> None:
        self._places = positions(header, rule.column)
        self._pattern = None if rule.pattern is None else re.compile(rule.pattern)
        self._values = None if rule.values is None else {plain(value) for value in rule.values}

    def fits(self, cells: Sequence[str]) -> bool:
        if self._pattern is not None:
            return any(self._pattern.search(cells[place].strip()) for place in self._places)
        texts = {plain(cells[place]) for place in self._places}
        if self._values is None:
            return any(texts)
        # A repeated column is empty where all its cells are.
        texts = texts if len(texts) == 1 else texts - {""}
        return bool(texts & self._values)
