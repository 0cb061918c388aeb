"""10,000 random rules against RFC 5545 read day by day, in five zones whose clocks change."""

from itertools import takewhile

import pytest

from tasks.recurring import moment_of, parse_rule, zone_called
from tests.recurrence.brute_force import moment, read
from tests.recurrence.random_rules import cases


@pytest.mark.parametrize("seed", range(20))
def test_random_rule_has_the_dates_of_an_independent_reading(seed):
    rules_with_dates = 0
    for text, start, end, at, zone_name in cases(500, seed):
        zone = zone_called(zone_name)
        expected = read(text, start, end=end, at=at, zone=zone_name)
        rule = parse_rule(text)
        found = until(end, rule.days(start, at=at, zone=zone))
        case = f"{text} from {start}, {at} {zone_name}"
        assert found == expected, case
        assert parse_rule(str(rule)) == rule, case
        since = start + (end - start) / 3
        later = until(end, rule.days(start, since, at=at, zone=zone))
        assert later == [day for day in expected if day >= since], case
        for day in expected[:5]:
            assert moment_of(day, at, zone) == moment(day, at, zone_name), case
        rules_with_dates += bool(expected)
    assert rules_with_dates > 250


def until(end, days):
    return list(takewhile(lambda day: day <= end, days))
