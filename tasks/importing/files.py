"""A file of comma-separated values, as it is when the import begins."""

import csv
import hashlib
import io
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from tasks.importing.problems import FileRefused

#: Stands for standard input where a file is named.
STANDARD_INPUT = "-"
#: Characters of a cell. One that is longer is a quote that is never closed.
LONGEST_CELL = 10 * 2**20
DELIMITERS = ",;\t|"
DEFAULT_ENCODING = "utf-8-sig"

_CHUNK = 2**20
_ZIP = b"PK\x03\x04"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its cells and the line in which it begins, from 1; ``error`` where it has no cells.

    After one that ``ends_reading`` there is none: what follows could be anything.
    """

    line: int
    cells: list[str]
    error: str | None = None
    ends_reading: bool = False


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the file, so that what is written is what was checked, whatever its source."""

    name: str
    file: IO[bytes]
    digest: str
    size: int

    @contextmanager
    def records(self, *, encoding: str, delimiter: str) -> Iterator[Iterator[Record]]:
        """Its rows, the header first; lines without anything in them are left out."""
        self.file.seek(0)
        try:
            text = io.TextIOWrapper(self.file, encoding=encoding, newline="")
        except LookupError:
            raise FileRefused(f"There is no encoding {encoding!r}.") from None
        longest = csv.field_size_limit(LONGEST_CELL)
        try:
            yield self._records(text, encoding, delimiter)
        finally:
            csv.field_size_limit(longest)
            text.detach()

    def guessed_delimiter(self, encoding: str) -> str:
        """The delimiter that the header has most of; a comma where it has none."""
        self.file.seek(0)
        start = self.file.read(_CHUNK).decode(encoding, errors="replace")
        header = start.lstrip("\r\n").split("\n", 1)[0]
        unquoted = "".join(header.split('"')[::2])
        return max(DELIMITERS, key=unquoted.count)

    def position(self) -> int:
        """How many bytes have been read."""
        return self.file.tell()

    def _records(self, text: io.TextIOWrapper, encoding: str, delimiter: str) -> Iterator[Record]:
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except UnicodeDecodeError as error:
                yield Record(line, [], self._undecodable(error, encoding), ends_reading=True)
                return
            except csv.Error as error:
                record = _unreadable(line, str(error))
                yield record
                if record.ends_reading:
                    return
            else:
                if any(cells):
                    yield Record(line, cells)

    def _undecodable(self, error: UnicodeDecodeError, encoding: str) -> str:
        where = self._undecodable_line(encoding)
        return (
            f"{where} is not {encoding}: the byte 0x{error.object[error.start]:02x}. Name the "
            "file's encoding, as --encoding latin-1; Excel's is often \"cp1252\"."
        )

    def _undecodable_line(self, encoding: str) -> str:
        self.file.seek(0)
        for number, line in enumerate(self.file, start=1):
            try:
                line.decode(encoding)
            except UnicodeDecodeError:
                return f"Line {number}"
        return "The file"


@contextmanager
def snapshot(path: str) -> Iterator[Snapshot]:
    """A copy of the file of this path, or of standard input. Raises ``FileRefused``."""
    with tempfile.TemporaryFile() as copy:
        digest = hashlib.sha256()
        with _opened(path) as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        size = copy.tell()
        _check_kind(copy)
        name = "" if path == STANDARD_INPUT else Path(path).name
        yield Snapshot(name, copy, digest.hexdigest(), size)


@contextmanager
def _opened(path: str) -> Iterator[IO[bytes]]:
    if path == STANDARD_INPUT:
        yield sys.stdin.buffer
        return
    try:
        if stat.S_ISDIR(Path(path).stat().st_mode):
            raise FileRefused(f"{path} is a folder.")
        with Path(path).open("rb") as file:
            yield file
    except FileNotFoundError:
        raise FileRefused(f"There is no file {path}.") from None
    except (OSError, ValueError) as error:
        raise FileRefused(f"{path} can't be read: {error}") from error


def _check_kind(copy: IO[bytes]) -> None:
    copy.seek(0)
    start = copy.read(4)
    if not start:
        raise FileRefused("The file is empty.")
    if start == _ZIP:
        raise FileRefused("The file is no CSV but a ZIP file, as workbooks are: save it as CSV.")


def default_encoding(file: Snapshot) -> str:
    """UTF-8 with or without a mark, unless the file begins with the mark of UTF-16."""
    file.file.seek(0)
    return "utf-16" if file.file.read(2) in _UTF_16 else DEFAULT_ENCODING


def _unreadable(line: int, error: str) -> Record:
    if "field limit" in error:
        return Record(
            line,
            [],
            f"A cell has more than {LONGEST_CELL:,} characters. Is there a quote that is never "
            "closed? Nothing after it was read.",
            ends_reading=True,
        )
    if "unexpected end" in error:
        return Record(line, [], "A quote is opened here and never closed.", ends_reading=True)
    return Record(line, [], f"The row can't be read: {error}.")
