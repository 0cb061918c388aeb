"""Checking and mending sums that the database keeps: see ``tasks.models.tallies.Tally``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db.models import Count, Sum

from tasks.database import atomic
from tasks.models.tallies import Tally

#: What a cell is, in the order of ``Tally.dimensions``.
Cell = tuple[Any, ...]


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
        tally._default_manager.bulk_create(
            tally(**_fields(tally, cell, values)) for cell, values in missing.items()
        )
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
    tally._default_manager.filter(pk__in=[row[0] for row in rows]).delete()
    sums = [sum(column) for column in list(zip(*rows, strict=True))[1:]]
    if any(sums):
        tally._default_manager.create(**_fields(tally, cell, sums))


def _fields(tally: type[Tally], cell: Cell, values: Iterable[int]) -> dict[str, Any]:
    return dict(zip((*tally.dimensions, *tally.amounts), (*cell, *values), strict=True))
