"""What goes along with a row that is deleted."""

from __future__ import annotations

from typing import Any

from django.db.models.deletion import Collector


def cascade(collector: Collector, field: Any, sub_objs: Any, using: str) -> None:
    """``CASCADE`` for a foreign key that may be null, and never is on the way out.

    Where constraints can't wait for the commit, as on MariaDB, Django's own would first make the
    key null. The check that a row belongs to exactly one of two would refuse that.
    """
    collector.collect(
        sub_objs,
        source=field.remote_field.model,
        source_attr=field.name,
        nullable=False,
        fail_on_restricted=False,
    )


# Django need not read the rows first where it can delete them by what they belong to.
cascade.lazy_sub_objs = True  # type: ignore[attr-defined]  # how Django asks
