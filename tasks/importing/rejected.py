"""Rows that are not imported, in a file of their own that can be mended and imported."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tasks.importing.files import DEFAULT_ENCODING
from tasks.importing.problems import FileRefused
from tasks.importing.rows import Row

LINE, PROBLEMS = "import_line", "import_problems"


class Rejected:
    """Writes the rows as they were, each with its line and what is wrong with it."""

    def __init__(self, writer: Any, path: Path, delimiter: str) -> None:
        self._writer, self._path, self._delimiter = writer, path, delimiter
        #: How many rows are in the file that was there before, and stay in it.
        self.kept = 0

    def add(self, row: Row) -> None:
        """A row with problems."""
        problems = "; ".join(
            problem.message if problem.column is None else f"{problem.column}: {problem.message}"
            for problem in row.problems
        )
        self._writer.writerow([*row.record.cells, row.record.line, problems])

    def keep(self, *, before: int | None) -> None:
        """Keep what the file has of lines before this one, all of it for None.

        An import that goes on looks at no row that it was through with.
        """
        if not self._path.exists():
            return
        with self._path.open(encoding=DEFAULT_ENCODING, newline="") as file:
            rows = csv.reader(file, delimiter=self._delimiter)
            next(rows, None)
            for row in rows:
                line = row[-2] if len(row) > 1 else ""
                if line.isdecimal() and (before is None or int(line) < before):
                    self._writer.writerow(row)
                    self.kept += 1


@contextmanager
def rejected(path: str, header: Sequence[str], *, delimiter: str) -> Iterator[Rejected]:
    """The file of this path, begun anew. It is there as a whole or not at all."""
    part = Path(f"{path}.part")
    try:
        with part.open("w", encoding=DEFAULT_ENCODING, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow([*header, LINE, PROBLEMS])
            yield Rejected(writer, Path(path), delimiter)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"{path} can't be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
