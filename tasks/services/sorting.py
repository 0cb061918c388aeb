"""Where a row goes among others that are sorted by hand."""

from collections.abc import Iterable, Sequence

from django.db import models

from tasks.services.tasks import POSITION_GAP


def moved(order: Iterable[int], pk: int, before: int | None) -> list[int]:
    """The ids with ``pk`` right before another, or for None at the end."""
    ordered = list(order)
    if pk == before:
        return ordered
    ordered.remove(pk)
    ordered.insert(len(ordered) if before is None else ordered.index(before), pk)
    return ordered


def put_in_order(rows: Sequence[models.Model]) -> None:
    """Give locked rows of one kind positions in this order, with room between them."""
    changed = []
    for place, row in enumerate(rows, start=1):
        if row.position != place * POSITION_GAP:  # type: ignore[attr-defined]  # of what is sorted
            row.position = place * POSITION_GAP  # type: ignore[attr-defined]  # as above
            changed.append(row)
    if changed:
        type(rows[0])._default_manager.bulk_update(changed, ["position"], batch_size=500)
