"""CSV for a spreadsheet: streamed, and without a text that it takes for a formula.

UTF-8 with a byte order mark, without which Excel takes it for another encoding; commas; lines end
in CRLF, as RFC 4180 has it. Every text is in quotes: LibreOffice also splits at semicolons and
tabs by default, and does not do so between quotes. The columns have the same names in every
language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse

from tasks.batches import keys_in_order
from tasks.clock import today
from tasks.formulas import guard

#: How many rows are in memory at a time.
BATCH = 500
_MARK = "\ufeff"

#: What each column shows of a row, by its name.
Columns = Mapping[str, Callable[[Any], Any]]
#: Reads the rows with these keys, in their order; what became invisible meanwhile is left out.
Reader = Callable[[Sequence[int]], Iterable[Any]]


def csv_response(
    rows: QuerySet[Any], columns: Columns, read: Reader, *, name: str
) -> StreamingHttpResponse:
    """The rows as a file to download, in their order.

    Their keys are read at once, 8 bytes each, so that no transaction is open while somebody
    downloads; the rows themselves ``BATCH`` at a time.
    """
    lines = _lines(keys_in_order(rows), columns, read)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    file = f"{name}-{today().isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{file}"'
    response["Cache-Control"] = "no-store"
    return response


def _lines(keys: Sequence[int], columns: Columns, read: Reader) -> Iterator[str]:
    yield f"{_MARK}{','.join(columns)}\r\n"
    values = list(columns.values())
    remaining = iter(keys)
    while batch := list(islice(remaining, BATCH)):
        for row in read(batch):
            yield ",".join([_cell(value(row)) for value in values]) + "\r\n"


def _cell(value: Any) -> str:
    """A text in quotes and guarded, a number or a date as it is, nothing for None."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    if not value:
        return value
    escaped = harmless(value).replace('"', '""')
    return f'"{escaped}"'


def harmless(value: Any) -> Any:
    """The value, with apostrophes in a text that a spreadsheet may take for a formula."""
    return guard(value) if isinstance(value, str) else value
