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

    def __init__(self, writer: Any) -> None:
        self._writer = writer

    def add(self, row: Row) -> None:
        problems = "; ".join(
            problem.message if problem.column is None else f"{problem.column}: {problem.message}"
            for problem in row.problems
        )
        self._writer.writerow([*row.record.cells, row.record.line, problems])


@contextmanager
def rejected(path: str, header: Sequence[str], *, delimiter: str) -> Iterator[Rejected]:
    """The file of this path, begun anew. It is there as a whole or not at all."""
    part = Path(f"{path}.part")
    try:
        with part.open("w", encoding=DEFAULT_ENCODING, newline="") as file:
            writer = csv.writer(file, delimiter=delimiter)
            writer.writerow([*header, LINE, PROBLEMS])
            yield Rejected(writer)
        part.replace(path)
    except OSError as error:
        raise FileRefused(f"{path} can't be written: {error}") from error
    finally:
        part.unlink(missing_ok=True)
