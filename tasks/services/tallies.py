"""Keeping, checking and mending sums: see ``tasks.models.tallies.Tally``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db.models import Count, Sum

from tasks.database import atomic
from tasks.models.tallies import Tally

#: One row in so many has its cell folded when it is added, so that a cell has few rows.
FOLD_EVERY = 32

#: What a cell is, in the order of ``Tally.dimensions``.
Cell = tuple[Any, ...]
#: Amounts by cell, in the order of ``Tally.amounts``.
Amounts = Mapping[Cell, tuple[int, ...]]


def add(tally: type[Tally], amounts: Amounts, *, fold: bool = False) -> None:
    """Add to the sums of these cells; call it in the transaction that changes what is counted.

    With ``fold`` the cells are folded in any case, so that of an empty one nothing is left.
    """
    rows = [
        tally(**dict(zip((*tally.dimensions, *tally.amounts), (*cell, *values), strict=True)))
        for cell, values in sorted(amounts.items())
        if any(values)
    ]
    tally._default_manager.bulk_create(rows)
    for row in rows:
        # Of two rows of one write, ids in a row, both fold or none: were it by the id itself, one
        # of them might never.
        if fold or row.pk // 2 % FOLD_EVERY == 0:
            _fold(tally, tuple(getattr(row, name) for name in tally.dimensions))


def differences(tally: type[Tally]) -> dict[Cell, tuple[int, ...]]:
    """What is missing (or, below 0, too much) in each cell whose sum is not what it should be.

    Everything is read by one statement, so writers that come in between make no difference.
    """
    width = len(tally.dimensions)
    summed = (
        tally._default_manager.order_by()
        .values_list(*tally.dimensions)
        .annotate(**{f"total_{name}": -Sum(name) for name in tally.amounts})
    )
    found: dict[Cell, tuple[int, ...]] = {}
    rows: Iterable[tuple[Any, ...]] = tally.counted().union(summed, all=True).order_by()
    for row in rows:
        cell, values = row[:width], row[width:]
        known = found.get(cell, (0,) * len(values))
        found[cell] = tuple(int(a) + int(b or 0) for a, b in zip(known, values, strict=True))
    return {cell: values for cell, values in found.items() if any(values)}


def mend(tally: type[Tally]) -> dict[Cell, tuple[int, ...]]:
    """Make every sum what it should be, while others go on writing; returns what was missing."""
    with atomic():
        missing = differences(tally)
        add(tally, missing)
        cells = tally._default_manager.order_by().values_list(*tally.dimensions)
        for row in cells.annotate(rows=Count("pk")).filter(rows__gt=1):
            _fold(tally, row[:-1])
    return missing


def every_tally() -> Iterator[type[Tally]]:
    """The tallies of all apps that are installed."""
    for model in apps.get_models():
        if issubclass(model, Tally):
            yield model


def _fold(tally: type[Tally], cell: Cell) -> None:
    """Put one row in place of a cell's many; whoever else does so is passed by, not waited for."""
    of_cell = tally._default_manager.filter(**dict(zip(tally.dimensions, cell, strict=True)))
    rows = list(of_cell.select_for_update(skip_locked=True).values_list("pk", *tally.amounts))
    if len(rows) < 2:  # noqa: PLR2004 (nothing to fold)
        return
    tally._default_manager.filter(pk__in=[row[0] for row in rows]).delete()
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    if any(sums):
        fields = dict(zip((*tally.dimensions, *tally.amounts), (*cell, *sums), strict=True))
        tally._default_manager.create(**fields)
