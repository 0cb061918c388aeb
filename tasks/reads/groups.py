"""Putting rows of one query under those of another."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def grouped(pairs: Iterable[tuple[int, T]]) -> dict[int, list[T]]:
    """The values of pairs by their keys, in the order in which they come."""
    groups: dict[int, list[T]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return groups
