"""Random rules that RFC 5545 has, each with a start, a time of day and a zone; same each time."""

import datetime as dt
import random
from typing import NamedTuple

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
#: Zones and days around which each changes: by an hour, by half an hour, at midnight, by a day.
ZONES = {
    "America/New_York": ["2026-03-08", "2026-11-01"],
    "Europe/Berlin": ["2026-03-29", "2026-10-25"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "America/Sao_Paulo": ["2017-10-15", "2018-02-18", "2018-11-04"],
    "Pacific/Apia": ["2011-12-30", "2011-12-30", "2010-09-26"],
}
#: How many days of a rule are compared.
SPANS = {"DAILY": 150, "WEEKLY": 300, "MONTHLY": 900, "YEARLY": 2300}


class Case(NamedTuple):
    text: str
    start: dt.date
    end: dt.date
    at: dt.time
    zone: str


def cases(number, seed):
    chance = random.Random(seed)
    for _ in range(number):
        yield _case(chance)


def _case(chance):
    zone = chance.choice(list(ZONES))
    change = dt.date.fromisoformat(chance.choice(ZONES[zone]))
    start = change + dt.timedelta(days=chance.randint(-40, 2))
    if chance.random() < 0.6:
        start = dt.date(2001, 1, 1) + dt.timedelta(days=chance.randrange(34 * 365))
    if chance.random() < 0.15:  # around New Year, leap days, last days of months
        start = dt.date(start.year, *chance.choice([(1, 1), (12, 29), (12, 31), (1, 31), (1, 3)]))
    at = dt.time(chance.choice([0, 0, 1, 2, 2, 3, 9, 12, 23]), chance.choice([0, 15, 30, 59]))
    freq = chance.choice(list(SPANS))
    end = start + dt.timedelta(days=SPANS[freq])
    parts = _by_parts(chance, freq)
    if parts and chance.random() < 0.35:
        parts["BYSETPOS"] = _some(chance, _signed(chance, 1, 6), _signed(chance, 1, 40))
    if chance.random() < 0.4:
        parts["WKST"] = chance.choice(DAYS)
    if chance.random() < 0.5:
        parts["INTERVAL"] = str(chance.choice([1, 2, 2, 3, 4, 5, 7, 12, 13]))
    ending = chance.random()
    if ending < 0.3:
        parts["COUNT"] = str(chance.choice([1, 2, 3, 5, 10, 40]))
    elif ending < 0.7:
        parts["UNTIL"] = _until(chance, start, SPANS[freq], at)
    names = list(parts)
    chance.shuffle(names)
    text = ";".join([f"FREQ={freq}", *(f"{name}={parts[name]}" for name in names)])
    return Case(text, start, end, at, zone)


def _by_parts(chance, freq):
    parts = {}
    if chance.random() < 0.3:
        parts["BYMONTH"] = _some(chance, lambda: chance.randint(1, 12))
    if freq == "YEARLY" and chance.random() < 0.35:
        edges = lambda: chance.choice([1, 2, 51, 52, 53, -1, -2, -52, -53])  # noqa: E731 (drawn anew each time)
        parts["BYWEEKNO"] = _some(chance, edges, _signed(chance, 1, 53))
    if freq == "YEARLY" and chance.random() < 0.25:
        edges = lambda: chance.choice([1, 2, 60, 365, 366, -1, -366])  # noqa: E731 (drawn anew each time)
        many = chance.random() < 0.3
        parts["BYYEARDAY"] = (
            ",".join(map(str, range(1, 360, chance.randint(14, 30))))
            if many
            else _some(chance, edges, _signed(chance, 1, 366))
        )
    if freq != "WEEKLY" and chance.random() < 0.35:
        parts["BYMONTHDAY"] = _some(chance, _signed(chance, 1, 31), _signed(chance, 28, 31))
    if chance.random() < 0.55:
        numbered = 0 if freq in {"DAILY", "WEEKLY"} or "BYWEEKNO" in parts else 0.5
        most = 5 if freq == "MONTHLY" or "BYMONTH" in parts else 53
        parts["BYDAY"] = ",".join(
            ("" if chance.random() >= numbered else str(_signed(chance, 1, most)()))
            + chance.choice(DAYS)
            for _ in range(chance.randint(1, 5))
        )
    return parts


def _signed(chance, least, most):
    return lambda: chance.choice([1, 1, -1]) * chance.randint(least, most)


def _some(chance, *kinds):
    return ",".join(str(chance.choice(kinds)()) for _ in range(chance.choice([1, 1, 2, 3, 6])))


def _until(chance, start, span, at):
    day = start + dt.timedelta(days=chance.randint(-1, span))
    near = dt.datetime.combine(day, at) + dt.timedelta(minutes=chance.choice([-1, 0, 1, 500]))
    anyway = dt.datetime.combine(day, dt.time(chance.randrange(24), chance.randrange(60)))
    moment = chance.choice([near, anyway])
    return chance.choice([f"{day:%Y%m%d}", f"{moment:%Y%m%dT%H%M%S}", f"{moment:%Y%m%dT%H%M%SZ}"])
