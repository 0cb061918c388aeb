"""What history says of the writes of a test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tasks.models import HistoryEntry

#: A verb, a kind of subject with its id and name, and the changes.
Told = tuple[str, str, int, str, dict[str, Any]]


@contextmanager
def told() -> Iterator[list[Told]]:
    """``with told() as news:`` afterwards ``news`` holds what was recorded meanwhile, in order."""
    last = HistoryEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    news: list[Told] = []
    yield news
    columns = ("verb", "subject_type", "subject_id", "subject_name", "changes")
    news += HistoryEntry.objects.filter(pk__gt=last).order_by("pk").values_list(*columns)
