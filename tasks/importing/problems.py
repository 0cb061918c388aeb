"""What may be wrong with a file, and with a row of it."""

from dataclasses import dataclass

from tasks.exceptions import Refused


class FileRefused(Refused):
    """The file, or the mapping, can't be read at all."""


class ChangedMeanwhile(Refused):
    """A row that was found right is wrong when it is to be written."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row, which begins in ``line`` (from 1), and in which column, if any."""

    line: int
    column: str | None
    message: str

    def __str__(self) -> str:
        where = f"line {self.line}"
        if self.column is not None:
            where = f'{where}, column "{self.column}"'
        return f"{where}: {self.message}"
