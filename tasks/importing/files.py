"""A file of comma-separated values, as it is when the import begins."""

import csv
import hashlib
import io
import re
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO

from tasks.folding import is_blank
from tasks.importing.encodings import MARK, check_encoding, default_encoding
from tasks.importing.json_exports import as_csv
from tasks.importing.problems import FileRefused

#: Stands for standard input where a file is named.
STANDARD_INPUT = "-"
#: Characters of a cell. One that is longer is a quote that is never closed.
LONGEST_CELL = 10 * 2**20
DELIMITERS = ",;\t|"
#: In how many rows the header is looked for.
HEADER_ROWS = 50

_CHUNK = 2**20
_ZIP = b"PK\x03\x04"
#: Excel's old workbooks, and other files of Office before 2007.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: The line that tells Excel the delimiter. Programs that fill rows up add empty cells to it.
_HINT = re.compile(r'"?sep="?([^\r\n"])"{0,2}\1*[,;]*[\r\n]*\Z', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Record:
    """A row: its cells and the line in which it begins, from 1.

    With an ``error`` the row can't be read as it is written; ``cells`` is then a guess. After one
    that ``ends_reading`` there is none: what follows could be anything.
    """

    line: int
    cells: list[str]
    error: str | None = None
    ends_reading: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """How a file is read: its encoding, its delimiter, and the line of its header, from 1."""

    encoding: str
    delimiter: str
    header_line: int = 1


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A copy of the file, so that what is written is what was checked, whatever its source."""

    name: str
    file: IO[bytes]
    digest: str
    size: int

    def encoding(self, named: str | None) -> str:
        """The encoding that is named, or else what the file's mark says, or else UTF-8.

        Raises ``FileRefused`` where there is no such encoding, or the file has another.
        """
        self.file.seek(0)
        start = self.file.read(_CHUNK)
        if named is None:
            return default_encoding(start)
        check_encoding(named, start)
        return named

    @contextmanager
    def lines(self, encoding: str) -> Iterator[Iterator[str]]:
        """The lines with their ends, without a byte order mark.

        Iterating raises ``FileRefused`` at a line that is not of this encoding.
        """
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, encoding=encoding, newline="")
        try:
            yield self._lines(text, encoding)
        finally:
            text.detach()

    @contextmanager
    def records(self, layout: Layout) -> Iterator[Iterator[Record]]:
        """The rows, the header first. Lines without anything in them are left out."""
        longest = csv.field_size_limit(LONGEST_CELL)
        try:
            with self.lines(layout.encoding) as lines:
                for _ in range(layout.header_line - 1):
                    next(lines, None)
                yield _records(lines, layout.delimiter, layout.header_line)
        finally:
            csv.field_size_limit(longest)

    def hinted_delimiter(self, encoding: str) -> str | None:
        """The delimiter that a first line such as ``sep=;`` tells Excel; None without one."""
        with self.lines(encoding) as lines:
            hint = _HINT.match(next(lines, ""))
        return hint[1] if hint else None

    def find_header(
        self, layout: Layout, delimiters: Sequence[str], is_header: Callable[[list[str]], bool]
    ) -> Layout:
        """The layout with the first row, of at most ``HEADER_ROWS``, that ``is_header``.

        Where several delimiters are possible, they are tried in the order of how often the first
        line has them. Without such a row ``header_line`` stays as it is.
        """
        with self.lines(layout.encoding) as lines:
            rest = islice(lines, layout.header_line - 1, None)
            first = next((line for line in rest if line.strip()), "")
        unquoted = "".join(first.split('"')[::2])
        tried = [
            Layout(layout.encoding, delimiter, layout.header_line)
            for delimiter in sorted(delimiters, key=unquoted.count, reverse=True)
        ]
        for possible in tried:
            with self.records(possible) as records:
                for record in islice(records, HEADER_ROWS):
                    if record.error is None and is_header(stripped(record.cells)):
                        return replace(possible, header_line=record.line)
        return tried[0]

    def preamble(self, layout: Layout) -> str:
        """What stands before the header, as it is."""
        with self.lines(layout.encoding) as lines:
            return "".join(next(lines, "") for _ in range(layout.header_line - 1))

    def check_decodable(self, encoding: str) -> None:
        """Raises ``FileRefused`` where a line is not of this encoding."""
        with self.lines(encoding) as lines:
            for _ in lines:
                pass

    def position(self) -> int:
        """How many bytes have been read."""
        return self.file.tell()

    def _lines(self, text: io.TextIOWrapper, encoding: str) -> Iterator[str]:
        try:
            for number, line in enumerate(text):
                yield _without_marks(line) if number == 0 else line
        except UnicodeError as error:
            raise FileRefused(self._undecodable(error, encoding)) from None

    def _undecodable(self, error: UnicodeError, encoding: str) -> str:
        byte = ""
        if isinstance(error, UnicodeDecodeError) and error.start < len(error.object):
            byte = f": the byte 0x{error.object[error.start]:02x}"
        return (
            f"{self._undecodable_line(encoding)} is not {encoding}{byte}. Name the file's "
            'encoding, as --encoding latin-1; Excel\'s is often "cp1252".'
        )

    def _undecodable_line(self, encoding: str) -> str:
        self.file.seek(0)
        text = io.TextIOWrapper(self.file, encoding=encoding, errors="surrogateescape", newline="")
        try:
            for number, line in enumerate(text, start=1):
                if any("\udc80" <= char <= "\udcff" for char in line):
                    return f"Line {number}"
        except UnicodeError:
            pass
        finally:
            text.detach()
        return "The file"


def _without_marks(line: str) -> str:
    # LibreOffice without a window takes a mark for three letters, and writes them back.
    return line.lstrip(MARK).removeprefix("\u00ef\u00bb\u00bf").lstrip(MARK)


def stripped(cells: Sequence[str]) -> list[str]:
    """The names of columns: cells without white space and byte order marks around them."""
    return [cell.strip().strip(MARK).strip() for cell in cells]


@contextmanager
def snapshot(path: str, *, program: str | None = None) -> Iterator[Snapshot]:
    """A copy of the file of this path, or of standard input. Raises ``FileRefused``.

    An export of ``program`` in JSON is copied as CSV.
    """
    with tempfile.TemporaryFile() as copy:
        digest = hashlib.sha256()
        with _opened(path) as source:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
        if _is_json(copy) and program is not None:
            _make_csv(copy, program)
        size = copy.seek(0, io.SEEK_END)
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
    start = copy.read(1024)
    if not start:
        raise FileRefused("The file is empty.")
    if start.startswith((_ZIP, _COMPOUND)):
        kind = "a ZIP file" if start.startswith(_ZIP) else "an old Office file"
        raise FileRefused(
            f"The file is no CSV but {kind}, as workbooks (.xlsx, .ods, .xls) are: save the sheet "
            "as CSV."
        )
    for beginning, kind in ((b"%PDF-", "a PDF"), (b"\x1f\x8b", "a gzip file")):
        if start.startswith(beginning):
            raise FileRefused(f"The file is no CSV but {kind}.")
    if _is_json(copy):
        raise FileRefused(
            "The file is no CSV but JSON: that is read with --from trello and --from github. "
            "Export CSV, or save it as CSV."
        )
    text = start.decode("utf-8-sig", errors="ignore").lstrip()
    if re.match(r"<(\?xml|!doctype|html|workbook|rss)\b", text, re.IGNORECASE):
        raise FileRefused("The file is no CSV but XML or HTML: export or save it as CSV.")


def _is_json(copy: IO[bytes]) -> bool:
    copy.seek(0)
    start = copy.read(1024).decode("utf-8-sig", errors="ignore").lstrip()
    return re.match(r'\{\s*("|\})|\[\s*(\{|\])', start) is not None


def _make_csv(copy: IO[bytes], program: str) -> None:
    copy.seek(0)
    try:
        text = copy.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("The file is JSON, but not UTF-8.") from None
    written = as_csv(text, program).encode()
    copy.seek(0)
    copy.truncate()
    copy.write(written)


def _records(lines: Iterator[str], delimiter: str, first_line: int) -> Iterator[Record]:
    raw: list[str] = []

    def remembered() -> Iterator[str]:
        for line in lines:
            raw.append(line)
            yield line

    reader = csv.reader(remembered(), delimiter=delimiter, strict=True)
    while True:
        line = first_line + reader.line_num
        raw.clear()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            record = _unreadable(line, str(error), raw, delimiter)
            yield record
            if record.ends_reading:
                return
        else:
            if not all(map(is_blank, cells)):
                yield Record(line, cells)


def _unreadable(line: int, error: str, raw: Sequence[str], delimiter: str) -> Record:
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
    cells = next(csv.reader(raw, delimiter=delimiter), [])
    return Record(line, cells, f"The row can't be read: {error}.")
