"""Rows that are not imported, in a file of their own that can be mended and imported."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tasks.folding import is_blank
from tasks.formulas import APOSTROPHE, guard, unguard
from tasks.importing.encodings import MARK, marks_itself
from tasks.importing.files import Layout
from tasks.importing.problems import FileRefused
from tasks.importing.row import Row

LINE, PROBLEMS = "import_line", "import_problems"


class Rejected:
    """Writes the rows as they were, each with its line and what is wrong with it."""

    def __init__(
        self, writer: Any, path: Path, layout: Layout, *, width: int, dropped: int
    ) -> None:
        self._writer, self._path, self._layout = writer, path, layout
        self._width, self._dropped = width, dropped
        #: How many rows are in the file that was there before, and stay in it.
        self.kept = 0

    def add(self, row: Row) -> None:
        """A row with problems."""
        problems = "; ".join(
            problem.message if problem.column is None else f"{problem.column}: {problem.message}"
            for problem in row.problems
        )
        cells = row.record.cells
        beyond = cells[self._width + self._dropped :]
        beyond = [] if all(map(is_blank, beyond)) else beyond
        short = [""] * (self._width - len(cells))
        written = [*cells[: self._width], *short, *beyond]
        if self._dropped:
            written = unguarded(written)
        self._writer.writerow([*map(_guarded, written), row.record.line, _guarded(problems)])

    def keep(self, *, before: int | None) -> None:
        """Keep what the file has of lines before this one, all of it for None.

        An import that goes on looks at no row that it was through with.
        """
        if not self._path.exists():
            return
        with _opened(self._path, "r", self._layout) as file:
            for _ in range(self._layout.header_line - 1):
                next(file, None)
            rows = csv.reader(file, delimiter=self._layout.delimiter)
            next(rows, None)
            for row in rows:
                line = row[-2] if len(row) > 1 else ""
                if line.isdecimal() and (before is None or int(line) < before):
                    self._writer.writerow(row)
                    self.kept += 1


@contextmanager
def rejected(
    path: str, header: Sequence[str], *, layout: Layout, preamble: str
) -> Iterator[Rejected]:
    """The file of this path, begun anew. It is there as a whole or not at all.

    What made the rows reads them: encoding, delimiter, and the lines before the header are those
    of the file that they are from.
    """
    part = Path(f"{path}.part")
    # Where the file was itself one of rejected rows, these are its last columns.
    dropped = 2 if is_rejected(header) else 0
    columns = header[: len(header) - dropped]
    try:
        with _opened(part, "w", layout) as file:
            file.write(marks_itself(layout.encoding) + preamble.removeprefix(MARK))
            writer = csv.writer(file, delimiter=layout.delimiter)
            writer.writerow([*columns, LINE, PROBLEMS])
            yield Rejected(writer, Path(path), layout, width=len(columns), dropped=dropped)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"{path} can't be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)


def is_rejected(header: Sequence[str]) -> bool:
    """Whether a file with this header is one of rejected rows, whose cells have a guard."""
    return list(header[-2:]) == [LINE, PROBLEMS]


def unguarded(cells: Sequence[str]) -> list[str]:
    """The cells as they were before they were rejected."""
    return [unguard(cell, inner=APOSTROPHE) for cell in cells]


def _guarded(cell: str) -> str:
    # The file's encoding may have no other apostrophe.
    return guard(cell, inner=APOSTROPHE)


def _opened(path: Path, mode: str, layout: Layout) -> IO[str]:
    # A problem may quote a character that the file's encoding lacks.
    return path.open(mode, encoding=layout.encoding, errors="backslashreplace", newline="")
