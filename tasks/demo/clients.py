"""Whom the agency works for."""

from collections.abc import Iterator
from itertools import count, product

from tasks.demo.catalogue import words

_NAMES = (
    ("Harbour & Finch", "Architects for housing and schools. Decide quickly, pay slowly."),
    ("Bluebird Bakeries", "Fourteen branches and one web shop."),
    ("Northwind Cycles", "Cargo bikes, made to order. Everything starts in March."),
    ("Greenfield Dental", "Group practice with three locations."),
    ("Lantern Festival", "Ten days in September; nothing happens in October."),
    ("Osterman Logistics", "Family business in the third generation."),
    ("Papercut Press", "Independent publisher of picture books."),
    ("Riverside Housing Trust", "Non-profit; board meets on the first Tuesday of the month."),
    ("Solstice Yoga", ""),
    ("Tidewater Brewing", "Labels go through the federation first."),
    ("Vantage Analytics", "Start-up. The domain is still the old name."),
    ("Willow & Stone", "Landscape gardeners."),
)


def companies() -> Iterator[tuple[str, str]]:
    """Name and description of one company after the other, without end."""
    yield from _NAMES
    for number in count(1):
        suffix = "" if number == 1 else f" {number}"
        for second, first in product(words("company_second"), words("company_first")):
            yield f"{first} {second}{suffix}", ""
