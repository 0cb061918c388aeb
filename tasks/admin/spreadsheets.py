"""CSV for a spreadsheet: streamed, and harmless there whatever a text begins with.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; commas; lines end
in CRLF, as RFC 4180 has it. The columns are named alike in every language.
"""

from __future__ import annotations

import csv
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from tasks.clock import today

#: How many rows are in memory at a time.
BATCH = 500
_MARK = "\ufeff"
#: With what a cell begins that a spreadsheet may take for a formula.
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

#: What each column shows of a row, by its name.
Columns = Mapping[str, Callable[[Any], Any]]
#: Reads the rows with these keys, in their order; what became invisible meanwhile is left out.
Reader = Callable[[Sequence[int]], Iterable[Any]]


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_response(
    rows: QuerySet[Any], columns: Columns, read: Reader, *, name: str
) -> StreamingHttpResponse:
    """The rows as a file to download, in their order.

    Their keys are read at once, 8 bytes each, so that no transaction is open while somebody
    downloads; the rows themselves ``BATCH`` at a time.
    """
    keys = array("q", rows.values_list("pk", flat=True).iterator(chunk_size=10_000))
    lines = _lines(keys, columns, read)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    file = f"{name}-{today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(keys: Sequence[int], columns: Columns, read: Reader) -> Iterator[str]:
    writer: Any = csv.writer(_Echo())
    yield _MARK + writer.writerow(columns)
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        for row in read(batch):
            yield writer.writerow([harmless(cell(row)) for cell in columns.values()])


def harmless(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before such text."""
    if isinstance(value, str) and value.startswith(FORMULAS):
        return f"'{value}"
    return value
