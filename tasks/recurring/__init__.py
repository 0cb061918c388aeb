"""Recurrence: rules by RFC 5545, the dates of a rule, and the moment of a date in a time zone.

A rule is about days: it has no time of day, and ``BYHOUR`` and finer parts are refused. An
occurrence is a local date, which no change of a clock moves.
"""

from tasks.recurring.expansion import LAST_DATE
from tasks.recurring.rules import DAYS, LONGEST, MOST, NthDay, Rule, parse_rule
from tasks.recurring.schedule import check_start, first_after, moments, open_from
from tasks.recurring.zones import moment_of, zone_called

__all__ = [
    "DAYS",
    "LAST_DATE",
    "LONGEST",
    "MOST",
    "NthDay",
    "Rule",
    "check_start",
    "first_after",
    "moment_of",
    "moments",
    "open_from",
    "parse_rule",
    "zone_called",
]
